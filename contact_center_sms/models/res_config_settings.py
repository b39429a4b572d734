from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings › SMS: the ChatRoom, per company."""

    _inherit = "res.config.settings"

    sms_chatroom_history = fields.Selection(
        related="company_id.sms_chatroom_history", readonly=False
    )
    sms_chatroom_history_count = fields.Integer(
        related="company_id.sms_chatroom_history_count", readonly=False
    )
