from odoo import api, models

from .acrux_chat_message_status import STATUS_EVENT


class AcruxChatConversation(models.Model):
    """What an agent sends in a conversation by SMS, and what is told of it later."""

    _inherit = "acrux.chat.conversation"

    def split_complex_message(self, msg_data):
        if self.connector_id._is_sms():
            msg_data = self._sms_product_as_text(msg_data)
            self.connector_id._sms_refuse_content(msg_data)
        return super().split_complex_message(msg_data=msg_data)

    def _sms_product_as_text(self, msg_data):
        """A product is sent as its description; a picture with a caption is not.

        The picture would be missing without a word; of a product the text says it all.
        """
        if not (msg_data.get("is_product") or msg_data.get("ttype") == "product"):
            return msg_data
        text = msg_data.get("text")
        model, record_id = msg_data.get("res_model"), msg_data.get("res_id")
        if not text and record_id and str(model).startswith("product."):
            text = self.env[model].browse(record_id).display_name
        return {
            **msg_data,
            "ttype": "text",
            "text": text,
            "res_model": False,
            "res_id": False,
        }

    @api.model
    def new_webhook_event(self, connector_id, event):
        """Our own event, beside those that the app knows."""
        if connector_id._is_sms() and event.get("type") == STATUS_EVENT:
            return self.new_message_event(connector_id, event["msgid"], event)
        return super().new_webhook_event(connector_id=connector_id, event=event)
