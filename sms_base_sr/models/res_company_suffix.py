from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """The words by which each promotional SMS says how to opt out."""

    _inherit = "res.company"

    sms_suffix = fields.Char(
        "Ending of promotional SMS",
        help="For example “Para sair, responda SAIR.” Appended to the texts of "
        "promotional campaigns that do not hold it already; it counts and is paid "
        "like the rest of the text.",
    )

    @api.constrains("sms_suffix")
    def _check_sms_suffix(self):
        for company in self:
            if any(sign in (company.sms_suffix or "") for sign in "{}|"):
                raise ValidationError(
                    self.env._(
                        "Ending of promotional SMS: it cannot hold variables "
                        "(no { } or |)."
                    )
                )

    def _sms_suffix(self, message_class):
        """What is appended to a campaign's text of this class; often nothing."""
        self.ensure_one()
        if message_class != "promotional":
            return ""
        return (self.sms_suffix or "").strip()

    def _sms_with_suffix(self, text, message_class):
        """A campaign's text with what the company appends to it: as it is billed."""
        suffix = self._sms_suffix(message_class)
        if not suffix or suffix in text:
            return text
        return f"{text.rstrip()} {suffix}"
