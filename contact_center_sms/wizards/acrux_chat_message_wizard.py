from odoo import models


class AcruxChatMessageWizard(models.TransientModel):
    """The app's *Send ChatRoom Message*: a new conversation may be one by SMS."""

    _inherit = "acrux.chat.message.wizard"

    def create_or_find_conversation(self):
        self.ensure_one()
        wants_new = self.new_number or not self.conversation_id
        if wants_new and self.connector_id._is_sms():
            return self._sms_conversation()
        return super().create_or_find_conversation()

    def _sms_conversation(self):
        """The conversation with the number, made where there is none."""
        connector = self.connector_id
        conversations = self.env["acrux.chat.conversation"]
        domain = [
            ("number", "=", connector.clean_id(self.number)),
            ("connector_id", "=", connector.id),
        ]
        found = conversations.search(domain, limit=1)
        return found or conversations.conversation_create(
            self.partner_id, connector.id, self.number
        )
