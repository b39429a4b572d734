from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import ValidationError

MAX_LENGTH = 4000


class AcruxChatMessage(models.Model):
    """The way out: check, sign, parse, request, and only then a ``msgid``."""

    _inherit = "acrux.chat.message"

    def message_send(self):
        self.ensure_one()
        if self.ttype.startswith("info"):
            return False
        self.message_check_allow_send()
        self.sign()
        data = self.message_parse()
        result = self.contact_id.connector_id.ca_request(self.get_request_path(), data)
        msgid = result.get("msg_id")
        if not msgid:
            raise ValidationError(self.env._("Server error."))
        self.write({"msgid": msgid, "sent_date": fields.Datetime.now()})
        return msgid

    def get_request_path(self):
        return "send"

    def message_check_allow_send(self):
        self.ensure_one()
        if self.text and len(self.text) >= MAX_LENGTH:
            raise ValidationError(
                self.env._("The message is too long (%s characters).", len(self.text))
            )
        connector = self.contact_id.connector_id
        if not connector.ca_status:
            raise ValidationError(
                self.env._("The connector %s is not connected.", connector.name)
            )
        if (
            connector.connector_type == "gupshup"
            or connector.is_facebook_or_instagram()
        ):
            self.message_check_time()

    def message_check_time(self, raise_on_error=True):
        """The customer must have written within the connector's hours."""
        self.ensure_one()
        hours = self.connector_id.time_to_respond
        last = self.contact_id.last_received
        limit = fields.Datetime.now() - timedelta(hours=hours)
        allowed = not hours or bool(last and last >= limit)
        if not allowed and raise_on_error:
            raise ValidationError(
                self.env._("The time to respond to this conversation is over.")
            )
        return allowed

    def sign(self):
        self.ensure_one()
        user = self.user_id
        if (
            self.contact_id.connector_id.allow_signing
            and user.chatroom_signing_active
            and user.chatroom_signing
            and self.text
            and not self.is_signed
        ):
            self.write(
                {"text": f"{user.chatroom_signing}\n{self.text}", "is_signed": True}
            )

    def message_parse(self):
        """The dict that ``ca_request`` sends."""
        self.ensure_one()
        if self.ttype == "text":
            values = self.ca_ttype_text()
        elif self.ttype == "audio":
            values = self.ca_ttype_audio()
        elif self.ttype in ("image", "video", "file", "sticker"):
            values = self.ca_ttype_file()
        else:
            raise NotImplementedError(f"no outgoing format for {self.ttype!r}")
        values.update(
            to=self.contact_id.number,
            id=str(self.id),
            chat_type=self.contact_id.conv_type,
            quote_msg_id=self.quote_id.msgid or None,
        )
        return values

    def ca_ttype_text(self):
        return {"type": "text", "text": self.text}

    def ca_ttype_audio(self):
        return {"type": "audio", "url": self.get_url_attach(self.res_id)}

    def ca_ttype_file(self):
        attachment = self.env["ir.attachment"].browse(self.res_id)
        return {
            "type": self.ttype,
            "text": self.text or "",
            "filename": attachment.name,
            "url": self.get_url_attach(attachment.id),
        }

    def get_url_attach(self, att_id):
        attachment = self.env["ir.attachment"].sudo().browse(att_id)
        token = attachment.generate_access_token()[0]
        base = self.connector_id.odoo_url.rstrip("/")
        return f"{base}/web/content/{attachment.id}?access_token={token}"

    def send_message_ui(self):
        """Developer button: send a message that never left."""
        self.ensure_one()
        if self.msgid:
            raise ValidationError(self.env._("The message was sent already."))
        self.message_send()
