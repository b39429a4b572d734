from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings › SMS: the tax number in texts."""

    _inherit = "res.config.settings"

    sms_cpf_whole = fields.Boolean(related="company_id.sms_cpf_whole", readonly=False)
