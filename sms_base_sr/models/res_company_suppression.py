from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .sms_consent import PURPOSES

LONGEST_DAYS = 3660


class ResCompany(models.Model):
    """Whom a company does not text: registers, what gateways know, and consent."""

    _inherit = "res.company"

    sms_do_not_disturb = fields.Selection(
        [("promotional", "Promotional SMS"), ("all", "All campaigns")],
        "Do-not-disturb lists hold for",
        default="promotional",
        required=True,
    )
    sms_gateway_block_days = fields.Integer(
        "Days of gateway refusals",
        default=180,
        help="So long a number that the gateway refused as blacklisted or as not to be "
        "disturbed is left out of campaigns. 0: they try it each time.",
    )
    sms_consent_promotional = fields.Selection(
        PURPOSES, "Promotional SMS only with consent for"
    )
    sms_consent_transactional = fields.Selection(
        PURPOSES, "Transactional SMS only with consent for"
    )
    sms_consent_service = fields.Selection(
        PURPOSES, "Service SMS only with consent for"
    )

    @api.constrains("sms_gateway_block_days")
    def _check_sms_gateway_block_days(self):
        for company in self:
            if not 0 <= company.sms_gateway_block_days <= LONGEST_DAYS:
                raise ValidationError(
                    self.env._(
                        "Days of gateway refusals: enter 0 to %s days.", LONGEST_DAYS
                    )
                )

    def _sms_consent_purpose(self, message_class):
        """The purpose that campaigns of a class need a consent for; False for none."""
        self.ensure_one()
        return self[f"sms_consent_{message_class}"]
