from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .sms_native_api import SmsApiNative


class ResCompany(models.Model):
    """Which of a company's SMS leave by one of our providers: ours, or all of Odoo."""

    _inherit = "res.company"

    sms_native_provider_id = fields.Many2one(
        "sms.provider",
        "Provider of all SMS",
        ondelete="set null",
        help="Every SMS that Odoo writes (contacts, SMS Marketing, reminders, "
        "automations) leaves by this provider. Empty: Odoo's own way, as it is set "
        "up elsewhere.",
    )

    @api.constrains("sms_native_provider_id")
    def _check_sms_native_provider(self):
        for company in self:
            provider = company.sms_native_provider_id
            if provider and provider.company_id != company:
                raise ValidationError(
                    self.env._(
                        "Provider of all SMS: “%(provider)s” is not of %(company)s.",
                        provider=provider.name,
                        company=company.name,
                    )
                )

    def _sms_native_provider(self):
        """The account by which all SMS leave; empty where core sends them.

        Archived, it keeps them: its batches wait, or another account takes over.
        """
        # sudo: whoever writes an SMS need not know the accounts.
        return self.sudo().sms_native_provider_id

    def _sms_native_api(self):
        """What core's sending calls instead of a gateway."""
        self.ensure_one()
        api = SmsApiNative(self.env)
        api._set_company(self)
        return api

    def _get_sms_api_class(self):
        """Extends core: empty leaves the choice to IAP, Twilio, or whoever else."""
        if self._sms_native_provider():
            return SmsApiNative
        return super()._get_sms_api_class()
