from datetime import timedelta

from odoo import fields, models

from ..tools import phones

CONFIRM_ONCE_WITHIN = timedelta(hours=24)


class SmsMessage(models.Model):
    """Customers who want no more SMS, or SMS again, and the one confirmation."""

    _inherit = "sms.message"

    opt_out_confirmation = fields.Boolean(
        readonly=True, copy=False, help="Confirms an opt-out, which does not block it."
    )

    _confirmed_once = models.UniqueIndex(
        "(parent_id) WHERE opt_out_confirmation",
        "An opt-out is confirmed once.",
    )

    def _engine_fields(self):
        return super()._engine_fields() | {"opt_out_confirmation"}

    def _apply_wishes(self):
        """Follow each customer's last word, in the order in which they were sent."""
        wishes = self.filtered(lambda m: m.reply_class in ("opt_out", "opt_in"))
        for message in wishes.sorted(lambda m: (m.sent_date, m.id)):
            # A sender that is no number cannot be texted anyway.
            if not message._normalize_phone(message.phone, message.company_id):
                continue
            if message._is_overtaken():
                continue
            if message.reply_class == "opt_out":
                message._opt_out()
            else:
                message._opt_in()

    def _is_overtaken(self):
        """Whether the customer has asked for the contrary since: polls come late."""
        contrary = {"opt_out": "opt_in", "opt_in": "opt_out"}[self.reply_class]
        return self.search_count(
            [
                ("phone", "=", self.phone),
                ("direction", "=", "incoming"),
                ("reply_class", "=", contrary),
                ("sent_date", ">", self.sent_date),
            ],
            limit=1,
        )

    def _opt_out(self):
        """Blacklist the number, with the words that were written as evidence."""
        # sudo: the customer decides, whoever runs this.
        blacklist = self.env["phone.blacklist"].sudo()
        was_out = blacklist._sms_suppressed([self.phone])
        entry = blacklist._sms_block(self.phone, self._evidence())
        # The first words stay the evidence.
        if not entry.sms_message_id and entry.sms_reason != "opt_out":
            entry._sms_prove(self, before=bool(was_out))
        if not was_out:
            self._confirm_opt_out()

    def _evidence(self):
        if self.reply_class_user_id:
            return self.env._(
                "Opted out by SMS on %(date)s (UTC), as %(user)s says: “%(text)s”",
                date=self.sent_date,
                user=self.reply_class_user_id.name,
                text=self.body,
            )
        return self.env._(
            "Opted out by SMS on %(date)s (UTC): “%(text)s”",
            date=self.sent_date,
            text=self.body,
        )

    def _opt_in(self):
        """Take the number off the blacklist again: the customer asks for it."""
        # sudo: see _opt_out.
        blacklist = self.env["phone.blacklist"].sudo()
        if blacklist._sms_suppressed([self.phone]):
            text = self.env._(
                "Opted in again by SMS on %(date)s (UTC): “%(text)s”",
                date=self.sent_date,
                text=self.body,
            )
            entry = blacklist.search([("number", "=", self.phone)])
            if entry.sms_reason == "legal":
                # What an authority has ordered, no word of the customer undoes.
                entry._sms_note(text)
            else:
                blacklist._sms_free(self.phone, text)

    def _withdraw_opt_out(self):
        """A person says that this was no opt-out: undo what it alone has done."""
        # sudo: see _opt_out.
        blacklist = self.env["phone.blacklist"].sudo()
        for entry in blacklist.search([("sms_message_id", "in", self.ids)]):
            text = self.env._(
                "%(user)s says that this SMS was no opt-out: “%(text)s”",
                user=self.env.user.name,
                text=entry.sms_text,
            )
            if entry.sms_before:
                entry._sms_restore(text)
            else:
                blacklist._sms_free(entry.number, text)

    # -- the one SMS that an opt-out does not block ------------------------------------

    def _confirm_opt_out(self):
        """Send one confirmation, where the company wants it."""
        company = self.company_id
        provider = self.provider_id.filtered("active")
        provider = provider or provider._default_provider(company)
        text = (company.sms_opt_out_text or "").strip()
        wanted = company.sms_confirm_opt_out and text and provider
        if wanted and phones.is_mobile(self.phone) and not self._confirmed_lately():
            confirmation = self.create(self._confirmation_values(provider, text))
            confirmation._send_single()

    def _confirmed_lately(self):
        """Who sends *stop* and *start* in turns is not answered each time."""
        since = fields.Datetime.now() - CONFIRM_ONCE_WITHIN
        return self.search_count(
            [
                ("phone", "=", self.phone),
                ("opt_out_confirmation", "=", True),
                ("create_date", ">=", since),
            ],
            limit=1,
        )

    def _confirmation_values(self, provider, text):
        return {
            "partner_id": self.partner_id.id,
            "phone": self.phone,
            "body": text,
            "company_id": self.company_id.id,
            "provider_id": provider.id,
            "user_id": self.user_id.id,
            "parent_id": self.id,
            "opt_out_confirmation": True,
        }
