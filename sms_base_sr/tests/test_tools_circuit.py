"""What counts against a gateway, and within which time."""

import unittest
from datetime import UTC, datetime, timedelta

from odoo.addons.sms_base_sr.tools import circuit, outcomes

NOW = datetime(2026, 5, 5, 12)


class TestCircuit(unittest.TestCase):
    failures = [
        outcomes.NotAttempted("connection"),
        outcomes.NotAttempted("address"),
        outcomes.Unknown("timeout"),
        outcomes.Unknown("server_error"),
    ]
    neutral = [
        outcomes.NotAttempted("rate_limited"),
        outcomes.NotAttempted("unauthorized"),
        outcomes.NotAttempted("forbidden"),
        outcomes.NotAttempted("too_large"),
        outcomes.NotAttempted("rate_limited", called=False),
        outcomes.NotAttempted("connection", called=False),
    ]
    successes = [
        outcomes.Accepted("request-1"),
        outcomes.RefusedContent(rows={"a": "invalid"}),
        outcomes.RefusedContent(detail="422"),
    ]

    def test_only_a_gateway_that_does_not_do_its_work_fails(self):
        cases = [(self.failures, True, False), (self.neutral, False, False)]
        cases.append((self.successes, False, True))
        for group, failure, success in cases:
            for outcome in group:
                with self.subTest(outcome=outcome):
                    self.assertEqual(circuit.is_failure(outcome), failure)
                    self.assertEqual(circuit.is_success(outcome), success)

    def times(self, *ages):
        moment = NOW.replace(tzinfo=UTC).timestamp()
        return [moment - age for age in ages]

    def test_failures_too_long_ago_are_forgotten(self):
        cases = [
            (None, [0]),
            ([], [0]),
            ([59], [59, 0]),
            ([60], [0]),
            ([300, 61, 59, 1], [59, 1, 0]),
            ([50, 40, 30, 20, 10], [40, 30, 20, 10, 0]),
        ]
        for before, after in cases:
            with self.subTest(before=before):
                before = before and self.times(*before)
                found = circuit.with_failure(before, NOW, within=60, keep=5)
                self.assertEqual(found, self.times(*after))

    def test_failures_of_a_clock_that_was_ahead_are_forgotten(self):
        ahead = self.times(-3600)
        self.assertEqual(
            circuit.with_failure(ahead, NOW, within=60, keep=5), self.times(0)
        )

    def test_five_failures_slide_through_the_window(self):
        times = None
        for second in (0, 30, 45, 58, 59):
            moment = NOW + timedelta(seconds=second)
            times = circuit.with_failure(times, moment, within=60, keep=5)
        self.assertEqual(len(times), 5)
        later = NOW + timedelta(seconds=61)
        self.assertEqual(len(circuit.with_failure(times, later, 60, 5)), 5)


if __name__ == "__main__":
    unittest.main()
