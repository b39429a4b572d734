from dataclasses import replace
from datetime import timedelta

from odoo import fields

from odoo.addons.sms_base_sr.tools.outcomes import Accepted, QueryAnswer

from .recovery_case import RecoveryCase


class TestPolling(RecoveryCase):
    """Reports that no webhook brought, and messages that an answer forgot."""

    def sent_batch(self, count=3, forgotten=0):
        batch = self.queued_batch(count)

        def answer(request):
            results = self.gateway.accept(request).results
            return Accepted("req-1", results[: count - forgotten])

        self.gateway.answers = [answer]
        self.run_batch(batch)
        return batch

    def poll(self, batch):
        self.run_job(self.pending_jobs("_poll_status"))

    def test_missing_reports_are_fetched_by_the_attempts_reference(self):
        batch = self.sent_batch()
        self.gateway.listing = self.listing(self.messages(batch), "delivered")
        self.poll(batch)
        self.assertEqual(self.gateway.queries, [batch.attempt_reference])
        self.env["sms.event"]._apply_page(0)
        self.env.invalidate_all()
        self.assertEqual(self.states(batch), {"delivered": 3})

    def test_the_question_is_repeated_later_and_later(self):
        self.provider.poll_delay = 600
        batch = self.sent_batch()
        waits = []
        for _question in range(5):
            job = self.pending_jobs("_poll_status")
            waits.append(round((job.eta - fields.Datetime.now()).total_seconds(), -1))
            self.poll(batch)
        self.assertEqual(waits, [600, 1200, 2400, 3600, 3600])

    def test_with_all_reports_in_nobody_asks(self):
        batch = self.sent_batch()
        rows = [(m.id, "delivered", None, None, None) for m in self.messages(batch)]
        self.env["sms.message"]._raise_states(rows)
        self.poll(batch)
        self.assertFalse(self.gateway.queries)
        self.assertFalse(self.pending_jobs("_poll_status"))

    def test_a_delivery_after_the_gateway_gave_up_is_asked_for(self):
        """Its webhook may get lost as any other: *expired* is not the last word."""
        for state in ("expired", "error"):
            with self.subTest(state=state):
                self.campaign.recipients.clear()
                self.pending_jobs().unlink()
                batch = self.sent_batch(1)
                message = self.messages(batch)
                rows = [(message.id, state, "expired", None, None)]
                self.env["sms.message"]._raise_states(rows)
                self.gateway.listing = self.listing(message, state)
                self.poll(batch)
                self.gateway.listing = self.listing(message, "delivered")
                self.poll(batch)
                self.env["sms.event"]._apply_page(0)
                self.env.invalidate_all()
                self.assertEqual(message.state, "delivered")

    def test_what_stays_undelivered_is_asked_for_a_few_hours_only(self):
        batch = self.sent_batch(1)
        message = self.messages(batch)
        rows = [(message.id, "expired", "expired", None, None)]
        self.env["sms.message"]._raise_states(rows)
        self.gateway.listing = self.listing(message, "expired")
        polls = 0
        while self.pending_jobs("_poll_status"):
            self.poll(batch)
            polls += 1
        self.assertEqual(len(self.gateway.queries), 6)
        self.assertEqual(polls, 7, "the last one finds nothing to ask")
        self.summary(batch.run_id)
        self.env["sms.batch"]._sweep()
        self.assertFalse(self.pending_jobs("_poll_status"))

    def test_a_batch_that_was_deleted_meanwhile_is_asked_for_no_more(self):
        batch = self.sent_batch()
        job = self.pending_jobs("_poll_status")
        self.messages(batch).unlink()
        batch.unlink()
        self.run_job(job)
        self.assertEqual(job.state, "done")
        self.assertFalse(self.gateway.queries)
        self.assertFalse(self.pending_jobs("_poll_status"))

    def test_one_that_is_deleted_during_the_question_is_left_alone(self):
        batch = self.sent_batch()

        def delete_meanwhile(reference):
            self.messages(batch).unlink()
            batch.unlink()
            return self.listing(self.env["sms.message"], "delivered")

        self.gateway.listing = delete_meanwhile
        job = self.pending_jobs("_poll_status")
        self.poll(batch)
        self.assertEqual(job.state, "done")

    def test_after_three_days_it_gives_up(self):
        batch = self.sent_batch()
        batch.sent_date = fields.Datetime.now() - timedelta(hours=73)
        self.poll(batch)
        self.assertFalse(self.pending_jobs("_poll_status"))

    def test_a_forgotten_message_that_the_gateway_knows_is_sent(self):
        """Pain 7: the gateway's records decide, not our guess."""
        batch = self.sent_batch(forgotten=1)
        self.gateway.listing = self.listing(self.messages(batch))
        self.poll(batch)
        self.env["sms.event"]._apply_page(0)
        self.env.invalidate_all()
        self.assertEqual(self.states(batch), {"sent": 3})
        self.assertTrue(all(self.messages(batch).mapped("sent_date")))

    def test_a_forgotten_message_that_it_does_not_know_was_refused(self):
        batch = self.sent_batch(forgotten=1)
        messages = self.messages(batch)
        self.gateway.listing = self.listing(messages[:2])
        self.poll(batch)
        self.assertEqual(self.states(batch), {"sent": 2, "rejected": 1})
        self.assertEqual(messages[2].failure_type, "not_listed")
        self.assertFalse(messages[2].cost)

    def test_a_listing_without_references_refuses_nobody(self):
        """The forgotten message may be any of those in it."""
        batch = self.sent_batch(forgotten=1)
        listing = self.listing(self.messages(batch)).items
        nameless = tuple(replace(item, reference=None) for item in listing)
        self.gateway.listing = QueryAnswer(True, "req-found", nameless)
        self.poll(batch)
        self.assertEqual(self.states(batch), {"sent": 2, "draft": 1})

    def test_a_gateway_that_does_not_answer_changes_nothing(self):
        batch = self.sent_batch(forgotten=1)
        self.gateway.listing = QueryAnswer(None)
        self.poll(batch)
        self.assertEqual(self.states(batch), {"sent": 2, "draft": 1})
        self.assertEqual(len(self.pending_jobs("_poll_status")), 1)
