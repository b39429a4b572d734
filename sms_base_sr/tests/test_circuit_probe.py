from datetime import timedelta

from freezegun import freeze_time

from odoo import fields

from odoo.addons.sms_base_sr.models.sms_batch_settle import SmsBatch as SmsBatchSettle
from odoo.addons.sms_base_sr.models.sms_provider_circuit import SmsProvider
from odoo.addons.sms_base_sr.tools.outcomes import (
    NotAttempted,
    RefusedContent,
    Unknown,
)

from .health_case import CircuitCase


class TestProbe(CircuitCase):
    """One batch tries whether the gateway is back."""

    def test_one_batch_goes_and_its_success_wakes_the_others(self):
        batches = [self.new_batch() for _number in range(3)]
        closed = []
        self.patch(SmsProvider, "_after_circuit_closed", lambda p: closed.append(p))
        self.open_circuit()
        self.run_probe_job()
        self.assertEqual(len(self.pending_jobs("_send_batch")), 1)
        self.run_jobs("_send_batch")
        self.assertEqual(len(self.gateway.calls), 1)
        self.assertEqual(self.provider.health_state, "healthy")
        self.assertEqual(closed, [self.provider])
        self.assertTrue(self.provider.incident_ids.ended_at)
        self.assertFalse(self.provider.incident_ids.ended_by_id)
        self.run_jobs("_wake_batches", "_send_batch")
        self.assertEqual([batch.state for batch in batches], ["sent"] * 3)

    def test_those_that_waited_for_their_next_try_follow_at_once(self):
        """A gateway that is back is not left alone for another half an hour."""
        self.gateway.answers = [NotAttempted("connection")] * 3
        batches = [self.new_batch() for _number in range(3)]
        for batch in batches:
            batch._enqueue()
            self.assertTrue(self.run_batch(batch), "it waits for its next try")
        self.run_probe_job()
        self.run_jobs("_send_batch", "_wake_batches")
        self.assertEqual([batch.state for batch in batches], ["sent"] * 3)

    def test_those_that_wait_for_the_morning_wait_on(self):
        with freeze_time("2026-05-05 03:00:00"):
            batch = self.queued_batch(message_class="promotional")
            self.run_batch(batch)
            morning = batch.not_before
            self.provider.action_resume()
            self.run_jobs("_wake_batches")
            self.assertEqual(batch.not_before, morning)
            self.assertEqual(len(self.send_jobs(batch)), 1)

    def test_its_failure_keeps_it_open_for_another_interval(self):
        for outcome in (NotAttempted("connection", "still"), Unknown("timeout")):
            with self.subTest(outcome=outcome):
                self.health._resume()
                self.env["sms.batch"].search([]).write({"state": "canceled"})
                self.pending_jobs().unlink()
                batch = self.new_batch()
                self.open_circuit()
                self.gateway.answers = [outcome]
                self.run_probe_job()
                self.assertIsNone(self.run_batch(batch))
                self.assertTrue(self.health.circuit_since)
                self.assertEqual(self.provider.incident_ids[0].times, 2)
                wait = self.health.probe_at - fields.Datetime.now()
                self.assertAlmostEqual(wait.total_seconds(), 60, delta=5)
                self.assertEqual(len(self.pending_jobs("_start_probe")), 1)

    def test_a_batch_may_be_the_probe_for_hours_without_using_up_its_tries(self):
        batch = self.new_batch()
        self.open_circuit()
        self.gateway.answers = [NotAttempted("connection")] * 10
        for _interval in range(10):
            self.run_probe_job()
            self.run_batch(batch)
            self.assertEqual((batch.state, batch.tries), ("queued", 0))
            self.assertFalse(batch.not_before)
        self.run_probe_job()
        self.run_batch(batch)
        self.assertEqual(batch.state, "sent")

    def test_an_answer_that_is_no_failure_closes_it(self):
        """The gateway is there again: its refusals have waits of their own."""
        answers = [
            NotAttempted("rate_limited", retry_after=60),
            NotAttempted("unauthorized"),
            NotAttempted("too_large"),
            RefusedContent(detail="422"),
        ]
        for answer in answers:
            with self.subTest(answer=answer):
                self.health._resume()
                self.env["sms.batch"].search([]).write({"state": "canceled"})
                batch = self.new_batch()
                self.open_circuit()
                self.gateway.answers = [answer]
                self.run_probe_job()
                self.run_batch(batch)
                self.assertFalse(self.health.circuit_since)

    def test_a_small_batch_goes_first(self):
        large, small = self.new_batch(3), self.new_batch(1)
        self.open_circuit()
        self.run_probe_job()
        self.assertEqual(self.pending_jobs("_send_batch").records, small)
        self.assertFalse(self.send_jobs(large))

    def test_one_that_waits_for_its_next_try_may_go_before_its_time(self):
        """The failures that open it make all of them wait, up to half an hour."""
        batch = self.new_batch()
        batch.not_before = fields.Datetime.now() + timedelta(minutes=30)
        self.open_circuit()
        self.run_probe_job()
        self.run_batch(batch)
        self.assertEqual(batch.state, "sent")

    def test_one_that_is_due_is_taken_before_one_that_waits(self):
        waits, due = self.new_batch(1), self.new_batch(2)
        waits.not_before = fields.Datetime.now() + timedelta(minutes=30)
        self.open_circuit()
        self.run_probe_job()
        self.assertEqual(self.pending_jobs("_send_batch").records, due)

    def test_nobody_is_texted_at_night_for_a_probe(self):
        now = "2026-05-05 03:00:00"
        with freeze_time(now):
            self.new_batch(message_class="promotional")
            self.open_circuit()
        with freeze_time("2026-05-05 03:02:00"):
            self.provider._start_probe()
            self.assertFalse(self.pending_jobs("_send_batch"))
        with freeze_time("2026-05-05 13:00:00"):
            self.provider._start_probe()
            self.assertEqual(len(self.pending_jobs("_send_batch")), 1)

    def test_paused_campaigns_are_not_asked(self):
        batch = self.new_batch()
        batch.run_id.action_pause()
        self.open_circuit()
        self.run_probe_job()
        self.assertFalse(self.pending_jobs("_send_batch"))

    def test_a_lost_probe_is_started_by_the_sweeper_once(self):
        batch = self.new_batch()
        self.open_circuit()
        self.pending_jobs().unlink()
        self.env["sms.batch"]._sweep()
        self.assertFalse(self.send_jobs(batch), "not before its time")
        self.pass_time(61)
        for _minute in range(3):
            self.env["sms.batch"]._sweep()
        self.assertEqual(len(self.send_jobs(batch)), 1)

    def test_a_probe_that_was_killed_is_followed_by_another(self):
        killed, other = self.new_batch(1), self.new_batch(2)
        self.open_circuit()

        def die(batch, claim, outcome):
            raise RuntimeError("killed")

        self.run_probe_job()
        settle = SmsBatchSettle._settle
        self.patch(SmsBatchSettle, "_settle", die)
        with self.assertRaisesRegex(RuntimeError, "killed"):
            self.run_batch(killed)
        self.env.invalidate_all()
        self.assertGreater(self.health.probe_at, fields.Datetime.now())
        self.patch(SmsBatchSettle, "_settle", settle)
        self.pass_time(61)
        self.env["sms.batch"]._sweep()
        self.run_jobs("_send_batch")
        self.assertEqual(other.state, "sent")
        self.assertFalse(self.health.circuit_since)

    def test_a_new_batch_is_the_probe_when_none_waited(self):
        self.open_circuit()
        self.run_probe_job()
        self.assertFalse(self.pending_jobs("_send_batch"))
        batch = self.new_batch()
        self.env["sms.batch"]._sweep()
        self.run_batch(batch)
        self.assertEqual(batch.state, "sent")
        self.assertFalse(self.health.circuit_since)

    def test_a_suspended_account_makes_no_probe(self):
        batch = self.new_batch()
        self.open_circuit()
        self.health._suspend(self.provider.id, "token refused")
        self.run_probe_job()
        self.env["sms.batch"]._sweep()
        self.assertFalse(self.send_jobs(batch))
