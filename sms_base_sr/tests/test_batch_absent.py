from datetime import timedelta

from odoo import fields

from odoo.addons.sms_base_sr.tools.outcomes import QueryAnswer, Unknown

from .recovery_case import RecoveryCase

NOT_FOUND = QueryAnswer(False, detail="404: Not found.")
NO_ANSWER = QueryAnswer(None, detail="503")


class TestAbsent(RecoveryCase):
    """A call that the gateway does not know: sent again only when that is certain."""

    def setUp(self):
        super().setUp()
        self.accepted = self.queued_batch(1)
        self.run_batch(self.accepted)
        self.campaign.recipients.clear()
        self.gateway.calls.clear()
        self.batch = self.unknown_batch()
        self.known = {self.accepted.attempt_reference: QueryAnswer(True, "req-1")}
        self.answer = NOT_FOUND
        self.gateway.listing = lambda ref: self.known.get(ref, self.answer)

    def test_twice_not_found_a_minute_apart_is_sent_again(self):
        self.recover(self.batch)
        self.assertEqual(self.batch.state, "unknown")
        self.recover_after(self.batch, 61)
        self.assertEqual(self.batch.state, "queued")
        self.assertEqual(self.batch.attempt_ids.outcome, "absent")
        self.run_jobs("_send_batch")
        self.assertEqual(self.states(self.batch), {"sent": 3})
        references = [call.reference for call in self.gateway.calls]
        self.assertEqual(references, [f"{self.batch.reference}-{n}" for n in (1, 2)])
        self.assertEqual(
            self.batch.attempt_ids.mapped("outcome"), ["accepted", "absent"]
        )

    def test_twice_within_the_minute_is_once(self):
        self.recover(self.batch)
        for _question in range(3):
            self.recover_after(self.batch, 15)
            self.assertEqual(self.batch.state, "unknown")
        self.assertEqual(len(self.gateway.calls), 1)

    def test_a_look_before_the_call_is_over_does_not_count(self):
        self.batch.attempt_deadline = fields.Datetime.now() + timedelta(seconds=30)
        self.recover(self.batch)
        self.assertFalse(self.batch.attempt_ids.not_found_at)
        self.recover_after(self.batch, 61)
        self.assertEqual(self.batch.state, "unknown", "this was the first look")
        self.recover_after(self.batch, 61)
        self.assertEqual(self.batch.state, "queued")

    def test_a_gateway_that_has_forgotten_everything_is_not_believed(self):
        """The same account must find a call that it is known to have accepted."""
        for known in (NOT_FOUND, NO_ANSWER):
            self.known = {self.accepted.attempt_reference: known}
            for _question in range(4):
                self.recover_after(self.batch, 61)
            self.assertEqual(self.batch.state, "unknown")
            self.assertFalse(self.batch.attempt_ids.not_found_at)
        self.assertEqual(len(self.gateway.calls), 1)

    def test_without_any_accepted_call_nothing_is_certain(self):
        self.accepted.attempt_ids.outcome = "unknown"
        for _question in range(4):
            self.recover_after(self.batch, 61)
        self.assertEqual(self.batch.state, "unknown")
        self.assertEqual(len(self.gateway.calls), 1)

    def test_no_answer_proves_nothing_however_often(self):
        """Pain 7: an outage of the gateway does not make us send again."""
        self.answer = NO_ANSWER
        for _question in range(4):
            self.recover_after(self.batch, 61)
        self.assertEqual((self.batch.state, len(self.gateway.calls)), ("unknown", 1))
        self.assertEqual(self.batch.failure_reason, "503")
        self.assertEqual(self.batch.attempt_ids.asked_count, 4)
        self.assertTrue(self.batch.attempt_ids.asked_at)

    def test_an_outage_between_the_two_looks_does_not_start_anew(self):
        self.recover(self.batch)
        self.answer = NO_ANSWER
        self.recover_after(self.batch, 61)
        self.answer = NOT_FOUND
        self.recover_after(self.batch, 61)
        self.assertEqual(self.batch.state, "queued")

    def test_found_after_not_found_is_found(self):
        self.recover(self.batch)
        self.answer = self.listing(self.messages(self.batch))
        self.recover_after(self.batch, 61)
        self.assertEqual(self.states(self.batch), {"sent": 3})
        self.assertEqual(len(self.gateway.calls), 1)

    def test_an_absent_attempt_is_asked_for_again_when_the_next_is_open(self):
        """What a gateway says late counts too."""
        self.recover(self.batch)
        self.recover_after(self.batch, 61)
        self.gateway.answers = [Unknown("timeout")]
        self.run_jobs("_send_batch")
        self.let_pass(self.batch, 200)
        first = f"{self.batch.reference}-1"
        self.known[first] = self.listing(self.messages(self.batch))
        self.recover_after(self.batch, 0)
        self.assertEqual(
            (self.batch.state, self.batch.attempt_reference), ("sent", first)
        )
        self.assertEqual(len(self.gateway.calls), 2)

    def test_a_call_that_never_got_through_needs_no_answer(self):
        """Its own end proves it: an account that is closed by now cannot block."""
        never = f"{self.batch.reference}-0"
        self.env["sms.batch.attempt"].create(
            {
                "batch_id": self.batch.id,
                "provider_id": self.provider.copy({"name": "Closed"}).id,
                "reference": never,
                "outcome": "not_attempted",
            }
        )
        self.known[never] = NO_ANSWER
        self.recover(self.batch)
        self.recover_after(self.batch, 61)
        self.assertEqual(self.batch.state, "queued")


class TestPatience(RecoveryCase):
    """Questions become rarer, and after an hour a person is asked."""

    def test_the_intervals_grow_to_an_hour(self):
        self.gateway.listing = NO_ANSWER
        batch = self.unknown_batch()
        waits = []
        for _question in range(13):
            self.recover_after(batch, 0)
            waits.append((batch.ask_at - fields.Datetime.now()).total_seconds() / 60)
        rounded = [round(wait) for wait in waits]
        self.assertEqual(rounded, [1] * 5 + [2, 4, 8, 16, 32, 60, 60, 60])

    def test_after_an_hour_a_person_decides_and_the_questions_go_on(self):
        self.gateway.listing = NO_ANSWER
        batch = self.unknown_batch()
        self.recover_after(batch, 3000)
        self.assertFalse(batch.needs_decision)
        self.recover_after(batch, 3600)
        self.assertTrue(batch.needs_decision)
        self.assertEqual(batch.state, "unknown")
        self.gateway.listing = self.listing(self.messages(batch))
        self.recover_after(batch, 3600)
        self.assertEqual((batch.state, batch.needs_decision), ("sent", False))

    def test_an_answer_that_comes_at_last_ends_the_questions(self):
        batch = self.unknown_batch()
        self.gateway.listing = self.listing(self.messages(batch))
        self.recover(batch)
        self.assertFalse(batch.ask_at)
        self.env["sms.batch"]._sweep()
        self.assertFalse(self.recovery_jobs(batch))
