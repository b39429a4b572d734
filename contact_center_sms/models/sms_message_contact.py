from odoo import models


class SmsMessage(models.Model):
    """Who a person says that writes from a number is so in the ChatRoom too."""

    _inherit = "sms.message"

    def _assign_contact(self, partner):
        messages = super()._assign_contact(partner)
        lines = (
            self.env["acrux.chat.message"]
            .sudo()
            .search([("sms_message_id", "in", messages.ids)])
        )
        # sudo: one number is one customer, also where a colleague attends.
        strangers = lines.contact_id.filtered(lambda talk: not talk.res_partner_id)
        strangers.write({"res_partner_id": partner.id, "name": partner.name})
        return messages
