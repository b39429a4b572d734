"""Who gets which text, and when a difference is more than chance."""

import unittest

from odoo.addons.sms_base_sr.tools import ab_test

# Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10.
NEWCOMBE = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0),
    ((10, 10), (0, 10), 0.6075, 1.0),
]
DRAWN = "baabaababbaa"
NUMBERS = [f"+55119{number:08d}" for number in range(20000)]


class TestComparison(unittest.TestCase):
    def test_the_interval_is_the_published_one(self):
        for (hits_b, total_b), (hits_a, total_a), low, high in NEWCOMBE:
            with self.subTest(b=(hits_b, total_b), a=(hits_a, total_a)):
                found = ab_test.compare(hits_a, total_a, hits_b, total_b)
                self.assertAlmostEqual(found.low, low, 4)
                self.assertAlmostEqual(found.high, high, 4)
                self.assertAlmostEqual(
                    found.difference, hits_b / total_b - hits_a / total_a
                )

    def test_wilsons_interval_is_the_published_one(self):
        # Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3.
        cases = [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ]
        for hits, total, low, high in cases:
            with self.subTest(hits=hits, total=total):
                found = ab_test.wilson(hits, total)
                self.assertAlmostEqual(found[0], low, 4)
                self.assertAlmostEqual(found[1], high, 4)

    def test_who_wins(self):
        cases = [
            (50, 1000, 80, 1000, "b"),
            (80, 1000, 50, 1000, "a"),
            (50, 1000, 55, 1000, None),
            (5, 100, 8, 100, None),
            (500, 10000, 800, 10000, "b"),
            (0, 1000, 0, 1000, None),
            (0, 1000, 20, 1000, "b"),
            (1000, 1000, 1000, 1000, None),
        ]
        for *figures, winner in cases:
            with self.subTest(figures=figures):
                self.assertEqual(ab_test.compare(*figures).winner, winner)

    def test_to_swap_the_texts_turns_the_interval_round(self):
        forth = ab_test.compare(50, 1000, 80, 900)
        back = ab_test.compare(80, 900, 50, 1000)
        self.assertAlmostEqual(forth.low, -back.high)
        self.assertAlmostEqual(forth.high, -back.low)
        self.assertAlmostEqual(forth.p_value, back.p_value)

    def test_the_p_value_is_that_of_the_pooled_test(self):
        # By hand: 0.05 and 0.08 pooled are 0.065, the error 0.011025, z 2.7211.
        cases = [
            (50, 1000, 80, 1000, 0.00651),
            (15, 100, 15, 100, 1.0),
            (0, 50, 0, 50, 1.0),
            (50, 50, 50, 50, 1.0),
        ]
        for *figures, expected in cases:
            with self.subTest(figures=figures):
                found = ab_test.two_proportions(*figures)
                self.assertAlmostEqual(found, expected, 5)

    def test_without_anybody_reached_there_is_nothing_to_compare(self):
        for figures in [(0, 0, 0, 0), (0, 0, 5, 10), (5, 10, 0, 0)]:
            with self.subTest(figures=figures):
                self.assertIsNone(ab_test.compare(*figures))


class TestVariant(unittest.TestCase):
    def share_of_b(self, key, share):
        drawn = [ab_test.variant_of(key, number, share) for number in NUMBERS]
        return 100 * drawn.count("b") / len(drawn)

    def test_a_contact_always_gets_the_same_text(self):
        first = [ab_test.variant_of("run,1", number, 50) for number in NUMBERS[:100]]
        again = [ab_test.variant_of("run,1", number, 50) for number in NUMBERS[:100]]
        self.assertEqual(first, again)

    def test_the_answer_of_today_is_that_of_tomorrow(self):
        # Another hash would give contacts the other text when a plan is made again.
        drawn = "".join(ab_test.variant_of("m,7", n, 50) for n in NUMBERS[:12])
        self.assertEqual(drawn, DRAWN)

    def test_the_share_is_kept(self):
        for share in (1, 10, 30, 50, 90, 99):
            with self.subTest(share=share):
                self.assertAlmostEqual(self.share_of_b("m,1", share), share, delta=1)

    def test_none_and_all(self):
        self.assertEqual(self.share_of_b("m,1", 0), 0)
        self.assertEqual(self.share_of_b("m,1", 100), 100)

    def test_another_campaign_mixes_anew(self):
        pairs = [
            ab_test.variant_of("m,1", n, 50) == ab_test.variant_of("m,2", n, 50)
            for n in NUMBERS
        ]
        self.assertAlmostEqual(sum(pairs) / len(pairs), 0.5, delta=0.02)

    def test_a_larger_share_takes_nobody_text_b_away(self):
        few = {n for n in NUMBERS if ab_test.variant_of("m,1", n, 20) == "b"}
        many = {n for n in NUMBERS if ab_test.variant_of("m,1", n, 40) == "b"}
        self.assertLess(few, many)

    def test_a_contact_without_number_gets_one_too(self):
        self.assertIn(ab_test.variant_of("m,1", False, 50), ("a", "b"))
