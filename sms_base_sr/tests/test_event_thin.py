from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError

from ..models import sms_event_thin
from ..tools.inbound import ReplyItem, StatusItem
from .common import SmsCase


class TestEventThin(SmsCase):
    """What gateways said long ago goes; what became of messages stays."""

    def setUp(self):
        super().setUp()
        self.company.sms_event_days = 30
        self.env["res.company"].search([]).filtered(
            lambda company: company != self.company
        ).sms_event_days = 0

    def told(self, number, days, provider=None):
        """Store an event with a body of its own, as if some days ago."""
        provider = provider or self.provider
        events = self.env["sms.event"]
        item = StatusItem(message_id=f"gw-{number}", state="delivered", code="3")
        stored = events._store_items(provider, [item], "webhook", raw=f"raw {number}")
        return self.age(events.browse(stored.values()), days)

    def age(self, events, days, state="applied"):
        moment = fields.Datetime.now() - timedelta(days=days)
        for table, ids in (
            ("sms_event", events.ids),
            ("sms_event_body", events.body_id.ids),
        ):
            self.env.cr.execute(
                f"UPDATE {table} SET create_date = %s WHERE id = ANY(%s)",
                [moment, ids],
            )
        self.env.cr.execute(
            "UPDATE sms_event SET state = %s WHERE id = ANY(%s)", [state, events.ids]
        )
        self.env.invalidate_all()
        return events

    def bodies(self):
        return self.env["sms.event.body"].search([]).mapped("raw")

    def test_old_events_go_with_their_bodies(self):
        old, young = self.told(1, 31), self.told(2, 29)
        self.env["sms.event"]._gc_events()
        self.assertFalse(old.exists())
        self.assertTrue(young.exists())
        self.assertEqual(self.bodies(), ["raw 2"])

    def test_a_body_stays_while_an_event_speaks_of_it(self):
        items = [StatusItem(message_id=f"gw-{n}", code="3") for n in range(2)]
        stored = self.env["sms.event"]._store_items(
            self.provider, items, "webhook", raw="both"
        )
        events = self.age(self.env["sms.event"].browse(stored.values()), 60)
        self.age(events[0], 60, state="new")
        self.env["sms.event"]._gc_events()
        self.assertEqual((events.exists(), self.bodies()), (events[0], ["both"]))

    def test_what_still_waits_is_never_deleted(self):
        waiting = self.age(self.told(1, 400), 400, state="new")
        unmatched = self.age(self.told(2, 400), 400, state="unmatched")
        self.env["sms.event"]._gc_events()
        self.assertTrue(waiting.exists())
        self.assertFalse(unmatched.exists())

    def test_each_company_decides_and_zero_keeps_all(self):
        company = self.env["res.company"].create(
            {"name": "Other company", "sms_event_days": 0}
        )
        other = self.env["sms.provider"].create(
            {"name": "Other", "provider_type": "log", "company_id": company.id}
        )
        ours, theirs = self.told(1, 1000), self.told(2, 1000, provider=other)
        self.provider.active = False
        self.env["sms.event"]._gc_events()
        self.assertFalse(ours.exists(), "of an archived provider, too")
        self.assertTrue(theirs.exists())

    def test_pages_are_bounded_and_the_vacuum_is_told_of_more(self):
        self.patch(sms_event_thin, "PAGE", 2)
        events = self.env["sms.event"].concat(*(self.told(n, 60) for n in range(5)))
        remaining = []
        for _page in range(4):
            remaining.append(bool(self.env["sms.event"]._gc_events()[1]))
        self.assertFalse(events.exists())
        self.assertEqual(remaining, [True, True, True, False])

    def test_a_message_keeps_what_became_of_it(self):
        message = self.accepted_message(provider_message_id="gw-1")
        event = self.tell(
            StatusItem(message_id="gw-1", state="error", code="4", text="no")
        )
        reply = self.tell(ReplyItem(reply_id="r-1", text="oi", phone=message.phone))
        incoming = reply.message_id
        before = (message | incoming).read(["state", "error_message", "body"])
        self.age(event | reply, 60)
        self.env["sms.event"]._gc_events()
        self.assertFalse((event | reply).exists())
        after = (message | incoming).read(["state", "error_message", "body"])
        self.assertEqual(after, before)

    def test_events_outlive_what_gateways_repeat(self):
        for days in (1, 7, 29, -1):
            with self.subTest(days=days), self.assertRaises(ValidationError):
                self.company.sms_event_days = days
        for days in (0, 30, 3650):
            with self.subTest(days=days):
                self.company.sms_event_days = days

    def test_deleting_does_not_read_the_whole_table(self):
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'sms_event%'"
        )
        found = " ".join(row[0] for row in self.env.cr.fetchall())
        self.assertEqual(found.count("USING brin (create_date)"), 2)
        self.assertIn("(body_id)", found)
