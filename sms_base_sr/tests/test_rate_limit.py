from concurrent.futures import ThreadPoolExecutor

import psycopg2
import psycopg2.errors

from odoo.tools import mute_logger

from odoo.addons.sms_base_sr.models.sms_batch_claim import SmsBatch as SmsBatchClaim
from odoo.addons.sms_base_sr.models.sms_provider_health_limit import (
    SmsProviderHealth as SmsProviderHealthLimit,
)
from odoo.addons.sms_base_sr.tools.outcomes import (
    Accepted,
    RateLimit,
)

from .health_case import LimitCase
from .race_case import RaceCase


class TestReservation(LimitCase):
    """Each call is counted before it is made, by all workers in one row."""

    def test_calls_are_counted_in_a_period_that_the_first_one_begins(self):
        for number in (1, 2, 3):
            self.campaign.recipients.clear()
            self.run_batch(self.queued_batch(1))
            self.assertEqual(self.health.used, number)
            if number == 1:
                self.assertAlmostEqual(
                    self.seconds_until(self.health.window_end), 61, delta=5
                )
                ends = self.health.window_end
        self.assertEqual(self.health.window_end, ends)
        self.assertEqual(self.provider.rate_remaining, 7)

    def test_a_new_period_begins_at_nothing(self):
        self.use(10, seconds=-1)
        self.assertEqual(self.provider.rate_remaining, 10)
        self.run_batch(self.queued_batch(1))
        self.assertEqual(self.health.used, 1)

    def test_the_call_is_counted_after_the_claim_and_before_the_call(self):
        seen = []

        def look(request):
            with self.env.registry.cursor() as cr:
                cr.execute(
                    "SELECT used FROM sms_provider_health WHERE provider_id = %s",
                    [self.provider.id],
                )
                seen.append(cr.fetchone()[0])
            return self.gateway.accept(request)

        self.gateway.answers = [look]
        commit = SmsBatchClaim._commit_claim

        def committed(batch):
            seen.append(self.health.used)
            return commit(batch)

        self.patch(SmsBatchClaim, "_commit_claim", committed)
        self.run_batch(self.queued_batch(1))
        self.assertEqual(seen, [0, 1])

    def test_a_full_period_makes_no_claim_and_one_eta(self):
        batch = self.queued_batch()
        self.use(9)
        error = self.run_batch(batch)
        self.assertTrue(error.ignore_retry)
        self.assertEqual((batch.state, batch.attempt, batch.tries), ("queued", 0, 0))
        self.assertGreaterEqual(error.seconds, 29)
        self.assertLessEqual(error.seconds, 30 + 15 + 2, "the spread is a part of it")
        self.assertEqual(len(self.send_jobs(batch)), 1)
        self.env["sms.batch"]._sweep()
        self.assertEqual(len(self.send_jobs(batch)), 1, "and no job polls")
        self.wait_and_run(batch)
        self.assertEqual(batch.state, "sent")

    def test_the_last_call_that_another_worker_took_costs_no_try(self):
        """Between looking and counting: back to the queue, nothing was called."""
        batch = self.queued_batch()
        commit = SmsBatchClaim._commit_claim

        def overtaken(batch):
            commit(batch)
            self.use(9)

        self.patch(SmsBatchClaim, "_commit_claim", overtaken)
        error = self.run_batch(batch)
        self.assertFalse(self.gateway.calls)
        self.assertTrue(error.ignore_retry)
        self.assertEqual((batch.state, batch.tries), ("queued", 0))
        self.assertGreaterEqual(self.seconds_until(batch.not_before), 25)
        attempt = batch.attempt_ids
        self.assertEqual(attempt.outcome, "not_attempted")
        self.assertIn("rate_limited", attempt.detail)
        self.assertEqual(self.health.limited_count, 0, "the gateway refused nothing")
        self.assertFalse(self.health.last_failure or self.health.blocked_until)
        self.patch(SmsBatchClaim, "_commit_claim", commit)
        self.wait_and_run(batch)
        self.assertEqual(self.states(batch), {"sent": 3})

    def test_a_database_that_is_too_busy_to_count_leaves_nothing_unknown(self):
        errors = [psycopg2.errors.SerializationFailure, psycopg2.OperationalError]
        for error in errors:
            with self.subTest(error=error.__name__):
                self.campaign.recipients.clear()
                batch = self.queued_batch()

                def fail(health, campaign, error=error):
                    raise error()

                self.patch(SmsProviderHealthLimit, "_take_call", fail)
                self.run_batch(batch)
                self.assertEqual((batch.state, batch.tries), ("queued", 0))
                self.assertFalse(self.gateway.calls)

    def test_workers_of_two_accounts_do_not_share_a_limit(self):
        self.use(10)
        other = self.provider.create({"name": "B", "rate_calls": 10})
        batch = self.queued_batch(provider_id=other.id)
        self.run_batch(batch)
        self.assertEqual(batch.state, "sent")
        self.assertEqual((self.health.used, other.health_id.used), (10, 1))


class TestPriority(LimitCase):
    """Agents overtake campaigns: the last calls of a period are theirs."""

    def test_campaigns_stop_before_the_last_calls_and_agents_do_not(self):
        # calls used, a campaign goes, an agent goes
        cases = [(8, True, True), (9, False, True), (10, False, False)]
        for used, campaign, agent in cases:
            with self.subTest(used=used):
                self.campaign.recipients.clear()
                self.use(used)
                batch = self.queued_batch(1)
                self.run_batch(batch)
                self.assertEqual(batch.state == "sent", campaign)
                self.use(used)
                single = self.single()
                self.run_batch(single)
                self.assertEqual(single.state == "sent", agent)

    def test_with_one_call_there_is_nothing_to_share(self):
        self.provider.rate_calls = 1
        batch = self.queued_batch(1)
        self.run_batch(batch)
        self.assertEqual(batch.state, "sent")

    def test_an_agents_message_waits_for_the_period_only(self):
        self.use(10)
        single = self.single()
        self.assertLessEqual(self.run_batch(single).seconds, 31)


class TestForPeople(LimitCase):
    """What the form says."""

    def test_the_speed_is_a_sentence(self):
        self.provider.write({"rate_calls": 500, "batch_size": 1000})
        self.assertIn("500,000 messages per minute", self.provider.rate_sentence)
        self.assertIn("500 calls in 60 seconds", self.provider.rate_sentence)
        self.provider.write({"rate_calls": 5, "rate_period": 10, "batch_size": 200})
        self.assertIn("6,000 messages per minute", self.provider.rate_sentence)

    def test_few_calls_left_are_shown(self):
        self.provider.rate_calls = 500
        for used, low in ((0, False), (450, False), (451, True), (500, True)):
            with self.subTest(used=used):
                self.use(used)
                self.assertEqual(self.provider.rate_low, low)
        self.assertIn("0 of 500", self.provider.rate_calls_sentence)
        self.use(500, seconds=-1)
        self.assertFalse(self.provider.rate_low, "the period is over")

    def test_impossible_settings_are_refused(self):
        cases = [("rate_calls", 0), ("rate_period", 0), ("rate_period", 3601)]
        for name, value in cases:
            with (
                self.subTest(name=name, value=value),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation),
            ):
                self.provider[name] = value
                self.provider.flush_recordset()


class TestRaces(RaceCase):
    """Real transactions that meet at one account's row."""

    settings = {"rate_calls": 5, "rate_period": 600}

    def test_of_eight_workers_exactly_five_get_a_call(self):
        with mute_logger("odoo.addons.sms_base_sr.models.sms_batch_settle"):
            taken = self.together(*[lambda p: p.health_id._take_call(False)] * 8)
        self.assertEqual(sorted(map(str, taken)), ["None"] * 3 + ["call"] * 5)
        self.assertEqual(self.health("used")["used"], 5)

    def test_notes_of_answers_lose_no_call_that_is_counted_meanwhile(self):
        def note(provider):
            outcome = Accepted("r", limits=RateLimit(5, 5))
            provider.health_id._note_outcome(provider.id, outcome)

        def take(provider):
            return provider.health_id._take_call(False)

        with mute_logger("odoo.addons.sms_base_sr.models.sms_batch_settle"):
            self.together(take, note, take)
        # Nothing that is said about no call can lower what was counted after it.
        self.assertLessEqual(self.health("used")["used"], 2)
        self.assertTrue(self.health("last_success")["last_success"])

    def test_one_worker_that_holds_the_row_only_delays_the_others(self):
        with (
            ThreadPoolExecutor(1) as thread,
            mute_logger("odoo.addons.sms_base_sr.models.sms_batch_settle"),
        ):
            with self.registry.cursor() as cr:
                health = self.providers(cr).env["sms.provider.health"]
                health._lock(self.provider_id).last_failure_reason = "slow"
                cr.flush()
                waiting = thread.submit(
                    self.alone, lambda p: p.health_id._take_call(False)
                )
            self.assertEqual(waiting.result(30), "call")
        self.assertEqual(self.health("last_failure_reason", "used")["used"], 1)
