from odoo.addons.sms_base_sr.models.sms_batch_claim import SmsBatch as SmsBatchClaim
from odoo.addons.sms_base_sr.tools.outcomes import (
    Accepted,
    NotAttempted,
    RateLimit,
    Unknown,
)

from .health_case import LimitCase


class TestHeaders(LimitCase):
    """What the gateway's headers say is true, whatever we have counted."""

    def answer(self, **limits):
        self.campaign.recipients.clear()
        limits = limits and RateLimit(**limits)
        self.gateway.answers = [
            lambda request: Accepted(
                "r", self.gateway.accept(request).results, limits=limits or None
            )
        ]
        batch = self.queued_batch(1)
        self.run_batch(batch)
        self.assertEqual(batch.state, "sent")

    def test_a_batch_is_sent_whatever_they_say(self):
        odd = [{}, {"limit": 0}, {"limit": -5, "remaining": -1, "reset": -3}]
        odd += [{"limit": "unlimited"}, {"remaining": 10**12}, {"reset": float("inf")}]
        for limits in odd:
            with self.subTest(limits=limits):
                self.pass_time()
                self.answer(**limits)
                self.assertEqual(self.provider.rate_remaining, 9)

    def test_calls_of_others_on_the_same_account_count(self):
        self.answer(limit=10, remaining=2)
        self.assertEqual(self.provider.rate_remaining, 2)

    def test_a_lower_limit_of_the_gateway_counts_from_now_on(self):
        self.answer(limit=4, remaining=3)
        self.assertEqual(self.provider.rate_allowed, 4)
        self.assertIn("4 calls", self.provider.rate_sentence)
        self.answer()
        self.assertEqual(self.provider.rate_allowed, 4, "silence changes nothing")

    def test_a_higher_one_does_not_make_us_call_more_than_we_want(self):
        """Nor less: the gateway's count, of a longer period perhaps, is not ours."""
        for number in range(1, 4):
            self.answer(limit=1000, remaining=900)
            self.assertEqual(self.provider.rate_allowed, 10)
            self.assertEqual(self.provider.rate_remaining, 10 - number)

    def test_none_left_holds_campaigns_and_agents(self):
        self.answer(limit=10, remaining=0, reset=40)
        self.campaign.recipients.clear()
        for batch in (self.queued_batch(1), self.single()):
            seconds = self.run_batch(batch).seconds
            self.assertGreaterEqual(seconds, 38)
            self.assertEqual(batch.attempt, 0)

    def test_a_window_that_the_gateway_renewed_is_seen(self):
        self.use(9)
        self.health.used = 8
        self.answer(limit=10, remaining=9)
        self.assertEqual(self.health.used, 1)

    def test_calls_that_are_out_are_not_taken_for_a_renewed_window(self):
        """The gateway has not counted them yet; we have."""
        self.use(3)
        for _call in range(3):
            self.campaign.recipients.clear()
            self.begin_attempt(self.queued_batch(1), over_since=-170)
        self.answer(limit=10, remaining=9)
        self.assertEqual(self.health.used, 4)

    def test_unknown_outcomes_have_headers_too(self):
        limits = RateLimit(10, 1)
        self.gateway.answers = [Unknown("server_error", limits=limits)]
        self.run_batch(self.queued_batch(1))
        self.assertEqual(self.provider.rate_remaining, 1)


class TestRefusals(LimitCase):
    """429: nobody calls until the gateway's break is over."""

    def refuse(self, retry_after=None, **limits):
        self.campaign.recipients.clear()
        limits = RateLimit(**limits) if limits else None
        refusal = NotAttempted("rate_limited", retry_after=retry_after, limits=limits)
        self.gateway.answers = [refusal]
        batch = self.queued_batch(1)
        self.run_batch(batch)
        self.assertEqual((batch.state, batch.tries), ("queued", 0))
        return batch

    def test_it_blocks_all_for_as_long_as_is_asked(self):
        cases = [
            ({"retry_after": 90}, 90),
            ({"retry_after": 90, "reset": 20}, 90),
            ({"remaining": 0, "reset": 45}, 45),
            ({"retry_after": 7.5}, 7.5),
        ]
        for answer, seconds in cases:
            with self.subTest(answer=answer):
                self.pass_time()
                self.refuse(**answer)
                blocked = self.seconds_until(self.health.blocked_until)
                self.assertAlmostEqual(blocked, seconds, delta=3)
                self.assertEqual(self.provider.health_state, "limited")
                calls = len(self.gateway.calls)
                for batch in (self.queued_batch(1), self.single()):
                    error = self.run_batch(batch)
                    self.assertGreaterEqual(error.seconds, seconds - 3)
                    self.assertEqual(batch.attempt, 0)
                self.assertEqual(len(self.gateway.calls), calls)

    def test_it_stops_a_claim_that_it_overtook(self):
        """Another worker was refused between our look and our call."""
        self.campaign.recipients.clear()
        batch = self.queued_batch(1)
        commit = SmsBatchClaim._commit_claim

        def overtaken(batch):
            commit(batch)
            refusal = NotAttempted("rate_limited", retry_after=90)
            self.health._note_outcome(self.provider.id, refusal, "429")
            self.env.flush_all()

        self.patch(SmsBatchClaim, "_commit_claim", overtaken)
        self.assertGreaterEqual(self.run_batch(batch).seconds, 85)
        self.assertFalse(self.gateway.calls)
        self.assertEqual((batch.state, batch.tries), ("queued", 0))

    def test_without_a_word_the_break_doubles_each_time(self):
        for number, least in enumerate((60, 120, 240, 480, 600, 600), start=1):
            self.refuse()
            self.assertEqual(self.health.limited_count, number)
            blocked = self.seconds_until(self.health.blocked_until)
            self.assertGreaterEqual(blocked, least - 3)
            self.assertLessEqual(blocked, least * 1.1 + 3)
            self.pass_time()
        self.run_batch(self.queued_batch(1))
        self.assertEqual(self.health.limited_count, 0, "a success begins anew")

    def test_refusals_at_the_same_moment_are_one(self):
        for _worker in range(3):
            self.health._note_outcome(
                self.provider.id, NotAttempted("rate_limited"), "rate_limited"
            )
        self.assertEqual(self.health.limited_count, 1)
        blocked = self.seconds_until(self.health.blocked_until)
        self.assertLess(blocked, 70)

    def test_a_shorter_break_does_not_end_a_longer_one(self):
        for seconds in (300, 5):
            self.health._note_outcome(
                self.provider.id, NotAttempted("rate_limited", "", seconds), "429"
            )
        self.assertGreater(self.seconds_until(self.health.blocked_until), 290)

    def test_the_history_has_one_line_for_refusals_in_a_row(self):
        self.refuse(30)
        self.refuse(30)
        self.health.blocked_until = False
        self.refuse(90)
        incident = self.provider.incident_ids
        self.assertEqual((incident.kind, incident.times), ("limited", 2))
        self.assertEqual(incident.ended_at, self.health.blocked_until)

    def test_it_is_no_failure_of_the_gateway(self):
        for _time in range(8):
            self.refuse(1)
            self.health.blocked_until = False
        self.assertFalse(self.health.circuit_since or self.health.failure_times)
