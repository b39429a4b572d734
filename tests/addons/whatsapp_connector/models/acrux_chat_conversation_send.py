import logging

from odoo import fields, models
from odoo.exceptions import ValidationError

from .acrux_chat_connector import VENDOR_TYPES

_logger = logging.getLogger(__name__)


class AcruxChatConversation(models.Model):
    """What leaves a conversation, always through ``message.message_send``."""

    _inherit = "acrux.chat.conversation"

    def send_message(self, msg_data, check_access=True):
        """Create and send one message; return it as a list with one dict."""
        self.ensure_one()
        if check_access:
            self._check_may_send()
        msg_data = self.split_complex_message(dict(msg_data))
        # The browser names an unsent message by a negative id and waits for it.
        js_id = msg_data.pop("id", None)
        message = self.env["acrux.chat.message"].create(
            dict(msg_data, contact_id=self.id)
        )
        message.message_send()
        self.update_conversation_bus()
        result = message.get_js_dict()
        if js_id and js_id < 0:
            result[0]["js_id"] = js_id
        return result

    def _check_may_send(self):
        if self.status != "current":
            raise ValidationError(
                self.env._("You must attend the conversation before you write.")
            )
        if self.agent_id != self.env.user and not self._is_chatroom_admin():
            raise ValidationError(
                self.env._("%s is attending this conversation.", self.agent_id.name)
            )

    def split_complex_message(self, msg_data):
        """Hook: return the values of the message to send."""
        return msg_data

    def send_message_bus_release(self, msg_data, back_status, check_access=True):
        """Send, then put the conversation back in ``back_status``."""
        self.ensure_one()
        result = self.send_message(msg_data, check_access=check_access)
        if back_status == "new":
            self.set_to_new()
        elif back_status == "current":
            self.set_to_current()
        elif back_status == "done":
            self.set_to_done()
        self.update_conversation_bus()
        return result

    def conversation_send_read(self):
        """An agent looks at the chat: tell the vendor, and only the vendor."""
        for conversation in self.filtered(lambda c: c.connector_type in VENDOR_TYPES):
            unread = self.env["acrux.chat.message"].search(
                [
                    ("contact_id", "=", conversation.id),
                    ("from_me", "=", False),
                    ("read_date", "=", False),
                ]
            )
            if unread:
                unread.read_date = fields.Datetime.now()
                conversation.mark_conversation_read({"phone": conversation.number})

    def mark_conversation_read(self, data, timeout=5):
        self.ensure_one()
        try:
            self.connector_id.ca_request(
                "msg_set_read", data, timeout=timeout, ignore_exception=True
            )
        except Exception:
            _logger.exception("conversation %s: read mark not sent", self.id)

    def update_conversation(self):
        """Fetch the remote name; nothing at all for types of other addons."""
        for conversation in self.filtered(
            lambda c: c.connector_type in VENDOR_TYPES and c.connector_type != "not_set"
        ):
            conversation._update_conversation(
                {"chatId": conversation.get_chat_id()}, timeout=20
            )

    def _update_conversation(self, params, timeout):
        self.ensure_one()
        try:
            contact = self.connector_id.ca_request(
                "contact_get", params=params, timeout=timeout
            )
            if contact.get("name"):
                self.name = contact["name"]
        except Exception:
            _logger.exception("conversation %s: contact not read", self.id)

    def get_chat_id(self):
        self.ensure_one()
        return self.number

    def refresh_api_data(self):
        self.update_conversation()
