from contextlib import suppress
from datetime import timedelta

import psycopg2.errors

from odoo import fields

from odoo.addons.sms_base_sr.models.sms_batch_settle import SmsBatch as SmsBatchSettle
from odoo.addons.sms_base_sr.models.sms_provider_health import SmsProviderHealth
from odoo.addons.sms_base_sr.tools.outcomes import (
    Accepted,
    MessageResult,
    NotAttempted,
    RateLimit,
    RefusedContent,
    Unknown,
)

from .campaign_case import CampaignCase


class TestAccepted(CampaignCase):
    """The gateway took the call."""

    def test_ids_dates_and_cost_are_stored_at_once(self):
        batch = self.queued_batch()
        before = fields.Datetime.now()
        self.assertIsNone(self.run_batch(batch))
        self.assertEqual((batch.state, batch.failure_reason), ("sent", False))
        self.assertEqual(batch.provider_job_id, f"req-{batch.attempt_reference}")
        for message in self.messages(batch):
            self.assertEqual(message.state, "sent")
            self.assertEqual(message.provider_message_id, f"gw-{message.reference}")
            self.assertEqual(message.provider_job_id, batch.provider_job_id)
            self.assertGreaterEqual(message.sent_date, before)
            self.assertAlmostEqual(message.cost, 0.10)

    def test_the_price_of_the_day_fixes_the_cost(self):
        batch = self.queued_batch(2)
        self.provider.price_per_segment = 0.25
        self.run_batch(batch)
        self.assertEqual(self.messages(batch).mapped("cost"), [0.25, 0.25])

    def test_each_message_gets_its_own_answer(self):
        """Pain 6: the outcome belongs to the message, not to the call."""
        answers = [
            ("sent", None, 0.10),
            ("rejected", "gateway_invalid", 0.0),
            ("canceled", "gateway_blacklist", 0.0),
            ("canceled", "gateway_do_not_disturb", 0.0),
            ("canceled", "gateway_duplicate", 0.0),
        ]
        batch = self.queued_batch(len(answers))

        def partly(request):
            results = [
                MessageResult(m.reference, state, f"id-{m.reference}", reason, "why")
                for m, (state, reason, _cost) in zip(
                    request.messages, answers, strict=True
                )
            ]
            return Accepted("req-1", tuple(results))

        self.gateway.answers = [partly]
        self.run_batch(batch)
        for message, (state, reason, cost) in zip(
            self.messages(batch), answers, strict=True
        ):
            with self.subTest(state=state, reason=reason):
                self.assertEqual(message.state, state)
                self.assertEqual(message.failure_type or None, reason)
                self.assertAlmostEqual(message.cost, cost)
                self.assertEqual(bool(message.sent_date), state == "sent")
        summary = self.summary(batch.run_id)
        self.assertEqual((summary["sent"], summary["cost"]), (1, 0.10))
        self.assertEqual(sum(summary["excluded"].values()), 4)
        self.assertEqual(summary["failed"], 0)

    def test_a_forgotten_message_stays_open_and_is_never_sent_again(self):
        """Pain 7: neither accepted nor refused is asked about, not repeated."""
        batch = self.queued_batch(3)

        def forgetful(request):
            full = self.gateway.accept(request)
            return Accepted(full.request_id, full.results[:2])

        self.gateway.answers = [forgetful]
        self.run_batch(batch)
        self.assertEqual(self.states(batch), {"sent": 2, "draft": 1})
        self.assertEqual(batch.state, "sent")
        batch._enqueue()
        self.run_jobs("_send_batch")
        self.assertEqual(len(self.gateway.calls), 1)

    def test_an_answer_for_a_message_that_is_not_ours_is_ignored(self):
        batch = self.queued_batch(1)
        other = self.new_message()

        def strange(request):
            results = (
                *self.gateway.accept(request).results,
                MessageResult(other.reference, "sent", "gw-other"),
                MessageResult("nobody", "sent", "gw-nobody"),
            )
            return Accepted("req-1", results)

        self.gateway.answers = [strange]
        self.run_batch(batch)
        self.assertEqual(self.states(batch), {"sent": 1})
        self.assertEqual(other.state, "draft")

    def test_ids_with_leading_zeros_and_signs_stay_as_they_are(self):
        """Pain 25: ids of others are text."""
        batch = self.queued_batch(1)
        results = (MessageResult(self.messages(batch).reference, "sent", "0007%s"),)
        self.gateway.answers = [Accepted("0042 100% {x} '\"", results)]
        self.run_batch(batch)
        self.assertEqual(self.messages(batch).provider_message_id, "0007%s")
        self.assertEqual(self.messages(batch).provider_job_id, "0042 100% {x} '\"")
        self.assertEqual(batch.provider_job_id, "0042 100% {x} '\"")

    def test_a_report_that_came_before_the_answer_is_kept(self):
        """Pain 8: a late *sent* does not overwrite *delivered*."""
        batch = self.queued_batch(2)
        first, second = self.messages(batch)

        def fast_report(request):
            with self.env.registry.cursor() as cr:
                messages = self.env(cr=cr)["sms.message"]
                messages._raise_states(
                    [
                        (first.id, "delivered", None, None, None),
                        (second.id, "rejected", "rejected", "by carrier", None),
                    ]
                )
            return self.gateway.accept(request)

        self.gateway.answers = [fast_report]
        self.run_batch(batch)
        self.assertEqual((first.state, second.state), ("delivered", "rejected"))
        self.assertEqual(second.failure_type, "rejected")
        for message in (first, second):
            self.assertEqual(message.provider_message_id, f"gw-{message.reference}")
            self.assertTrue(message.sent_date, "it was accepted all the same")
            self.assertAlmostEqual(message.cost, 0.10)

    def test_followers_are_jobs_of_their_own(self):
        batch = self.queued_batch()
        self.run_batch(batch)
        self.assertEqual(len(self.pending_jobs("_mirror_chatter")), 1)
        poll = self.pending_jobs("_poll_status")
        wait = poll.eta - fields.Datetime.now()
        self.assertAlmostEqual(wait.total_seconds(), self.provider.poll_delay, delta=60)

    def test_no_chatter_job_where_the_company_wants_none(self):
        self.company.sms_chatter_mode = "none"
        self.run_batch(self.queued_batch())
        self.assertFalse(self.pending_jobs("_mirror_chatter"))

    def test_the_providers_health_remembers_the_call(self):
        batch = self.queued_batch()
        limits = RateLimit(limit=100, remaining=42)
        self.gateway.answers = [Accepted("req-1", limits=limits)]
        self.run_batch(batch)
        health = self.provider.health_id
        self.assertTrue(health.last_success)
        self.assertFalse(health.last_failure)
        self.assertEqual((health.rate_limit, health.rate_remaining), (100, 42))


class TestConflicts(CampaignCase):
    """An accepted batch never becomes unknown because of our database."""

    def failing(self, model, method, times, error):
        """Let a method raise a few times, as a faster transaction would make it."""
        original = getattr(model, method)
        left = [error() for _ in range(times)]

        def wrapper(records, *args, **kwargs):
            if left:
                raise left.pop()
            return original(records, *args, **kwargs)

        wrapper.__name__ = method
        self.patch(model, method, wrapper)

    def test_storing_the_answer_is_repeated_in_place(self):
        """Pain 1: a conflict with a report does not send anything again."""
        for error in (
            psycopg2.errors.SerializationFailure,
            psycopg2.errors.DeadlockDetected,
        ):
            with self.subTest(error=error.__name__):
                self.campaign.recipients.clear()
                self.gateway.calls.clear()
                batch = self.queued_batch()
                self.failing(SmsBatchSettle, "_store_outcome", 9, error)
                self.run_batch(batch)
                self.assertEqual(batch.state, "sent")
                self.assertEqual(self.states(batch), {"sent": 3})
                self.assertEqual(len(self.gateway.calls), 1)

    def test_a_conflict_in_the_health_row_loses_no_follower(self):
        batch = self.queued_batch()
        error = psycopg2.errors.SerializationFailure
        self.failing(SmsProviderHealth, "_note_outcome", 3, error)
        self.assertIsNone(self.run_batch(batch))
        self.assertEqual(batch.state, "sent")
        self.assertTrue(self.provider.health_id.last_success)
        self.assertTrue(self.pending_jobs("_mirror_chatter"))
        self.assertEqual(self.summary(batch.run_id)["sent"], 3)

    def send_and_lose(self, batch, error):
        """Send a batch whose job cannot end: its connection is lost.

        Test cursors lie in each other, so that the outer one must not be undone.
        """
        with (
            self.enter_registry_test_mode(),
            self.env.registry.cursor() as cr,
            suppress(error),
        ):
            self.env(cr=cr)["sms.batch"].browse(batch.id)._send_batch()
            self.fail("queue_job has to know that its connection is lost")
        self.env.invalidate_all()

    def test_a_lost_connection_does_not_lose_the_answer(self):
        """PostgreSQL restarted in our call: another connection stores the answer."""
        for error in (psycopg2.OperationalError, psycopg2.InterfaceError):
            with self.subTest(error=error.__name__):
                self.campaign.recipients.clear()
                self.gateway.calls.clear()
                batch = self.queued_batch()
                job = self.send_jobs(batch)
                self.failing(SmsBatchSettle, "_store_outcome", 1, error)
                self.send_and_lose(batch, error)
                self.assertEqual(batch.state, "sent")
                self.assertEqual(self.states(batch), {"sent": 3})
                self.assertTrue(self.provider.health_id.last_success)
                job.write({"state": "failed"})
                self.env["sms.batch"]._sweep()
                self.assertFalse(self.send_jobs(batch))
                self.assertEqual(len(self.gateway.calls), 1)

    def test_the_next_try_of_a_lost_connection_keeps_its_wait(self):
        batch = self.queued_batch()
        self.gateway.answers = [NotAttempted("connection")]
        error = psycopg2.OperationalError
        self.failing(SmsBatchSettle, "_store_outcome", 1, error)
        self.send_and_lose(batch, error)
        self.assertEqual((batch.state, batch.tries), ("queued", 1))
        self.assertGreater(batch.not_before, fields.Datetime.now())


class TestLateAnswers(CampaignCase):
    """Recovery was faster than the call that it recovers."""

    def settled_by_recovery(self, answer):
        """Run a batch whose attempt is settled while its call is out."""
        batch = self.queued_batch()

        def slow(request):
            with self.env.registry.cursor() as cr:
                other = self.env(cr=cr)["sms.batch"].browse(batch.id)
                other.write({"state": "sent", "attempt_token": False})
            return answer(request) if callable(answer) else answer

        self.gateway.answers = [slow]
        self.assertIsNone(self.run_batch(batch))
        return batch

    def test_they_do_not_change_the_batch(self):
        """Pain 8: the attempt's token guards the batch's state."""
        answers = [
            NotAttempted("connection"),
            RefusedContent(detail="422"),
            Unknown("timeout"),
        ]
        for answer in answers:
            with self.subTest(answer=type(answer).__name__):
                self.campaign.recipients.clear()
                batch = self.settled_by_recovery(answer)
                self.assertEqual(batch.state, "sent")
                self.assertEqual(self.states(batch), {"draft": 3})
                self.assertEqual(len(batch.run_id.batch_ids), 1)
                self.assertFalse(self.send_jobs(batch))

    def test_an_acceptance_is_true_whoever_says_it_last(self):
        batch = self.settled_by_recovery(self.gateway.accept)
        self.assertEqual(self.states(batch), {"sent": 3})
        self.assertTrue(all(self.messages(batch).mapped("provider_message_id")))


class TestDeadlines(CampaignCase):
    """The clock of an attempt."""

    def test_a_batch_back_in_the_queue_has_no_deadline(self):
        batch = self.queued_batch()
        self.gateway.answers = [NotAttempted("connection")]
        self.run_batch(batch)
        self.assertFalse(batch.attempt_deadline)

    def test_an_unknown_batch_keeps_it(self):
        batch = self.queued_batch()
        self.gateway.answers = [Unknown("timeout")]
        self.run_batch(batch)
        least = fields.Datetime.now() + timedelta(seconds=100)
        self.assertGreater(batch.attempt_deadline, least)
