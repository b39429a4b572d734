from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings › SMS: who is not texted, per company."""

    _inherit = "res.config.settings"

    sms_do_not_disturb = fields.Selection(
        related="company_id.sms_do_not_disturb", readonly=False
    )
    sms_gateway_block_days = fields.Integer(
        related="company_id.sms_gateway_block_days", readonly=False
    )
    sms_consent_promotional = fields.Selection(
        related="company_id.sms_consent_promotional", readonly=False
    )
    sms_consent_transactional = fields.Selection(
        related="company_id.sms_consent_transactional", readonly=False
    )
    sms_consent_service = fields.Selection(
        related="company_id.sms_consent_service", readonly=False
    )
