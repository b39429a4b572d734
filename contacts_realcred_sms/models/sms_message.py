from odoo import api, fields, models


class SmsMessage(models.Model):
    """Which campaign a message belongs to, and the contacts' numbers for replies."""

    _inherit = "sms.message"

    campaign_id = fields.Many2one(
        "contacts.realcred.campaign",
        "Campaign",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model
    def _find_partner_by_phone(self, phone, company=None):
        """Look at the numbers of the campaigns' contacts too."""
        partner = super()._find_partner_by_phone(phone, company)
        number = self._normalize_phone(phone, company)
        if partner or not number:
            return partner
        contact = self.env["contacts.realcred.batch"].search(
            [
                ("cpf_id", "!=", False),
                "|",
                ("sms_phone", "=", number),
                ("sms_whatsapp", "=", number),
            ],
            order="id desc",
            limit=1,
        )
        return contact.cpf_id
