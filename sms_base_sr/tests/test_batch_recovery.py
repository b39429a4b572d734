from contextlib import suppress
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.sms_base_sr.models.sms_provider import SmsProvider
from odoo.addons.sms_base_sr.tools.inbound import StatusItem
from odoo.addons.sms_base_sr.tools.outcomes import Accepted, QueryAnswer, Unknown

from .campaign_case import CampaignCase


class RecoveryCase(CampaignCase):
    """Batches whose call was made and whose answer is missing."""

    def unknown_batch(self, count=3):
        """A batch whose call ended in a timeout, two deadlines ago."""
        batch = self.queued_batch(count)
        self.gateway.answers = [Unknown("timeout")]
        self.run_batch(batch)
        batch.attempt_deadline = fields.Datetime.now() - timedelta(seconds=1)
        return batch

    def listing(self, messages, state="sent"):
        """A gateway's answer that knows these messages."""
        items = tuple(
            StatusItem(
                message_id=f"gw-{m.reference}", reference=m.reference, state=state
            )
            for m in messages
        )
        return QueryAnswer(True, "req-found", items)

    def recover(self, batch):
        """Let the sweeper wake the batch and run its job."""
        self.env.flush_all()
        self.env["sms.batch"]._sweep()
        return self.run_batch(batch)


class TestRecovery(RecoveryCase):
    """Ask the gateway; never send again blindly."""

    def test_a_crash_in_the_call_leaves_an_attempt_that_is_asked_about(self):
        """Pain 7 and 14: the process died between call and answer."""
        batch = self.queued_batch()
        job = self.send_jobs(batch)

        def crash(request):
            raise SystemError("the server was killed")

        self.gateway.answers = [crash]
        # assertRaises would roll back what the sender had committed.
        with suppress(SystemError):
            self.run_job(job)
            self.fail("the crash got lost")
        self.env.invalidate_all()
        self.assertEqual((batch.state, batch.attempt), ("sending", 1))
        job.write({"state": "failed"})
        batch.attempt_deadline = fields.Datetime.now() - timedelta(seconds=1)
        self.gateway.listing = self.listing(self.messages(batch))
        self.recover(batch)
        self.assertEqual(self.gateway.queries, [f"{batch.reference}-1"])
        self.assertEqual(self.states(batch), {"sent": 3})
        self.assertEqual(len(self.gateway.calls), 1)

    def test_nobody_asks_while_the_call_may_be_out(self):
        """Pain 15: a second job of a batch in its call comes back later."""
        batch = self.queued_batch()
        deadline = fields.Datetime.now() + timedelta(seconds=100)
        batch.write({"state": "sending", "attempt": 1, "attempt_deadline": deadline})
        error = self.run_batch(batch)
        self.assertTrue(error.ignore_retry)
        self.assertAlmostEqual(error.seconds, 101, delta=30)
        self.assertEqual(batch.state, "sending")
        self.assertFalse(self.gateway.queries)
        with freeze_time(deadline + timedelta(seconds=1)):
            self.run_batch(batch)
        self.assertEqual(len(self.gateway.queries), 1)
        self.assertFalse(self.gateway.calls)

    def test_what_the_gateway_lists_was_accepted(self):
        batch = self.unknown_batch()
        self.gateway.listing = self.listing(self.messages(batch))
        self.recover(batch)
        self.assertEqual((batch.state, batch.failure_reason), ("sent", False))
        self.assertEqual(batch.provider_job_id, "req-found")
        for message in self.messages(batch):
            self.assertEqual(message.state, "sent")
            self.assertEqual(message.provider_message_id, f"gw-{message.reference}")
            self.assertTrue(message.sent_date)
            self.assertAlmostEqual(message.cost, 0.10)
        self.run_jobs()
        self.assertEqual(batch.run_id.state, "done")
        self.assertEqual(self.summary(batch.run_id)["sent"], 3)

    def test_what_it_does_not_list_was_refused_and_costs_nothing(self):
        batch = self.unknown_batch()
        self.gateway.listing = self.listing(self.messages(batch)[:2])
        self.recover(batch)
        self.assertEqual(self.states(batch), {"sent": 2, "rejected": 1})
        lost = self.messages(batch)[2]
        self.assertEqual(lost.failure_type, "not_listed")
        self.assertFalse(lost.sent_date or lost.cost)

    def test_reports_of_the_listing_are_applied_as_events(self):
        batch = self.unknown_batch(1)
        self.gateway.listing = self.listing(self.messages(batch), "delivered")
        self.recover(batch)
        self.env["sms.event"]._apply_page(0)
        self.env.invalidate_all()
        self.assertEqual(self.states(batch), {"delivered": 1})

    def test_without_a_usable_answer_it_asks_again_and_sends_nothing(self):
        """Pain 7: *not found* proves nothing yet."""
        batch = self.unknown_batch()
        for found in (None, False):
            for detail in ("", "503"):
                with self.subTest(found=found, detail=detail):
                    self.gateway.listing = QueryAnswer(found, detail=detail)
                    self.recover(batch)
                    self.assertEqual(batch.state, "unknown")
                    self.assertTrue(batch.failure_reason)
        self.assertEqual(len(self.gateway.queries), 4)
        self.assertEqual(len(self.gateway.calls), 1)
        self.assertEqual(self.states(batch), {"draft": 3})

    def test_a_gateway_that_cannot_be_asked_leaves_it_unknown(self):
        batch = self.unknown_batch()
        self.patch(SmsProvider, "_can", lambda provider, name: False)
        self.recover(batch)
        self.assertEqual(batch.state, "unknown")
        self.assertFalse(self.gateway.queries)
        self.assertEqual(len(self.gateway.calls), 1)

    def test_a_report_that_came_meanwhile_is_not_lowered(self):
        """Pain 8: recovery raises states, and never lowers one."""
        batch = self.unknown_batch(2)
        first, second = self.messages(batch)
        self.env["sms.message"]._raise_states(
            [(first.id, "delivered", None, None, None)]
        )
        self.gateway.listing = self.listing(first + second)
        self.recover(batch)
        self.assertEqual((first.state, second.state), ("delivered", "sent"))

    def test_an_answer_that_came_while_asking_wins(self):
        batch = self.unknown_batch()

        def meanwhile(provider, reference):
            def query():
                with self.env.registry.cursor() as cr:
                    owner = self.env(cr=cr)["sms.batch"].browse(batch.id)
                    owner.write({"state": "sent", "provider_job_id": "req-owner"})
                return QueryAnswer(True, "req-found")

            return query

        self.patch(SmsProvider, "_log_query_batch", meanwhile)
        self.recover(batch)
        self.assertEqual(batch.provider_job_id, "req-owner")
        self.assertEqual(self.states(batch), {"draft": 3})

    def test_recovery_takes_the_attempt_away_from_its_call(self):
        batch = self.unknown_batch()
        self.gateway.listing = self.listing(self.messages(batch))
        self.recover(batch)
        self.assertFalse(batch.attempt_token)

    def test_a_cancelled_runs_unknown_batch_is_still_asked_about(self):
        """Pain 20: cancelling does not hide what had left."""
        batch = self.unknown_batch()
        batch.run_id.action_cancel()
        self.gateway.listing = self.listing(self.messages(batch))
        self.recover(batch)
        self.assertEqual(self.states(batch), {"sent": 3})


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

    def test_an_account_that_cannot_ask_fails_no_job(self):
        """A token that cannot be read: the batch waits, and says why."""
        batch = self.unknown_batch()
        reason = "enter the token again"

        def no_token(provider, reference):
            raise UserError(reason)

        self.patch(SmsProvider, "_log_query_batch", no_token)
        self.assertIsNone(self.recover(batch))
        self.assertEqual(batch.state, "unknown")
        self.assertEqual(batch.failure_reason, reason)

    def test_with_all_reports_in_nobody_asks(self):
        batch = self.sent_batch()
        rows = [(m.id, "delivered", None, None, None) for m in self.messages(batch)]
        self.env["sms.message"]._raise_states(rows)
        self.poll(batch)
        self.assertFalse(self.gateway.queries)
        self.assertFalse(self.pending_jobs("_poll_status"))

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

    def test_a_gateway_that_does_not_answer_changes_nothing(self):
        batch = self.sent_batch(forgotten=1)
        self.gateway.listing = QueryAnswer(None)
        self.poll(batch)
        self.assertEqual(self.states(batch), {"sent": 2, "draft": 1})
        self.assertEqual(len(self.pending_jobs("_poll_status")), 1)
