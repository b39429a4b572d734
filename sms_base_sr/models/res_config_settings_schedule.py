from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings › SMS: when campaigns leave and how often, per company."""

    _inherit = "res.config.settings"

    sms_sending_window_id = fields.Many2one(
        related="company_id.sms_sending_window_id", readonly=False
    )
    sms_sending_window_summary = fields.Char(
        related="company_id.sms_sending_window_id.summary", string="Hours of the window"
    )
    sms_holidays = fields.Selection(related="company_id.sms_holidays", readonly=False)
    sms_cap_promotional = fields.Integer(
        related="company_id.sms_cap_promotional", readonly=False
    )
    sms_cap_promotional_days = fields.Integer(
        related="company_id.sms_cap_promotional_days", readonly=False
    )
    sms_cap_transactional = fields.Integer(
        related="company_id.sms_cap_transactional", readonly=False
    )
    sms_cap_transactional_days = fields.Integer(
        related="company_id.sms_cap_transactional_days", readonly=False
    )
    sms_cap_service = fields.Integer(
        related="company_id.sms_cap_service", readonly=False
    )
    sms_cap_service_days = fields.Integer(
        related="company_id.sms_cap_service_days", readonly=False
    )
