from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings › SMS: how promotional SMS end."""

    _inherit = "res.config.settings"

    sms_suffix = fields.Char(related="company_id.sms_suffix", readonly=False)
