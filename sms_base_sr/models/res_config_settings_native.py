from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings › SMS: by which provider all SMS of Odoo leave."""

    _inherit = "res.config.settings"

    sms_native_provider_id = fields.Many2one(
        related="company_id.sms_native_provider_id", readonly=False
    )
