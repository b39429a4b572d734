from datetime import timedelta
from types import SimpleNamespace

from odoo import Command, fields

from odoo.addons.sms_base_sr.models.sms_watch_today import SmsWatch
from odoo.addons.sms_base_sr.tools.inbound import ReplyItem, StatusItem

from .alert_case import AlertCase
from .test_query_counts import CountingCursor

WEEK = timedelta(days=7)


class TestOverviewToday(AlertCase):
    """What has happened since midnight, beside the same hours a week ago."""

    def setUp(self):
        super().setUp()
        # Whatever the hour: the day began an hour ago.
        hour_ago = fields.Datetime.now() - timedelta(hours=1)
        self.patch(SmsWatch, "_start_of_day", lambda watch, moment: hour_ago)

    def overview(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["sms.watch"].with_user(user or self.manager).read_overview()

    def today(self, user=None):
        return self.overview(user)["today"]

    def count(self):
        while self.env["sms.batch.stat"]._recompute_page():
            pass

    def sent_batch(self, count=3, **values):
        self.campaign.recipients.clear()
        batch = self.queued_batch(count, **values)
        self.run_batch(batch)
        self.count()
        return batch

    def test_what_left_and_came_in_is_counted(self):
        batch = self.sent_batch(4)
        done, lost = self.messages(batch)[:2]
        self.tell(
            StatusItem(message_id="a", reference=done.reference, state="delivered"),
            StatusItem(message_id="b", reference=lost.reference, state="expired"),
            ReplyItem(reply_id="r", text="sim", phone=done.phone),
        )
        self.count()
        now = self.today()["now"]
        names = ("sent", "delivered", "failed", "replies")
        self.assertEqual([now[name] for name in names], [4, 1, 1, 1])
        self.assertIn("0.40", now["cost"])

    def test_before_is_the_same_weekday_up_to_this_hour(self):
        now = fields.Datetime.now()
        cases = [
            (now - WEEK - timedelta(minutes=30), 3),
            (now - WEEK + timedelta(minutes=30), 0),
            (now - WEEK - timedelta(hours=2), 0),
            (now - timedelta(days=1), 0),
        ]
        batch = self.sent_batch(3)
        for moment, expected in cases:
            with self.subTest(moment=moment):
                batch.sent_date = moment
                today = self.today()
                self.assertEqual(today["before"]["sent"], expected)
                self.assertEqual(today["now"]["sent"], 0)

    def test_the_day_begins_at_the_users_midnight(self):
        self.patch(SmsWatch, "_start_of_day", type(self).start_of_day)
        moment = fields.Datetime.to_datetime("2026-03-05 01:30:00")
        cases = [("America/Sao_Paulo", "2026-03-04 03:00:00"), ("UTC", "2026-03-05")]
        for zone, expected in cases:
            with self.subTest(zone=zone):
                watch = self.env["sms.watch"].with_context(tz=zone)
                expected = fields.Datetime.to_datetime(expected)
                self.assertEqual(watch._start_of_day(moment), expected)

    start_of_day = SmsWatch._start_of_day

    def test_nothing_is_told_of_other_companies(self):
        other = self.env["res.company"].create({"name": "B"})
        provider = self.provider.create({"name": "B", "company_id": other.id})
        self.sent_batch(2)
        self.sent_batch(3, company_id=other.id, provider_id=provider.id)
        self.assertEqual(self.today()["now"]["sent"], 2)
        both = [Command.link(other.id)]
        self.manager.company_ids = both
        allowed = self.env.company + other
        watch = self.env["sms.watch"].with_user(self.manager)
        seen = watch.with_context(allowed_company_ids=allowed.ids).read_overview()
        self.assertEqual(seen["today"]["now"]["sent"], 5)

    def test_the_oldest_reply_without_answer_is_told(self):
        items = [
            ReplyItem(reply_id=f"r{n}", text="oi", phone=f"+551198888777{n}")
            for n in range(2)
        ]
        messages = self.tell(*items).message_id
        old = fields.Datetime.now() - timedelta(hours=5)
        messages[1].sent_date = old
        people = self.overview()["people"]
        self.assertEqual(people["oldest_reply"], fields.Datetime.to_string(old))
        self.assertEqual(people["unanswered"], 2)

    def test_a_running_import_shows_its_progress(self):
        values = {
            "res_model": "res.partner",
            "res_id": self.partner.id,
            "company_id": self.env.company.id,
            "file_name": "clientes.csv",
        }
        record = SimpleNamespace(check_access=lambda _verb: None)
        record._sms_company = lambda: self.env.company
        imports = self.env["sms.contact.import"]
        self.patch(type(imports), "_writable_campaign", lambda _self: record)
        found = imports.create(values)
        self.assertEqual(self.overview()["imports"], [])
        found.write({"state": "running", "line_count": 10, "imported_count": 4})
        [shown] = self.overview()["imports"]
        self.assertEqual((shown["lines"], shown["left"]), (10, 6))
        self.assertEqual((shown["file"], shown["progress"]), ("clientes.csv", 40.0))

    def test_a_campaign_tells_its_rate_or_what_it_waits_for(self):
        run = self.queued_batch(2).run_id
        [shown] = self.overview()["runs"]
        self.assertIn("pace", shown)
        self.patch(type(run), "_waits", lambda _run, moment=None: [{"until": None}])
        [shown] = self.overview()["runs"]
        self.assertEqual(shown["waits"], "never")

    def test_no_statement_more_for_more_messages_or_days(self):
        self.provider.batch_size = 1
        self.sent_batch(1)
        few = self.statements()
        for _number in range(3):
            self.sent_batch(1)
        self.assertEqual(self.statements(), few)

    def statements(self):
        """How many statements the figures of today take, names of users known."""
        self.overview()
        cr = self.env.cr
        counting = cr._obj = CountingCursor(cr._obj)
        try:
            self.env["sms.watch"].with_user(self.manager)._overview_today()
        finally:
            cr._obj = counting.cursor
        found = [s for s in counting.statements if "FROM sms_" in str(s)]
        self.assertEqual(len(found), 4, "batches and replies, of two days")
        return len(counting.statements)
