import logging

from odoo import api, fields, models

from .sms_batch_settle import CONFLICTS
from .sms_event_apply import PAGE
from .sms_provider_owner import CLOCKS_APART

_logger = logging.getLogger(__name__)

ADVISORY_LOCK = 0x534D5303


class SmsEvent(models.Model):
    """Applying replies: from an event to an incoming message that somebody answers."""

    _inherit = "sms.event"

    @api.model
    def _apply_replies(self):
        """Drain the inbox of replies, page by page.

        What comes meanwhile has a wake-up of its own: taken one by one as they come,
        replies would cost several times as much.
        """
        while True:
            if not self._take_advisory_lock(ADVISORY_LOCK):
                self._wake_up_replies_later()
                return
            events = self._read_waiting(("reply",))
            if events:
                self._apply_replies_or_each_alone(events)
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
            if len(events) < PAGE:
                break
        if events:
            # What was committed while the page was read gets one more look.
            self._wake_up({"reply"})

    @api.model
    def _apply_replies_or_each_alone(self, events):
        """One reply that cannot be applied must not keep the others waiting.

        It is tried again later, and stays visible as unmatched in the end.
        """
        try:
            with self.env.cr.savepoint():
                self._apply_reply_page(events)
        except CONFLICTS:
            raise
        except Exception:
            if len(events) == 1:
                _logger.exception("Reply %s cannot be applied", events[0]["id"])
                self._mark(events, {})
                return
            for event in events:
                self._apply_replies_or_each_alone([event])

    @api.model
    def _wake_up_replies_later(self):
        """Another job drains the inbox: look again when it has ended."""
        self.with_delay(eta=1, description=self.env._("Apply replies"))._apply_replies()

    @api.model
    def _apply_reply_page(self, events):
        """Store the replies of a page as incoming messages, then tell the rest."""
        events = self._apply_again(events)
        events, twins = self._split_twins(events)
        # Not locked: a report of the same message would put the reply off.
        matches = self._match(events, lock="")
        values, applied = [], {}
        for event in events:
            answered_id = matches.get(event["id"], (None, None))[0]
            values.append(self._reply_values(event, answered_id))
        messages = self.env["sms.message"].create(values)
        for event, message in zip(events, messages, strict=True):
            applied[event["id"]] = (message.id, message.state)
        self._mark(events, applied)
        self._mark_twins(twins, applied)
        messages._link_partners()
        messages._assign_salespeople()
        for _company, group in messages.grouped("company_id").items():
            group.with_company(group.company_id)._after_incoming()

    @api.model
    def _apply_again(self, events):
        """Replies that are messages already get no second one; return the others."""
        stored = self.browse([event["id"] for event in events])
        stored.invalidate_recordset(["message_id"])
        known = {event.id: event.message_id for event in stored if event.message_id}
        self.env["sms.message"].concat(*known.values())._look_again()
        self._conclude("applied", {key: each.id for key, each in known.items()})
        return [event for event in events if event["id"] not in known]

    @api.model
    def _reply_values(self, event, answered_id):
        provider = self.env["sms.provider"].browse(event["provider_id"])
        messages = self.env["sms.message"]
        number = messages._normalize_phone(event["phone"], provider.company_id)
        moment = event["occurred_at"] or fields.Datetime.now()
        answered = messages.browse(answered_id)
        answered = answered or self._last_sent_to(provider, number, moment)
        phone = number or (answered.phone if answered_id else event["phone"])
        return {
            "direction": "incoming",
            "state": "delivered",
            "company_id": provider.company_id.id,
            "provider_id": provider.id,
            "phone": phone,
            "body": event["text"],
            "parent_id": answered.id,
            "partner_id": answered.partner_id.id,
            "run_id": answered.run_id.id,
            "source_id": answered.source_id,
            "user_id": False,
            "sent_date": moment,
            "reply_class": self.env["sms.reply.word"]._classify(
                event["text"], provider.company_id
            ),
            **self._reply_extra_values(answered),
        }

    @api.model
    def _reply_extra_values(self, answered):
        """Hook: values that a reply takes over from the message answered."""
        return {}

    @api.model
    def _last_sent_to(self, provider, number, moment):
        """Without an id, a reply answers the last message to its number by then."""
        messages = self.env["sms.message"]
        if not number:
            return messages
        domain = [
            ("phone", "=", number),
            ("direction", "=", "outgoing"),
            ("sent_date", "!=", False),
            ("company_id", "=", provider.company_id.id),
        ]
        by_then = [("sent_date", "<=", moment + CLOCKS_APART)]
        order = "sent_date desc, id desc"
        last = messages.search([*domain, *by_then], order=order, limit=1)
        # A gateway's date may be wrong: any message is better than none.
        return last or messages.search(domain, order=order, limit=1)
