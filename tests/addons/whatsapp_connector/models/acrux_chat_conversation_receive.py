from datetime import datetime

from odoo import api, fields, models

MEDIA_TYPES = ("image", "audio", "video", "file", "sticker")


class AcruxChatConversation(models.Model):
    """The single inbound seam: ``new_message``, its parser and later events."""

    _inherit = "acrux.chat.conversation"

    @api.model
    def _get_message_allowed_types(self):
        return list(MEDIA_TYPES + ("text", "location", "contact", "url"))

    @api.model
    def parse_message_receive(self, connector_id, message):
        """Turn the webhook's dict into what ``new_message`` requires.

        The number is taken as it comes; an unknown type becomes a text.
        """
        ttype = message.get("type")
        if ttype not in self._get_message_allowed_types():
            ttype = "text"
        time = message.get("time")
        data = {
            "ttype": ttype,
            "connector_id": connector_id.id,
            "name": message.get("name") or message.get("number"),
            "number": message.get("number"),
            "message": message.get("txt") or "",
            "msgid": message.get("id") or False,
            "time": datetime.fromtimestamp(int(time))
            if time
            else fields.Datetime.now(),
            "conv_type": "normal",
            "quote_msg_id": message.get("quote_msg_id"),
            "filename": message.get("filename") or "",
            "url": message.get("url") or "",
        }
        if message.get("metadata"):
            data["metadata"] = message["metadata"]
        return data

    @api.model
    def parse_event_receive(self, connector_id, event):
        return event

    @api.model
    def parse_contact_receive(self, connector_id, data):
        return data

    @api.model
    def contact_update(self, connector_id, data):
        """Name and picture pushed by the vendor's webhook."""
        conversation = self.search(
            [
                ("connector_id", "=", connector_id.id),
                ("number", "=", connector_id.clean_id(data.get("number"))),
            ],
            limit=1,
        )
        if conversation and data.get("name"):
            conversation.name = data["name"]
        return conversation

    @api.model
    def new_message(self, data):
        """Store an incoming message; not idempotent. Return the message."""
        connector = self.env["acrux.chat.connector"].browse(data["connector_id"])
        connector.assert_id(data["number"])
        conversation = self.create_conversation_from_message_dict(data)
        messages = self.env["acrux.chat.message"]
        quoted = messages.browse()
        if data["quote_msg_id"]:
            quoted = messages.search(
                [
                    ("contact_id", "=", conversation.id),
                    ("msgid", "=", data["quote_msg_id"]),
                ],
                limit=1,
            )
        message = messages.create(
            {
                "contact_id": conversation.id,
                "text": data["message"],
                "ttype": data["ttype"],
                "msgid": data["msgid"],
                "date_message": data["time"],
                "from_me": data.get("from_me", False),
                "quote_id": quoted.id,
            }
        )
        message.post_create_from_json(data)
        limit = conversation.decide_first_status()
        limit, send_bus = conversation.new_message_hook(message, limit, data)
        if send_bus:
            conversation._sendone(
                conversation.get_channel_to_many(),
                "new_messages",
                conversation.build_dict(limit),
            )
        return message

    def new_message_hook(self, message_id, limit, data):
        """Hook: return how many messages to push, and whether to push."""
        return limit, True

    @api.model
    def new_webhook_event(self, connector_id, event):
        ttype = event.get("type")
        if ttype in ("failed", "deleted"):
            self.new_message_event(connector_id, event["msgid"], event)
        elif ttype == "phone-status":
            connector_id.ca_status_change(event.get("status"))

    @api.model
    def new_message_event(self, connector_id, msgid, data):
        message = self.env["acrux.chat.message"].search(
            [("connector_id", "=", connector_id.id), ("msgid", "=", msgid)], limit=1
        )
        if not message:
            return
        message.process_message_event(data)
        if message.mute_notify:
            return
        conversation = message.contact_id
        payload = conversation.build_dict(0)
        payload[0]["messages"] = message.get_js_dict()
        failed = data.get("type") == "failed"
        conversation._sendone(
            conversation.get_channel_to_many(),
            "error_messages" if failed else "update_conversation",
            payload,
        )
