from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings › SMS: the address of short links."""

    _inherit = "res.config.settings"

    sms_link_host = fields.Char(related="company_id.sms_link_host", readonly=False)
