from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tools import mute_logger

from odoo.addons.sms_base_sr.models.sms_batch_claim import SmsBatch as SmsBatchClaim
from odoo.addons.sms_base_sr.models.sms_batch_settle import SmsBatch as SmsBatchSettle
from odoo.addons.sms_base_sr.models.sms_provider_circuit import SmsProvider
from odoo.addons.sms_base_sr.tools.outcomes import (
    Accepted,
    NotAttempted,
    RefusedContent,
    Unknown,
)

from .campaign_case import CampaignCase
from .race_case import RaceCase


class CircuitCase(CampaignCase):
    """A provider whose circuit opens after three failures in a minute."""

    def setUp(self):
        super().setUp()
        self.provider.circuit_failures = 3
        self.health = self.provider.health_id

    def note(self, outcome, times=1):
        """Let calls of other batches end so."""
        for _call in range(times):
            self.health._note_outcome(self.provider.id, outcome, "it says why")
        self.env.flush_all()

    def open_circuit(self):
        self.note(NotAttempted("connection"), 3)
        self.assertEqual(self.provider.health_state, "stopped")
        self.env.invalidate_all()

    def new_batch(self, count=1, **values):
        """A queued batch without a job, as ended ones leave it."""
        self.campaign.recipients.clear()
        batch = self.queued_batch(count, **values)
        self.send_jobs(batch).unlink()
        return batch

    def run_probe_job(self):
        """Let the probe's time come and its job run."""
        self.pass_time(61)
        jobs = self.pending_jobs("_start_probe")
        jobs.eta = False
        self.run_jobs("_start_probe")


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


class TestPeople(CircuitCase):
    """What a person sees and may do."""

    def test_resuming_closes_it_at_once_and_is_signed(self):
        batch = self.new_batch()
        self.open_circuit()
        admin = self.new_user("admin", "sms_base_sr.group_sms_admin")
        resumed = []
        self.patch(SmsProvider, "_after_resumed", lambda p: resumed.append(p))
        self.provider.with_user(admin).action_resume()
        self.assertEqual(resumed, [self.provider])
        self.assertEqual(self.provider.health_state, "healthy")
        incident = self.provider.incident_ids
        self.assertEqual(incident.ended_by_id, admin)
        self.assertTrue(incident.ended_at)
        self.run_jobs("_wake_batches")
        self.run_batch(batch)
        self.assertEqual(batch.state, "sent")

    def test_suspensions_have_a_history_too(self):
        suspended = []
        self.patch(
            SmsProvider,
            "_after_suspended",
            lambda provider, reason: suspended.append(reason),
        )
        for _worker in range(3):
            self.health._suspend(self.provider.id, "token refused")
        self.assertEqual(suspended, ["token refused"], "told once")
        incident = self.provider.incident_ids
        self.assertEqual((incident.kind, incident.reason), ("suspended", suspended[0]))
        self.assertTrue(self.provider.suspended_at)
        self.provider.action_resume()
        self.assertEqual(incident.ended_by_id, self.env.user)
        self.assertFalse(self.provider.suspended_at)

    def test_resuming_what_was_not_held_tells_nobody(self):
        resumed = []
        self.patch(SmsProvider, "_after_resumed", lambda p: resumed.append(p))
        self.provider.action_resume()
        self.assertFalse(resumed or self.provider.incident_ids)

    def test_the_status_names_what_weighs_most(self):
        later = fields.Datetime.now() + timedelta(minutes=5)
        self.assertEqual(self.provider.health_state, "healthy")
        self.health.blocked_until = later
        self.assertEqual(self.provider.health_state, "limited")
        self.health.circuit_since = later
        self.assertEqual(self.provider.health_state, "stopped")
        self.health.suspended = True
        self.assertEqual(self.provider.health_state, "suspended")

    def test_the_advice_fits_the_reason(self):
        cases = [
            ("unauthorized: Unauthenticated.", "refuses the token"),
            ("forbidden: 403", "portal"),
            ("API token: enter the token", "Correct what is said"),
        ]
        for reason, words in cases:
            with self.subTest(reason=reason):
                self.provider.action_resume()
                self.health._suspend(self.provider.id, reason)
                self.assertIn(words, self.provider.health_advice)
        self.provider.action_resume()
        self.assertFalse(self.provider.health_advice)
        cases = [
            ("connection: refused", "cannot be reached"),
            ("address: 302", "address"),
            ("timeout: read", "support"),
        ]
        for reason, words in cases:
            with self.subTest(reason=reason):
                self.health.write({"circuit_since": "2026-05-05"})
                self.health.circuit_reason = reason
                self.assertIn(words, self.provider.health_advice)

    def test_the_waiting_batches_are_counted(self):
        self.assertEqual(self.provider.waiting_count, 0)
        self.new_batch()
        self.new_batch()
        self.provider.invalidate_recordset()
        self.assertEqual(self.provider.waiting_count, 2)

    def test_salespeople_read_the_status_and_change_nothing(self):
        self.open_circuit()
        provider = self.provider.with_user(self.salesperson)
        names = ["health_state", "circuit_reason", "probe_at", "rate_sentence"]
        names += ["waiting_count", "incident_ids", "rate_calls_sentence"]
        self.assertEqual(provider.read(names)[0]["health_state"], "stopped")
        self.assertTrue(provider.incident_ids.reason)

    def test_the_history_keeps_half_a_year_and_what_lasts(self):
        old = fields.Datetime.now() - timedelta(days=181)
        incidents = self.env["sms.provider.incident"]
        ended, lasting, recent = (
            incidents._begin(self.provider, "circuit", name) for name in "abc"
        )
        ended.write({"started_at": old, "ended_at": old})
        lasting.started_at = old
        recent.ended_at = fields.Datetime.now()
        incidents._delete_old()
        self.assertEqual(self.provider.incident_ids, lasting + recent)


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
