from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime, html2plaintext

from odoo.addons.sms_base_sr.tools import phones, segments
from odoo.addons.sms_base_sr.tools.text_template import OUTPUT_LIMIT

LONGEST_REASON = 200


class AcruxChatConnector(models.Model):
    """Why an SMS cannot be sent, in sentences that an agent understands."""

    _inherit = "acrux.chat.connector"

    def _sms_content_names(self):
        """The app's fields of what an SMS cannot carry; each series has its own."""
        return ("ttype", *self._sms_extras(), "res_id")

    def _sms_extras(self):
        return {
            "button_ids": self.env._("buttons"),
            "chat_list_id": self.env._("a list of choices"),
            "template_waba_id": self.env._("a WhatsApp template"),
        }

    def _sms_refuse_content(self, content):
        """Refuse everything but text; notes among agents are not sent at all."""
        kind = content.get("ttype") or "text"
        if kind.startswith("info"):
            return
        extras = self._sms_extras()
        found = [label for name, label in extras.items() if content.get(name)]
        if kind != "text":
            kinds = self.env["acrux.chat.message"]._fields["ttype"]
            labels = dict(kinds._description_selection(self.env))
            found.insert(0, labels.get(kind, kind).lower())
        elif content.get("res_id"):
            found.insert(0, self.env._("an attachment"))
        if found:
            raise ValidationError(
                self.env._(
                    "SMS carries text only, and this holds more (%s). Write it as "
                    "text, for example with a link.",
                    ", ".join(found),
                )
            )

    def _sms_refuse_text(self, text):
        if not (text or "").strip():
            raise ValidationError(self.env._("Write the text of the SMS first."))
        measured = segments.measure(text)
        if measured.characters > OUTPUT_LIMIT:
            raise ValidationError(
                self.env._(
                    "The text is too long for an SMS: %(characters)s characters "
                    "(%(segments)s segments), and %(limit)s are allowed.",
                    characters=measured.characters,
                    segments=measured.segments,
                    limit=OUTPUT_LIMIT,
                )
            )

    def _sms_refuse_account(self):
        """Nothing that would only wait for an administrator is taken from agents."""
        provider = self._sms_provider()
        if not provider or not provider.active:
            raise ValidationError(
                self.env._(
                    "“%s” has no active SMS provider: ask an administrator to choose "
                    "one in the connector.",
                    self.name,
                )
            )
        if provider.suspended:
            raise ValidationError(
                self.env._(
                    "SMS cannot be sent now, “%(provider)s” is held back "
                    "(%(reason)s). Tell an administrator.",
                    provider=provider.display_name,
                    reason=provider.suspended_reason or "",
                )
            )

    def _sms_refuse_recipient(self, key):
        phone = self._sms_phone(key)
        if not phone:
            raise ValidationError(
                self.env._("“%s” is no phone number: nobody can answer it.", key)
            )
        if not phones.is_mobile(phone):
            raise ValidationError(
                self.env._("%s is not a mobile number: it receives no SMS.", phone)
            )
        # sudo: the agent learns why this customer is not texted, nothing else.
        blacklist = self.env["phone.blacklist"].sudo()
        reason = blacklist._sms_suppressed([phone]).get(phone)
        if reason:
            entry = blacklist.search([("number", "=", phone)], limit=1)
            raise ValidationError(self._sms_suppressed_text(phone, reason, entry))

    def _sms_suppressed_text(self, phone, reason, entry):
        """Why, since when and in whose words a number must not be texted."""
        since = entry.sms_date or entry.write_date
        since = since and format_datetime(self.env, since, dt_format="short")
        if entry.sms_date:
            return self.env._(
                "%(phone)s must not be texted: the customer opted out by SMS on "
                "%(since)s (“%(text)s”).",
                phone=phone,
                since=since,
                text=entry.sms_text or "",
            )
        kinds = self.env["sms.message"]._fields["failure_type"]
        labels = dict(kinds._description_selection(self.env))
        note = entry.message_ids.filtered("body")[:1].body
        return self.env._(
            "%(phone)s must not be texted: %(reason)s since %(since)s. %(note)s",
            phone=phone,
            reason=labels.get(reason, reason).lower(),
            since=since or "?",
            note=html2plaintext(note or "")[:LONGEST_REASON],
        ).strip()
