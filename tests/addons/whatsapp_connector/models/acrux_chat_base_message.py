from odoo import fields, models


class AcruxChatBaseMessage(models.AbstractModel):
    """Content shared by a message and by a ready answer."""

    _name = "acrux.chat.base.message"
    _description = "ChatRoom Message Content"

    active = fields.Boolean(default=True)
    text = fields.Text(string="Message")
    ttype = fields.Selection(
        selection=[
            ("text", "Text"),
            ("image", "Image"),
            ("audio", "Audio"),
            ("video", "Video"),
            ("file", "File"),
            ("location", "Location"),
            ("info", "Info"),
            ("contact", "Contact"),
            ("sticker", "Sticker"),
            ("url", "URL"),
            ("info_comment", "Comment"),
            ("info_hidden", "Hidden Info"),
        ],
        string="Type",
        required=True,
        default="text",
    )
    res_model = fields.Char(string="Model")
    res_id = fields.Integer(string="Record")
