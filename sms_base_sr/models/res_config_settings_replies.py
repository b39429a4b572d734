from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings › SMS: replies and opt-outs, per company."""

    _inherit = "res.config.settings"

    sms_confirm_opt_out = fields.Boolean(
        related="company_id.sms_confirm_opt_out", readonly=False
    )
    sms_opt_out_text = fields.Char(
        related="company_id.sms_opt_out_text", readonly=False
    )
