from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings › SMS: who must approve, and how much a person may send by hand."""

    _inherit = "res.config.settings"

    sms_currency_id = fields.Many2one(related="company_id.currency_id")
    sms_approval_count = fields.Integer(
        related="company_id.sms_approval_count", readonly=False
    )
    sms_approval_cost = fields.Monetary(
        related="company_id.sms_approval_cost",
        readonly=False,
        currency_field="sms_currency_id",
    )
    sms_hourly_single = fields.Integer(
        related="company_id.sms_hourly_single", readonly=False
    )
    sms_hourly_test = fields.Integer(
        related="company_id.sms_hourly_test", readonly=False
    )
