from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Gateways tell the replies of a week again: deleted before, they would come twice.
SHORTEST = 30


class ResCompany(models.Model):
    """How long a company keeps what its gateways said word by word."""

    _inherit = "res.company"

    sms_event_days = fields.Integer(
        "Keep gateway events (days)",
        default=180,
        help="Events and their raw bodies are deleted after so many days; messages "
        "keep their state, dates and reason. 0 keeps them for ever.",
    )

    @api.constrains("sms_event_days")
    def _check_sms_event_days(self):
        for company in self:
            if company.sms_event_days and company.sms_event_days < SHORTEST:
                raise ValidationError(
                    self.env._(
                        "Keep gateway events: enter 0, or at least %s days; gateways "
                        "repeat what they said for a week.",
                        SHORTEST,
                    )
                )


class ResConfigSettings(models.TransientModel):
    """Settings › SMS › Gateway events."""

    _inherit = "res.config.settings"

    sms_event_days = fields.Integer(related="company_id.sms_event_days", readonly=False)
