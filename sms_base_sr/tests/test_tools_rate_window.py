"""The window of the rate limit: ceilings, headers of every kind, breaks."""

import math
import unittest
from datetime import datetime, timedelta

from odoo.addons.sms_base_sr.tools import rate_window
from odoo.addons.sms_base_sr.tools.outcomes import RateLimit
from odoo.addons.sms_base_sr.tools.rate_window import MARGIN, Window

NOW = datetime(2026, 5, 5, 12, 0, 0, 500_000)
ENDS = NOW + timedelta(seconds=20)
LATER = NOW + timedelta(seconds=59) + MARGIN
ANEW = NOW + timedelta(seconds=60) + MARGIN


class TestCeiling(unittest.TestCase):
    def test_campaigns_leave_one_call_in_twenty_and_at_least_one(self):
        cases = [(1, 1), (2, 1), (3, 2), (20, 19), (21, 19), (100, 95), (500, 475)]
        for allowed, campaign in cases:
            with self.subTest(allowed=allowed):
                self.assertEqual(rate_window.ceiling(allowed, True), campaign)
                self.assertEqual(rate_window.ceiling(allowed, False), allowed)

    def test_the_lower_limit_counts(self):
        cases = [(500, None, 500), (500, 0, 500), (500, 60, 60), (100, 500, 100)]
        for setting, said, allowed in cases:
            with self.subTest(setting=setting, said=said):
                self.assertEqual(rate_window.calls_allowed(setting, said), allowed)

    def test_few_calls_are_under_fifty_or_a_tenth_but_never_half_of_them(self):
        cases = [
            (50, 500, False),
            (49, 500, True),
            (199, 2000, True),
            (200, 2000, False),
            (49, 100, True),
            (50, 100, False),
            (6, 10, False),
            (5, 10, False),
            (4, 10, True),
            (1, 1, False),
            (0, 1, True),
        ]
        for left, allowed, low in cases:
            with self.subTest(left=left, allowed=allowed):
                self.assertEqual(rate_window.is_low(left, allowed), low)


class TestHeaders(unittest.TestCase):
    def test_what_cannot_be_true_is_not_believed(self):
        nonsense = [None, -1, math.inf, math.nan, "12", "", True, [], 2**40]
        for value in nonsense:
            with self.subTest(value=value):
                usable = rate_window.usable(RateLimit(value, value, value))
                self.assertEqual(usable, RateLimit())
        self.assertEqual(rate_window.usable(None), RateLimit())
        self.assertEqual(rate_window.usable(RateLimit(0, 0, 0)), RateLimit(None, 0))
        whole = rate_window.usable(RateLimit(100.0, 7.0, 3))
        self.assertEqual(whole, RateLimit(100, 7, 3.0))

    # what, window, headers, our limit, the gateway's, calls out meanwhile → window
    cases = [
        ("nothing said", Window(ENDS, 5), (), 100, 100, 0, Window(ENDS, 5)),
        ("only a limit", Window(ENDS, 5), (90,), 100, 90, 0, Window(ENDS, 5)),
        ("only a reset", Window(ENDS, 5), (None, None, 9), 100, 9, 0, Window(ENDS, 5)),
        ("only what is left", Window(ENDS, 5), (None, 80), 100, None, 0, 20),
        ("more than we want", Window(ENDS, 5), (None, 800), 100, None, 0, 5),
        ("as we count", Window(ENDS, 5), (100, 95), 100, 100, 0, 5),
        ("others call", Window(ENDS, 5), (100, 60), 100, 100, 0, 40),
        ("none is left", Window(ENDS, 5), (100, 0), 100, 100, 0, 100),
        ("calls are out", Window(ENDS, 5), (100, 97), 100, 100, 2, 5),
        ("renewed", Window(ENDS, 90), (100, 99), 100, 100, 0, Window(ANEW, 1)),
        ("renewed, two out", Window(ENDS, 90), (100, 99), 100, 100, 2, Window(ANEW, 3)),
        ("impossibly many", Window(ENDS, 0), (100, 5000), 100, 100, 0, 0),
        ("a first window", Window(), (100, 99), 100, 100, 0, Window(ANEW, 1)),
        ("ours is over", Window(NOW, 99), (100, 60), 100, 100, 0, Window(ANEW, 40)),
        ("we want less", Window(ENDS, 9), (500, 400), 10, 500, 0, 9),
        ("and others take it", Window(ENDS, 2), (500, 3), 10, 500, 0, 7),
        ("we want more", Window(ENDS, 2), (500, 450), 900, 500, 0, 50),
        ("a reset too", Window(ENDS, 5), (100, 90, 59), 100, 100, 0, Window(LATER, 10)),
    ]

    def test_headers_correct_the_window(self):
        for what, before, headers, setting, said, out, after in self.cases:
            with self.subTest(what):
                window = rate_window.corrected(
                    before,
                    RateLimit(*headers),
                    setting,
                    said,
                    NOW,
                    60,
                    overlapping=lambda n=out: n,
                )
                if isinstance(after, int):
                    after = Window(before.ends, after)
                self.assertEqual(window, after)

    def test_calls_are_only_counted_where_it_matters(self):
        def fail():
            raise AssertionError("not needed")

        for remaining in (None, 95, 50, 0):
            with self.subTest(remaining=remaining):
                limits = RateLimit(100, remaining)
                window = Window(ENDS, 5)
                rate_window.corrected(window, limits, 100, 100, NOW, 60, fail)


class TestBreaks(unittest.TestCase):
    def test_a_429_is_believed_first_by_retry_after_then_by_the_reset(self):
        cases = [(30, 45, 30), (None, 45, 45), (0, 45, 45), (7.5, None, 7.5)]
        for retry_after, reset, seconds in cases:
            with self.subTest(retry_after=retry_after, reset=reset):
                found = rate_window.seconds_blocked(retry_after, reset, 60, 3)
                self.assertEqual(found, seconds)

    def test_a_bare_429_doubles_the_break_up_to_ten_minutes(self):
        expected = [60, 120, 240, 480, 600, 600, 600]
        for number, least in enumerate(expected, start=1):
            with self.subTest(number=number):
                found = rate_window.seconds_blocked(None, None, 60, number)
                self.assertGreaterEqual(found, least)
                self.assertLessEqual(found, least * 1.1)
        self.assertLessEqual(rate_window.seconds_blocked(None, None, 60, 10**9), 660)

    def test_servers_do_not_come_back_at_the_same_moment(self):
        waits = {rate_window.seconds_blocked(None, None, 60, 1) for _n in range(20)}
        self.assertGreater(len(waits), 1)

    def test_batches_are_spread_over_a_part_of_the_period(self):
        for period, most in ((4, 1), (60, 15), (3600, 30)):
            found = [rate_window.spread(period) for _n in range(200)]
            with self.subTest(period=period):
                self.assertGreater(max(found), min(found))
                self.assertGreaterEqual(min(found), 0)
                self.assertLessEqual(max(found), most)


if __name__ == "__main__":
    unittest.main()
