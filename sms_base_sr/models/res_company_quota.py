from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """How many SMS one person may send by hand within an hour; 0 for any number."""

    _inherit = "res.company"

    sms_hourly_single = fields.Integer(
        "SMS by hand, per person and hour",
        default=300,
        help="Single SMS and answers that one person sends within an hour. 0: any.",
    )
    sms_hourly_test = fields.Integer(
        "Tests, per person and hour",
        default=30,
        help="Test SMS that one person sends within an hour. 0: any.",
    )

    @api.constrains("sms_hourly_single", "sms_hourly_test")
    def _check_sms_hourly(self):
        for company in self:
            if min(company.sms_hourly_single, company.sms_hourly_test) < 0:
                raise ValidationError(
                    self.env._("SMS per person and hour: enter 0 (any) or more.")
                )
