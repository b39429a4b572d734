from odoo import api, fields, models
from odoo.exceptions import UserError


class ContactsRealcredBatch(models.Model):
    """One contact of a campaign: its numbers, normalised when they are written."""

    _inherit = "contacts.realcred.batch"

    sms_phone = fields.Char(
        "Phone (E.164)",
        compute="_compute_sms_phones",
        store=True,
        index="btree_not_null",
    )
    sms_whatsapp = fields.Char(
        "WhatsApp (E.164)",
        compute="_compute_sms_phones",
        store=True,
        index="btree_not_null",
    )

    # Pages of an audience, and counting those who came after a plan.
    _sms_keyset = models.Index("(campaing_id, id)")

    @api.depends("telefone1", "whatsapp1", "campaing_id.company_id")
    def _compute_sms_phones(self):
        normalize = self.env["sms.message"]._normalize_phone
        for contact in self:
            company = contact.campaing_id.company_id
            contact.sms_phone = normalize(contact.telefone1, company)
            contact.sms_whatsapp = normalize(contact.whatsapp1, company)

    @api.model
    def _phone_get_number_fields(self):
        return [*super()._phone_get_number_fields(), "telefone1"]

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["cpf_id"]

    def send_sms(self):
        """Send the campaign's text to these contacts alone, one SMS each."""
        messages = self.env["sms.message"]
        for contact in self:
            messages |= contact._new_sms()
        messages.action_send()
        return messages

    def _new_sms(self):
        self.ensure_one()
        campaign = self.campaing_id
        if not campaign:
            raise UserError(
                self.env._("Campaign: choose the campaign of %s first.", self.name)
            )
        if self.falecido or not self.updated_limit or not self.telefone1:
            raise UserError(
                self.env._(
                    "%s cannot be texted: a phone number and an updated limit are "
                    "needed, and the contact must not be deceased.",
                    self.name,
                )
            )
        message = self.env["sms.message"].create(
            {
                "partner_id": self.cpf_id.id,
                "phone": self.telefone1,
                "body": campaign._render_message(self),
                "company_id": campaign.company_id.id,
                "provider_id": campaign.sms_provider_id.id,
                "message_class": campaign.sms_message_class,
            }
        )
        # sudo: what a message was made for is the engine's to say.
        message.sudo().write({"source_id": self.id, "campaign_id": campaign.id})
        return message
