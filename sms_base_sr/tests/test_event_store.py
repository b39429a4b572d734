from datetime import datetime, timedelta
from hashlib import sha256

from odoo import fields

from ..models import sms_event
from ..tools.inbound import RejectionItem, ReplyItem, StatusItem
from ..tools.wakeup_window import WakeUpWindow
from .common import SmsCase

DELIVERED = StatusItem(message_id="gw-1", state="delivered", code="3")
REPLY = ReplyItem(reply_id="r-1", text="SIM", phone="+5511912345678")


class TestEventStore(SmsCase):
    """The inbox keeps each thing once and wakes up who applies it."""

    def store(self, *items, provider=None, source="webhook", **origin):
        provider = provider or self.provider
        return self.env["sms.event"]._store_items(provider, items, source, **origin)

    def bodies(self):
        return self.env["sms.event.body"].search([])

    # -- once --------------------------------------------------------------------------

    def test_the_same_event_is_stored_once(self):
        later = datetime(2026, 1, 5, 12, 0, 40)
        cases = [
            ("report", DELIVERED, StatusItem(message_id="gw-1", code="3", text="x")),
            ("reply", REPLY, ReplyItem(reply_id="r-1", text="sim")),
            (
                "reply without id",
                ReplyItem(text="Não", phone="+5511", occurred_at=later),
                ReplyItem(
                    text=" nao ",
                    phone="+5511",
                    occurred_at=later - timedelta(seconds=30),
                ),
            ),
            (
                "rejection",
                RejectionItem(request_id="req-1", text="a"),
                RejectionItem(request_id="req-1", text="b"),
            ),
        ]
        for name, first, again in cases:
            with self.subTest(name):
                self.assertEqual(len(self.store(first, again)), 1)
                self.assertEqual(self.store(again), {})
                self.assertEqual(self.store(first, source="poll"), {})

    def test_another_state_of_the_same_message_is_another_event(self):
        self.store(DELIVERED)
        others = [
            StatusItem(message_id="gw-1", state="error", code="4"),
            StatusItem(message_id="gw-2", state="delivered", code="3"),
            StatusItem(message_id="gw-1", text="novo estado"),
        ]
        for item in others:
            with self.subTest(item=item):
                self.assertEqual(len(self.store(item)), 1)

    def test_two_providers_may_say_the_same(self):
        other = self.provider.copy({"name": "Other"})
        self.store(DELIVERED)
        self.assertEqual(len(self.store(DELIVERED, provider=other)), 1)

    def test_nothing_to_store_is_no_error(self):
        self.assertEqual(self.store(), {})
        self.assertFalse(self.pending_jobs())

    # -- what is kept ------------------------------------------------------------------

    def test_an_event_keeps_what_was_said(self):
        moment = datetime(2026, 1, 5, 12, 0)
        stored = self.store(
            StatusItem(
                message_id="gw-1",
                reference="ref-1",
                request_id="req-1",
                request_reference="batch-1",
                phone="+5511912345678",
                state="error",
                failure_type="not_delivered",
                code="4",
                text="não entregue",
                occurred_at=moment,
            )
        )
        event = self.env["sms.event"].browse(stored.values())
        self.assertRecordValues(
            event,
            [
                {
                    "kind": "status",
                    "source": "webhook",
                    "state": "new",
                    "gateway_message_id": "gw-1",
                    "reference": "ref-1",
                    "request_id": "req-1",
                    "request_reference": "batch-1",
                    "phone": "+5511912345678",
                    "reported_state": "error",
                    "failure_type": "not_delivered",
                    "code": "4",
                    "text": "não entregue",
                    "occurred_at": moment,
                }
            ],
        )

    def test_the_raw_body_is_kept_once_for_all_its_events(self):
        stored = self.store(DELIVERED, REPLY, raw='{"a": 1}', remote="127.0.0.9")
        events = self.env["sms.event"].browse(stored.values())
        self.assertEqual(len(events), 2)
        self.assertRecordValues(
            events.body_id,
            [
                {
                    "raw": '{"a": 1}',
                    "remote_address": "127.0.0.9",
                    "source": "webhook",
                    "provider_id": self.provider.id,
                }
            ],
        )

    def test_a_body_that_says_nothing_new_is_not_kept(self):
        self.store(DELIVERED, raw="first")
        self.store(DELIVERED, raw="again")
        self.assertEqual(self.bodies().mapped("raw"), ["first"])

    def test_what_postgresql_cannot_store_is_replaced_and_nothing_is_lost(self):
        cases = [
            ("a\0b", "a\ufffdb"),
            ("half \ud83d", "half \ufffd"),
            ("\udc00half", "\ufffdhalf"),
            ("whole \U0001f600", "whole \U0001f600"),
        ]
        for number, (text, expected) in enumerate(cases):
            with self.subTest(text=ascii(text)):
                item = ReplyItem(reply_id=f"r-{number}", text=text, phone="+5511")
                stored = self.store(item, raw=f"raw {number}\0")
                event = self.env["sms.event"].browse(stored.values())
                self.assertEqual(event.text, expected)
                self.assertEqual(event.body_id.raw, f"raw {number}\ufffd")

    def test_ids_of_any_length_are_stored(self):
        # A text that repeats itself would be compressed, and fit into an index.
        long = "".join(sha256(b"%d" % n).hexdigest() for n in range(300))
        items = [
            StatusItem(message_id=long, code="3", phone=long),
            StatusItem(message_id=long + "x", code="3"),
            ReplyItem(reply_id=long, text="oi"),
            StatusItem(message_id="gw-1", text=long),
        ]
        stored = self.store(*items)
        self.assertEqual(len(stored), len(items))
        self.assertEqual(self.store(*items), {})
        events = self.env["sms.event"].browse(stored.values())
        longest = max(len(event.key) for event in events)
        self.assertLessEqual(longest, 255)

    # -- waking ------------------------------------------------------------------------

    def test_reports_within_a_window_wake_one_job_that_starts_behind_it(self):
        self.patch(sms_event, "window", WakeUpWindow(seconds=1.0))
        now = fields.Datetime.now()
        for number in range(5):
            self.store(StatusItem(message_id=f"gw-{number}", code="3"))
        job = self.pending_jobs("_apply_pending")
        self.assertEqual(len(job), 1)
        self.assertEqual(job.channel, "root.sms.event")
        self.assertGreaterEqual(job.eta, now + timedelta(seconds=1))
        self.assertLessEqual(job.eta, now + timedelta(seconds=60))
        self.assertFalse(job.identity_key)

    def test_the_next_window_wakes_another_job_though_the_first_still_waits(self):
        for number in range(3):
            self.store(StatusItem(message_id=f"gw-{number}", code="3"))
        self.assertEqual(len(self.pending_jobs("_apply_pending")), 3)

    def test_a_window_whose_job_was_rolled_back_is_open_again(self):
        self.patch(sms_event, "window", WakeUpWindow(seconds=60.0))
        self.store(DELIVERED)
        # The rollback takes the job with it.
        self.pending_jobs().unlink()
        self.env.cr.postrollback.run()
        self.store(StatusItem(message_id="gw-2", code="3"))
        self.assertEqual(len(self.pending_jobs("_apply_pending")), 1)

    def test_replies_wake_a_job_of_their_own_that_goes_first(self):
        self.store(REPLY)
        job = self.pending_jobs("_apply_replies")
        self.assertEqual((job.priority, job.channel), (1, "root.sms.reply"))
        self.assertFalse(self.pending_jobs("_apply_pending"))

    def test_replies_within_a_short_window_share_a_job_that_starts_behind_it(self):
        window = WakeUpWindow(seconds=0.25, margin=0.15)
        self.patch(sms_event, "reply_window", window)
        before = datetime.now()
        for number in range(5):
            self.store(ReplyItem(reply_id=f"r-{number}", text="quero"))
        job = self.pending_jobs("_apply_replies")
        self.assertEqual(len(job), 1)
        # To the millisecond: rounded to seconds, it would start within the window.
        self.assertGreaterEqual(job.eta, before + timedelta(seconds=0.4))

    def test_processes_share_a_job_that_starts_late_enough_for_all(self):
        """Each process has windows of its own: many would make many jobs."""
        for process in range(3):
            self.patch(sms_event, "window", WakeUpWindow(seconds=30.0, margin=5.0))
            self.store(StatusItem(message_id=f"gw-{process}", code="3"))
        self.assertEqual(len(self.pending_jobs("_apply_pending")), 1)

    def test_a_job_that_starts_too_soon_or_waits_for_its_retry_will_not_do(self):
        window = {"seconds": 30.0, "margin": 5.0}
        for number, seconds in enumerate((-60, 1, 4, 600)):
            with self.subTest(seconds=seconds):
                self.pending_jobs().unlink()
                self.patch(sms_event, "window", WakeUpWindow(**window))
                self.store(StatusItem(message_id=f"a-{number}", code="3"))
                job = self.pending_jobs("_apply_pending")
                eta = datetime.now() + timedelta(seconds=seconds)
                self.env.cr.execute(
                    "UPDATE queue_job SET eta = %s WHERE id = %s", [eta, job.id]
                )
                self.patch(sms_event, "window", WakeUpWindow(**window))
                self.store(StatusItem(message_id=f"b-{number}", code="3"))
                self.assertEqual(len(self.pending_jobs("_apply_pending")), 2)

    def test_what_is_known_already_wakes_nobody(self):
        self.store(DELIVERED, REPLY)
        before = self.pending_jobs()
        self.store(DELIVERED, REPLY)
        self.assertEqual(self.pending_jobs(), before)

    def test_jobs_run_as_the_superuser_whoever_stored(self):
        public = self.env.ref("base.public_user")
        self.env["sms.event"].with_user(public).sudo()._store_items(
            self.provider, [DELIVERED, REPLY], "webhook"
        )
        users = self.pending_jobs().mapped("user_id")
        self.assertEqual(users.ids, [1])

    def test_the_sweeper_wakes_up_for_events_that_wait_too_long(self):
        self.store(DELIVERED, REPLY)
        self.pending_jobs().unlink()
        self.env["sms.event"]._sweep_events()
        self.assertFalse(self.pending_jobs(), "they have only just come")
        self.env.cr.execute(
            "UPDATE sms_event SET create_date = create_date - interval '2 minutes'"
        )
        self.env["sms.event"]._sweep_events()
        methods = self.pending_jobs().mapped("method_name")
        self.assertEqual(sorted(methods), ["_apply_pending", "_apply_replies"])
