"""Callers who are refused too often wait; memory stays bounded."""

import threading
import unittest

from odoo.addons.sms_base_sr.tools.caller_limit import CallerLimit

PER_MINUTE = 60


class TestCallerLimit(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.limit = CallerLimit(keep=100, keep_known=10)

    def spend(self, caller, times, now=0.0):
        for _time in range(times):
            self.limit.spend(caller, PER_MINUTE, now)

    def held(self, caller, now=0.0):
        return self.limit.held(caller, PER_MINUTE, now)

    def test_who_is_not_refused_never_waits(self):
        for now in range(10_000):
            self.assertIsNone(self.held("a", now / 1000))

    def test_after_as_many_refusals_as_a_minute_allows_one_waits(self):
        self.spend("a", PER_MINUTE - 1)
        self.assertIsNone(self.held("a"))
        self.spend("a", 1)
        self.assertEqual(self.held("a").seconds, 1)
        self.assertIsNone(self.held("b"), "others are heard")

    def test_who_was_told_to_wait_and_does_is_heard_again(self):
        self.spend("a", PER_MINUTE)
        wait = self.held("a").seconds
        self.assertIsNone(self.held("a", wait))
        self.spend("a", 1, wait)
        self.assertIsNotNone(self.held("a", wait))
        self.assertIsNone(self.held("a", wait + 60))

    def test_the_wait_is_as_long_as_the_limit_is_strict(self):
        for per_minute, seconds in ((1, 60), (2, 30), (7, 9), (60, 1), (6000, 1)):
            with self.subTest(per_minute=per_minute):
                limit = CallerLimit()
                for _time in range(per_minute):
                    limit.spend("a", per_minute, 0)
                self.assertEqual(limit.held("a", per_minute, 0).seconds, seconds)

    def test_a_clock_that_goes_back_gives_and_takes_nothing(self):
        self.spend("a", PER_MINUTE, 100)
        self.assertIsNotNone(self.held("a", 50))

    def test_no_limit_where_none_is_wanted(self):
        for per_minute in (0, -1):
            for _time in range(1000):
                self.limit.spend("a", per_minute, 0)
            self.assertIsNone(self.limit.held("a", per_minute, 0))
        self.assertEqual(len(self.limit), 0)

    def test_of_those_who_wait_one_in_a_minute_is_told_with_the_number_of_all(self):
        limit = CallerLimit()
        for _time in range(2):
            limit.spend("a", 1, 0)
        told = [limit.held("a", 1, now).untold for now in (0, 1, 2, 59.5)]
        self.assertEqual(told, [1, 0, 0, 0])
        limit.spend("a", 1, 60)
        self.assertEqual(limit.held("a", 1, 61).untold, 4)

    def test_a_million_callers_take_no_more_memory_than_the_last_hundred(self):
        for number in range(1000):
            self.spend(f"caller {number}", 1)
            self.limit.know(f"/path/{number}")
        self.assertEqual(len(self.limit), 100)
        self.assertFalse(self.limit.knows("/path/0"))
        self.assertTrue(self.limit.knows("/path/999"))

    def test_who_calls_on_is_not_forgotten_for_newcomers(self):
        self.spend("a", PER_MINUTE)
        for number in range(1000):
            self.assertIsNotNone(self.held("a"))
            self.spend(f"caller {number}", 1)

    def test_addresses_of_ours_are_remembered_without_their_secret(self):
        self.limit.know("/webhook/very-secret")
        self.assertTrue(self.limit.knows("/webhook/very-secret"))
        self.assertFalse(self.limit.knows("/webhook/very-secre"))
        self.assertFalse(self.limit.knows("/webhook/\ud83d"))
        self.assertNotIn(b"very-secret", repr(vars(self.limit)).encode())
        self.limit.clear()
        self.assertFalse(self.limit.knows("/webhook/very-secret"))

    def test_threads_together_spend_what_they_would_one_by_one(self):
        limit = CallerLimit()
        spend = [
            threading.Thread(
                target=lambda: [limit.spend("a", 1000, 0) for _time in range(125)]
            )
            for _thread in range(8)
        ]
        for thread in spend:
            thread.start()
        for thread in spend:
            thread.join()
        self.assertIsNotNone(limit.held("a", 1000, 0))
        self.assertIsNone(limit.held("a", 1000, 0.06))
