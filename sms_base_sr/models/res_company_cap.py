from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .sms_run import MESSAGE_CLASSES

LONGEST_DAYS = 366
CAP_FIELDS = [
    f"sms_cap_{name}{end}" for name, _label in MESSAGE_CLASSES for end in ("", "_days")
]


class ResCompany(models.Model):
    """How often one number may get a campaign's SMS: off until somebody sets it."""

    _inherit = "res.company"

    sms_cap_promotional = fields.Integer("Promotional SMS to one number")
    sms_cap_promotional_days = fields.Integer("Promotional: days", default=7)
    sms_cap_transactional = fields.Integer("Transactional SMS to one number")
    sms_cap_transactional_days = fields.Integer("Transactional: days", default=7)
    sms_cap_service = fields.Integer("Service SMS to one number")
    sms_cap_service_days = fields.Integer("Service: days", default=7)

    @api.constrains(*CAP_FIELDS)
    def _check_sms_caps(self):
        for company in self:
            for name, _label in MESSAGE_CLASSES:
                count = company[f"sms_cap_{name}"]
                days = company[f"sms_cap_{name}_days"]
                if count < 0 or not 0 < days <= LONGEST_DAYS:
                    raise ValidationError(
                        self.env._(
                            "How often one number is texted: enter a number of SMS "
                            "(0 for any) and 1 to %s days.",
                            LONGEST_DAYS,
                        )
                    )

    def _sms_cap(self, message_class):
        """Return (SMS, days) for a class of campaigns; None where there is no cap."""
        self.ensure_one()
        count = self[f"sms_cap_{message_class}"]
        return (count, self[f"sms_cap_{message_class}_days"]) if count > 0 else None
