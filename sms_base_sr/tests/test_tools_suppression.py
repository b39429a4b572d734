import unittest
from datetime import datetime
from itertools import combinations

from ..tools import failures, suppression
from ..tools.suppression import ORDER, Suppression, strongest


class TestOrder(unittest.TestCase):
    """One reason for each contact: of those that hold, the strongest."""

    def test_the_order_names_every_reason_that_planning_can_find(self):
        found_later = {"campaign_canceled", "user_canceled"}
        by_us = {key for key, _label in failures.BEFORE} - found_later
        asked = set(suppression.KNOWN_AT_GATEWAY)
        self.assertEqual(set(ORDER), by_us | asked)
        self.assertEqual(len(ORDER), len(set(ORDER)))

    def test_of_any_two_reasons_the_earlier_in_the_order_is_told(self):
        for strong, weak in combinations(ORDER, 2):
            with self.subTest(strong=strong, weak=weak):
                pair = [Suppression(weak), Suppression(strong)]
                self.assertEqual(strongest(pair).reason, strong)
                self.assertEqual(strongest(reversed(pair)).reason, strong)

    def test_what_people_and_the_law_say_comes_before_all_else(self):
        first = ("opt_out", "blacklisted", "gateway_blacklist", "do_not_disturb")
        self.assertEqual(ORDER[:4], first)
        for reason in ("no_consent", "frequency_cap", "duplicate"):
            self.assertLess(ORDER.index("do_not_disturb"), ORDER.index(reason))

    def test_nothing_found_is_no_suppression(self):
        self.assertIsNone(strongest([]))
        self.assertIsNone(strongest([None, None]))

    def test_a_campaigns_own_new_reason_is_like_its_others(self):
        mine = Suppression("not_this_year", "campaign")
        self.assertEqual(strongest([mine, Suppression("opt_out")]).reason, "opt_out")
        self.assertEqual(strongest([Suppression("landline"), mine]), mine)

    def test_every_source_that_is_told_has_a_name(self):
        known = dict(suppression.SOURCES)
        for source in suppression.OWN_SOURCES.values():
            self.assertIn(source, known)
        self.assertEqual(suppression.own("deceased").source, "campaign")

    def test_source_and_date_are_kept_with_the_reason(self):
        day = datetime(2026, 3, 12)
        why = Suppression("opt_out", "reply", "Natal", day)
        self.assertEqual(strongest([None, why]), why)
