from odoo import fields, models


class SmsAssignContact(models.TransientModel):
    """The dialog that asks who a number belongs to; whoever may answer uses it."""

    _name = "sms.assign.contact"
    _description = "Assign a contact to an SMS"

    message_id = fields.Many2one("sms.message", required=True, ondelete="cascade")
    phone = fields.Char(related="message_id.phone")
    body = fields.Text("Text", related="message_id.body")
    company_id = fields.Many2one(related="message_id.company_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        required=True,
        domain="[('company_id', 'in', (company_id, False))]",
    )
    store_phone = fields.Boolean(
        "Enter the number in the contact",
        default=True,
        help="Where the contact has no number yet.",
    )

    def action_assign(self):
        """Assign, and say where the messages are now."""
        self.ensure_one()
        partner = self.partner_id
        if self.store_phone and self._may_store_phone():
            partner.phone = self.phone
        messages = self.message_id._assign_contact(partner)
        text = self.env._(
            "%(count)s SMS now stand with %(contact)s.",
            count=len(messages),
            contact=partner.display_name,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": text,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _may_store_phone(self):
        """Who may not write contacts can say who wrote all the same."""
        partner = self.partner_id
        is_number = self.message_id._normalize_phone(self.phone, self.company_id)
        return is_number and not partner.phone and partner.has_access("write")
