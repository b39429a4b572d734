from dataclasses import dataclass
from datetime import datetime, timedelta

from odoo import api, fields, models

from ..tools.inbound import fold

# A reply without an id is another source's reply with one, when so little apart.
TWIN_SECONDS = timedelta(seconds=60)
NAMELESS = "reply:sha:"


@dataclass
class Told:
    """One telling of a reply: by an event of this page, or by an earlier one."""

    account: int
    number: str
    text: str
    at: datetime
    nameless: bool
    event_id: int = 0
    message_id: int = 0

    def same_as(self, other):
        """Tell whether both speak of one reply; two ids are two replies."""
        return (
            self.nameless != other.nameless
            and self.account == other.account
            and self.number == other.number
            and self.text == other.text
            and abs(self.at - other.at) <= TWIN_SECONDS
        )


class SmsEvent(models.Model):
    """The same reply by webhook and by poll, where only one of them has an id."""

    _inherit = "sms.event"

    @api.model
    def _split_twins(self, events):
        """Return the events to apply, and {event id: Told} of those known already."""
        providers = self.env["sms.provider"].browse({e["provider_id"] for e in events})
        accounts = providers._account_numbers()
        told = {event["id"]: self._told(event, accounts) for event in events}
        known = self._told_before([t for t in told.values() if t.number], accounts)
        fresh, twins = [], {}
        for event in events:
            telling = told[event["id"]]
            twin = next(filter(telling.same_as, known), None)
            if twin and telling.number:
                # Each is told once more, not twice: else two replies became one.
                known.remove(twin)
                twins[event["id"]] = twin
            else:
                known.append(telling)
                fresh.append(event)
        return fresh, twins

    @api.model
    def _told(self, event, accounts):
        provider = self.env["sms.provider"].browse(event["provider_id"])
        number = self.env["sms.message"]._normalize_phone(
            event["phone"], provider.company_id
        )
        return Told(
            account=accounts[provider.id],
            number=number or "",
            text=fold(event["text"]),
            at=event["occurred_at"] or fields.Datetime.now(),
            nameless=is_nameless(event["key"]),
            event_id=event["id"],
        )

    @api.model
    def _told_before(self, tellings, accounts):
        """Replies of the same numbers and times that were told in one way alone."""
        if not tellings:
            return []
        moments = [telling.at for telling in tellings]
        self.env["sms.message"].flush_model()
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT m.id, m.phone, m.body, m.sent_date, min(e.provider_id), min(e.key)
            FROM sms_message m
            JOIN sms_event e ON e.message_id = m.id AND e.kind = 'reply'
            WHERE m.phone = ANY(%s) AND m.direction = 'incoming'
              AND m.sent_date BETWEEN %s AND %s
            GROUP BY m.id HAVING count(DISTINCT e.key) = 1
            """,
            [
                list({telling.number for telling in tellings}),
                min(moments) - TWIN_SECONDS,
                max(moments) + TWIN_SECONDS,
            ],
        )
        return [
            Told(accounts[owner], phone, fold(body), at, is_nameless(key), 0, message)
            for message, phone, body, at, owner, key in self.env.cr.fetchall()
            if owner in accounts
        ]

    @api.model
    def _mark_twins(self, twins, applied):
        """Note whose message a second telling speaks of; nothing else happens.

        :param applied: {event id: (message id, state)} of the page
        """
        message_ids = {
            event_id: told.message_id or applied[told.event_id][0]
            for event_id, told in twins.items()
        }
        self._conclude("ignored", message_ids)


def is_nameless(key):
    """Whether an event has no id of the gateway's."""
    return key.startswith(NAMELESS)
