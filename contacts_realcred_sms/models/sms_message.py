from odoo import api, fields, models


class SmsMessage(models.Model):
    """Which campaign a message belongs to, and the contacts' numbers for replies."""

    _inherit = "sms.message"

    campaign_id = fields.Many2one(
        "contacts.realcred.campaign",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    contact_id = fields.Many2one(
        "contacts.realcred.batch",
        "Campaign contact",
        compute="_compute_contact_id",
        help="The line of the campaign's list that this SMS was made for.",
    )

    def _engine_fields(self):
        """With ``source_id`` it says whose name is shown: not for people to choose."""
        return super()._engine_fields() | {"campaign_id"}

    @api.depends("source_id", "campaign_id")
    def _compute_contact_id(self):
        contacts = self.env["contacts.realcred.batch"]
        ours = self.filtered("campaign_id")
        existing = contacts.browse(ours.mapped("source_id")).exists()
        for message in self:
            contact = contacts.browse(message.source_id)
            message.contact_id = contact & existing if message in ours else False

    @api.depends("contact_id")
    def _compute_recipient_name(self):
        """A contact without partner has its name in the campaign's list."""
        result = super()._compute_recipient_name()
        for message in self.filtered(lambda m: not m.recipient_name):
            # sudo: the name alone, to whoever may read the message.
            message.recipient_name = message.sudo().contact_id.name
        return result

    @api.model
    def _find_partner_by_phone(self, phone, company=None):
        """Look at the numbers of the campaigns' contacts too."""
        partner = super()._find_partner_by_phone(phone, company)
        number = self._normalize_phone(phone, company)
        if partner or not number:
            return partner
        domain = [
            ("cpf_id", "!=", False),
            "|",
            ("sms_phone", "=", number),
            ("sms_whatsapp", "=", number),
        ]
        if company:
            domain.append(("cpf_id.company_id", "in", (company.id, False)))
        contact = self.env["contacts.realcred.batch"].search(
            domain, order="id desc", limit=1
        )
        return contact.cpf_id
