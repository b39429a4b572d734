import unittest

from odoo.addons.sms_base_sr.tools.retry_pattern import seconds_for

AGREED = {1: 60, 2: 180, 3: 600, 5: 1800}


class TestRetryPattern(unittest.TestCase):
    """A key holds from its try on."""

    def test_every_key_of_the_agreed_pattern_is_used(self):
        waits = [seconds_for(AGREED, tries) for tries in range(1, 7)]
        self.assertEqual(waits, [60, 180, 600, 600, 1800, 1800])

    def test_keys_may_be_texts_and_in_any_order(self):
        pattern = {"5": 50, "1": 10, "3": 30}
        waits = [seconds_for(pattern, tries) for tries in range(1, 6)]
        self.assertEqual(waits, [10, 10, 30, 30, 50])

    def test_a_pair_is_a_choice(self):
        waits = {seconds_for({1: (3, 5)}, 1) for _n in range(100)}
        self.assertLessEqual(waits, {3, 4, 5})
        self.assertGreater(len(waits), 1)

    def test_without_a_pattern_it_is_a_minute(self):
        cases = [({}, 1), (None, 3), ({4: 5}, 2)]
        for pattern, tries in cases:
            with self.subTest(pattern=pattern, tries=tries):
                self.assertEqual(seconds_for(pattern, tries), 60)
