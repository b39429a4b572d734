"""One wake-up per window and key, after the window's end."""

import random
import threading
import unittest

from odoo.addons.sms_base_sr.tools.wakeup_window import WakeUpWindow


class TestClaim(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.window = WakeUpWindow(seconds=1.0)

    def test_the_first_of_a_window_must_enqueue_after_its_end(self):
        self.assertEqual(self.window.claim("db", 100.0), 1.5)

    def test_the_others_of_the_window_need_not(self):
        self.window.claim("db", 100.0)
        for now in (100.0, 100.3, 100.999):
            with self.subTest(now=now):
                self.assertIsNone(self.window.claim("db", now))

    def test_at_the_end_a_new_window_begins(self):
        self.window.claim("db", 100.0)
        self.assertEqual(self.window.claim("db", 101.0), 1.5)
        self.assertIsNone(self.window.claim("db", 101.5))

    def test_the_end_counts_from_the_first_claim_not_the_last(self):
        self.window.claim("db", 100.0)
        self.window.claim("db", 100.9)
        self.assertIsNotNone(self.window.claim("db", 101.1))

    def test_each_key_has_its_own_window(self):
        for key in ("db", "other", ("db", "reply")):
            with self.subTest(key=key):
                self.assertIsNotNone(self.window.claim(key, 100.0))

    def test_a_clock_that_was_set_back_opens_a_new_window(self):
        self.window.claim("db", 100.0)
        self.assertIsNotNone(self.window.claim("db", 50.0))
        self.assertIsNone(self.window.claim("db", 50.5))

    def test_a_clock_that_starts_at_zero_works(self):
        self.assertIsNotNone(self.window.claim("db", 0.0))
        self.assertIsNone(self.window.claim("db", 0.5))

    def test_length_and_margin_are_settings(self):
        window = WakeUpWindow(seconds=5, margin=2)
        self.assertEqual(window.claim("db", 0.0), 7)
        self.assertIsNone(window.claim("db", 4.9))


class TestRelease(unittest.TestCase):
    def test_after_a_release_the_next_must_enqueue(self):
        window = WakeUpWindow()
        window.claim("db", 100.0)
        window.release("db")
        self.assertEqual(window.claim("db", 100.1), 1.5)

    def test_only_the_released_key_is_forgotten(self):
        window = WakeUpWindow()
        window.claim("db", 100.0)
        window.claim("other", 100.0)
        window.release("db")
        self.assertIsNone(window.claim("other", 100.1))

    def test_releasing_nothing_is_no_error(self):
        WakeUpWindow().release("db")


class TestPromise(unittest.TestCase):
    def test_every_event_is_older_than_a_job_that_was_enqueued(self):
        random.seed(7)
        window, events, jobs, now = WakeUpWindow(), [], [], 0.0
        for _ in range(5000):
            now += random.expovariate(3.0)
            events.append(now)
            if (delay := window.claim("db", now)) is not None:
                jobs.append(now + delay)
        self.assertLess(len(jobs), len(events) / 2)
        for event in events:
            jobs = [job for job in jobs if job >= event + 0.5]
            self.assertLessEqual(jobs[0] - event, 1.5)

    def test_of_many_threads_exactly_one_enqueues(self):
        window, delays = WakeUpWindow(), []
        barrier = threading.Barrier(16)

        def claim():
            barrier.wait()
            delays.append(window.claim("db", 100.0))

        threads = [threading.Thread(target=claim) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(delays, key=str), [1.5] + [None] * 15)
