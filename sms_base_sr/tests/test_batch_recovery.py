from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.sms_base_sr.models.sms_provider import SmsProvider
from odoo.addons.sms_base_sr.tools.outcomes import NotAttempted, QueryAnswer, Unknown

from .recovery_case import RecoveryCase


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
        self.let_pass(batch, 200)
        self.gateway.listing = self.listing(self.messages(batch))
        self.recover(batch)
        self.assertEqual(self.gateway.queries, [f"{batch.reference}-1"])
        self.assertEqual(self.states(batch), {"sent": 3})
        self.assertEqual(len(self.gateway.calls), 1)

    def test_nobody_asks_while_the_call_may_be_out(self):
        """Pain 15: a second job of a batch in its call only says *unknown*."""
        batch = self.queued_batch()
        self.begin_attempt(batch, over_since=-100)
        self.assertIsNone(self.run_batch(batch))
        self.assertEqual(batch.state, "unknown")
        self.assertTrue(batch.failure_reason)
        self.assertFalse(self.gateway.queries)
        self.env["sms.batch"]._sweep()
        self.assertFalse(self.recovery_jobs(batch), "nothing to ask yet")
        self.let_pass(batch, 102)
        self.recover(batch)
        self.assertEqual(len(self.gateway.queries), 1)
        self.assertFalse(self.gateway.calls)

    def test_a_batch_whose_owner_runs_is_left_alone(self):
        """Pain 15: requeueing a running job changes nothing."""
        batch = self.queued_batch()
        self.begin_attempt(batch, over_since=1000)
        self.patch(type(batch), "_owner_is_alive", lambda batch: True)
        self.assertIsNone(self.run_batch(batch))
        self.assertEqual((batch.state, batch.attempt), ("sending", 1))
        self.assertFalse(self.gateway.queries or self.gateway.calls)

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

    def test_a_listing_without_messages_proves_nothing(self):
        batch = self.unknown_batch()
        self.gateway.listing = QueryAnswer(True, "req-found")
        self.recover(batch)
        self.assertEqual(batch.state, "unknown")
        self.assertEqual(self.states(batch), {"draft": 3})

    def test_a_listing_without_references_rejects_nobody(self):
        """Whoever is in it cannot be told: not a reason to call anybody refused."""
        batch = self.unknown_batch()
        listing = self.listing(self.messages(batch)).items
        nameless = tuple(replace(item, reference=None) for item in listing)
        self.gateway.listing = QueryAnswer(True, "req-found", nameless)
        self.recover(batch)
        self.assertEqual(batch.state, "unknown")
        self.assertEqual(self.states(batch), {"draft": 3})
        self.gateway.listing = QueryAnswer(True, "req-found", listing)
        self.recover_after(batch, 60)
        self.assertEqual(self.states(batch), {"sent": 3})

    def test_half_a_listing_is_not_believed_while_the_call_may_be_out(self):
        batch = self.unknown_batch()
        messages = self.messages(batch)
        batch.attempt_deadline = fields.Datetime.now() + timedelta(seconds=60)
        self.gateway.listing = self.listing(messages[:1])
        self.recover(batch)
        self.assertEqual(self.states(batch), {"draft": 3})
        self.gateway.listing = self.listing(messages)
        self.recover_after(batch, 0)
        self.assertEqual(self.states(batch), {"sent": 3})

    def test_what_is_found_is_found_while_the_deadline_runs(self):
        """A whole listing needs no waiting: the call was accepted."""
        batch = self.unknown_batch()
        batch.attempt_deadline = fields.Datetime.now() + timedelta(seconds=60)
        self.gateway.listing = self.listing(self.messages(batch))
        self.recover(batch)
        self.assertEqual(self.states(batch), {"sent": 3})

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

    def test_an_older_attempt_that_is_found_counts(self):
        """The gateway is asked for every attempt, the last one first."""
        batch = self.queued_batch()
        self.gateway.answers = [NotAttempted("connection"), Unknown("timeout")]
        self.run_batch(batch)
        self.wait_and_run(batch)
        self.let_pass(batch, 200)
        listing = self.listing(self.messages(batch))
        first, second = (f"{batch.reference}-{n}" for n in (1, 2))
        known = {first: listing, second: QueryAnswer(False)}
        self.gateway.listing = known.get
        self.recover(batch)
        self.assertEqual(self.gateway.queries, [second, first])
        self.assertEqual((batch.state, batch.attempt_reference), ("sent", first))
        self.assertEqual(self.states(batch), {"sent": 3})

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

    def test_what_a_carrier_rejected_meanwhile_was_accepted_all_the_same(self):
        """A rejection does not tell of itself that the gateway took it, and charged."""
        batch = self.unknown_batch(2)
        first, second = self.messages(batch)
        self.env["sms.message"]._raise_states(
            [(first.id, "rejected", "rejected", None, None)]
        )
        self.assertFalse(first.sent_date or first.cost)
        self.gateway.listing = self.listing(first + second)
        self.recover(batch)
        self.assertEqual((first.state, second.state), ("rejected", "sent"))
        self.assertEqual(first.failure_type, "rejected")
        self.assertTrue(first.sent_date)
        self.assertAlmostEqual(first.cost, 0.10)

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
