from odoo import fields, models
from odoo.fields import Domain

from ..tools.planning import Recipient

VALUES = ("name", "ref", "city", "email", "vat")


class SmsApiCampaign(models.Model):
    """A campaign to the contacts of a domain, made by another program.

    The engine makes it for :meth:`sms.api.start_campaign`; nobody else writes it. Its
    domain is read with the rights of the user who called: a program reaches nobody
    whom its user may not see.
    """

    _name = "sms.api.campaign"
    _inherit = ["sms.campaign.mixin"]
    _description = "SMS interface: campaign"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    domain = fields.Json(readonly=True)
    message_class = fields.Char(required=True, readonly=True)
    common_values = fields.Json("Values", readonly=True)

    def _contacts(self):
        """The contacts as the caller sees them, in the campaign's company."""
        self.ensure_one()
        contacts = self.env["res.partner"].with_user(self.create_uid)
        # Of a job's or a caller's context nothing may widen what he sees.
        return contacts.with_context(allowed_company_ids=self.company_id.ids)

    def _audience(self, *more):
        domain = Domain(self.domain)
        company = Domain("company_id", "in", [False, self.company_id.id])
        return domain & company & Domain.AND(more)

    def _sms_audience_page(self, after_id, limit):
        if not self.domain:
            # Erased with somebody who stood in it: nobody is not everybody.
            return []
        page = self._audience(Domain("id", ">", after_id))
        contacts = self._contacts().search(page, order="id", limit=limit)
        return [
            Recipient(
                source_id=contact.id,
                raw_phone=contact.phone or None,
                phone=contact.phone_sanitized,
                values=self._values_of(contact),
                partner_id=contact.id,
                user_id=contact.user_id.id or None,
            )
            for contact in contacts
        ]

    def _values_of(self, contact):
        found = {name: contact[name] or None for name in VALUES}
        return {"name": found["name"], "partner": found, "object": found}

    def _sms_variable_names(self):
        names = {f"{owner}.{n}" for owner in ("partner", "object") for n in VALUES}
        return super()._sms_variable_names() | names | {"name"} | self._common_names()

    def _common_names(self):
        return set(self.common_values or {})

    def _sms_common_values(self):
        return {**(self.common_values or {}), **super()._sms_common_values()}

    def _sms_company(self):
        return self.company_id

    def _sms_salesperson(self):
        return self.create_uid

    def _sms_message_class(self):
        return self.message_class
