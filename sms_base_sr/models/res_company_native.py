from odoo import fields, models


class ResCompany(models.Model):
    """Which of our providers takes the SMS that Odoo itself sends."""

    _inherit = "res.company"

    sms_native_provider_id = fields.Many2one(
        "sms.provider",
        "Provider of Odoo's own SMS",
        check_company=True,
        help="Empty: Odoo sends them as it always does.",
    )
