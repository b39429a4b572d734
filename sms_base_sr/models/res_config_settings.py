from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings › SMS, per company."""

    _inherit = "res.config.settings"

    sms_default_user_id = fields.Many2one(
        related="company_id.sms_default_user_id", readonly=False
    )
    sms_chatter_mode = fields.Selection(
        related="company_id.sms_chatter_mode", readonly=False
    )
    sms_window_start = fields.Float(
        related="company_id.sms_window_start", readonly=False
    )
    sms_window_end = fields.Float(related="company_id.sms_window_end", readonly=False)
    sms_watch_minutes = fields.Integer(
        "Tell when a job waits longer than (min)",
        config_parameter="sms_base_sr.watch_minutes",
        default=10,
    )
