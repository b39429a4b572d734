from datetime import timedelta

from odoo import fields
from odoo.tools import mute_logger

from odoo.addons.sms_base_sr.models.sms_batch_claim import SmsBatch as SmsBatchClaim
from odoo.addons.sms_base_sr.models.sms_provider_circuit import SmsProvider
from odoo.addons.sms_base_sr.tools.outcomes import (
    Accepted,
    NotAttempted,
    RefusedContent,
    Unknown,
)

from .health_case import CircuitCase
from .race_case import RaceCase


class TestOpening(CircuitCase):
    """What stops calls, and what does not."""

    def test_failures_in_a_row_open_it_and_others_do_not(self):
        failures = [
            NotAttempted("connection"),
            NotAttempted("address"),
            Unknown("timeout"),
        ]
        others = [
            NotAttempted("rate_limited"),
            NotAttempted("too_large"),
            RefusedContent(detail="422"),
            Accepted("r"),
        ]
        for outcome in failures + others:
            with self.subTest(outcome=outcome):
                self.health._resume()
                self.note(outcome, 2)
                self.assertFalse(self.health.circuit_since)
                self.note(outcome, 1)
                opened = bool(self.health.circuit_since)
                self.assertEqual(opened, outcome in failures)

    def test_a_refused_token_suspends_and_opens_nothing(self):
        self.note(NotAttempted("unauthorized"), 5)
        self.assertEqual(self.provider.health_state, "suspended")
        self.assertFalse(self.health.circuit_since or self.health.failure_times)

    def test_a_success_or_a_refused_text_begins_the_count_anew(self):
        for outcome in (Accepted("r"), RefusedContent(detail="422")):
            with self.subTest(outcome=outcome):
                self.note(NotAttempted("connection"), 2)
                self.note(outcome)
                self.note(NotAttempted("connection"), 2)
                self.assertFalse(self.health.circuit_since)
                self.note(outcome)

    def test_failures_must_lie_within_the_time(self):
        self.note(NotAttempted("connection"), 2)
        self.pass_time(61)
        self.note(NotAttempted("connection"), 2)
        self.assertFalse(self.health.circuit_since)
        self.note(NotAttempted("connection"))
        self.assertTrue(self.health.circuit_since)

    def test_our_own_limit_is_no_failure(self):
        self.provider.write({"rate_calls": 1, "rate_period": 60})
        commit = SmsBatchClaim._commit_claim

        def overtaken(batch):
            commit(batch)
            self.health.write(
                {"used": 1, "window_end": fields.Datetime.now() + timedelta(minutes=1)}
            )
            self.env.flush_all()

        self.patch(SmsBatchClaim, "_commit_claim", overtaken)
        for _batch in range(4):
            self.campaign.recipients.clear()
            self.run_batch(self.queued_batch(1))
            self.pass_time()
        self.assertFalse(self.gateway.calls)
        self.assertFalse(self.health.circuit_since or self.health.failure_times)

    def test_the_batches_own_calls_open_it_and_it_is_told_why_and_when(self):
        self.gateway.answers = [NotAttempted("connection", "refused")] * 9
        opened = []
        self.patch(
            SmsProvider,
            "_after_circuit_opened",
            lambda provider, reason: opened.append((provider, reason)),
        )
        batches = [self.new_batch() for _number in range(5)]
        for batch in batches:
            batch._enqueue()
            self.run_batch(batch)
        self.assertEqual(len(self.gateway.calls), 3, "then nobody calls")
        self.assertEqual(opened, [(self.provider, "connection: refused")])
        incident = self.provider.incident_ids
        self.assertEqual((incident.kind, incident.times), ("circuit", 1))
        self.assertEqual(incident.reason, "connection: refused")
        self.assertTrue(incident.started_at)
        self.assertFalse(incident.ended_at)
        wait = self.health.probe_at - fields.Datetime.now()
        self.assertAlmostEqual(wait.total_seconds(), 60, delta=5)


class TestOpen(CircuitCase):
    """While it is open nothing waits in jobs, and nothing is lost."""

    def test_batches_end_their_jobs_and_no_others_are_made(self):
        batch = self.queued_batch()
        self.open_circuit()
        self.assertIsNone(self.run_batch(batch), "the job ends")
        self.assertEqual((batch.state, batch.attempt), ("queued", 0))
        for _minute in range(3):
            self.env["sms.batch"]._sweep()
        self.assertFalse(self.send_jobs(batch))

    def test_the_probe_has_a_job_with_an_eta(self):
        self.open_circuit()
        job = self.pending_jobs("_start_probe")
        self.assertEqual(len(job), 1)
        wait = (job.eta - fields.Datetime.now()).total_seconds()
        self.assertAlmostEqual(wait, 60, delta=5)

    def test_calls_that_were_out_when_it_opened_change_nothing(self):
        self.open_circuit()
        before = self.health.probe_at
        self.note(NotAttempted("connection"), 4)
        self.assertEqual(self.health.probe_at, before)
        self.assertEqual(len(self.pending_jobs("_start_probe")), 1)
        self.assertEqual(self.provider.incident_ids.times, 1)

    def test_a_call_that_was_out_and_is_accepted_closes_it(self):
        self.open_circuit()
        self.note(Accepted("r"))
        self.assertEqual(self.provider.health_state, "healthy")

    def test_a_claim_that_it_overtook_goes_back_without_a_call(self):
        batch = self.queued_batch()
        commit = SmsBatchClaim._commit_claim

        def overtaken(batch):
            commit(batch)
            self.open_circuit()

        self.patch(SmsBatchClaim, "_commit_claim", overtaken)
        self.assertIsNone(self.run_batch(batch), "no job waits")
        self.assertFalse(self.gateway.calls)
        self.assertEqual((batch.state, batch.tries), ("queued", 0))
        self.assertFalse(batch.not_before)
        self.assertEqual(batch.attempt_ids.outcome, "not_attempted")


class TestRaces(RaceCase):
    """Real transactions that meet at one account's row."""

    settings = {"circuit_failures": 4}

    @staticmethod
    def fail(provider):
        provider.health_id._note_outcome(
            provider.id, NotAttempted("connection"), "connection"
        )

    def test_failures_of_four_workers_at_once_open_it_once(self):
        with mute_logger("odoo.addons.sms_base_sr.models.sms_batch_settle"):
            self.together(*[self.fail] * 4)
        self.assertTrue(self.health("circuit_since")["circuit_since"])
        kinds = self.alone(lambda p: p.incident_ids.mapped("kind"))
        self.assertEqual(kinds, ["circuit"])

    def test_of_four_workers_one_makes_the_probe(self):
        def due(provider):
            past = fields.Datetime.now() - timedelta(seconds=1)
            health = {"circuit_since": past, "probe_at": past}
            provider.health_id.write(health)

        self.alone(due)
        with mute_logger("odoo.addons.sms_base_sr.models.sms_batch_settle"):
            taken = self.together(*[lambda p: p.health_id._take_call(True)] * 4)
        self.assertEqual(sorted(map(str, taken)), ["None"] * 3 + ["probe"])
