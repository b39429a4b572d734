from odoo import fields, models


class AcruxChatMessage(models.Model):
    """A line of a conversation, linked to the SMS that it shows."""

    _inherit = "acrux.chat.message"

    # The app looks messages up by msgid and has no index on it.
    msgid = fields.Char(index=True)
    sms_message_id = fields.Many2one(
        "sms.message", "SMS", index="btree_not_null", ondelete="set null"
    )
