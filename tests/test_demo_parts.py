import io
import unittest
from collections import Counter

from tests.demo import follow, recipients, report


class TestRecipients(unittest.TestCase):
    """The made-up list has the dirt of real ones, and is always the same."""

    def test_the_same_seed_makes_the_same_list(self):
        self.assertEqual(recipients.make(200), recipients.make(200))
        self.assertNotEqual(recipients.make(200), recipients.make(200, seed=20))

    def test_each_kind_of_dirt_is_at_least_two_percent(self):
        kinds = Counter(c.kind for c in recipients.make(10000))
        for kind, _share in recipients.DIRT:
            with self.subTest(kind=kind):
                self.assertGreaterEqual(kinds[kind], 200)

    def test_a_small_list_still_has_every_kind(self):
        kinds = Counter(c.kind for c in recipients.make(50))
        self.assertEqual(set(kinds), {"good", *dict(recipients.DIRT)})
        self.assertEqual(sum(kinds.values()), 50)

    def test_good_numbers_are_written_in_many_ways_and_none_is_used_twice(self):
        good = [c for c in recipients.make(3000) if c.kind == "good"]
        digits = [national(c.phone) for c in good]
        self.assertEqual(len(set(digits)), len(digits))
        self.assertTrue(all(len(d) == 11 and d[2] == "9" for d in digits))
        shapes = {"".join("9" if c.isdigit() else c for c in g.phone) for g in good}
        self.assertGreaterEqual(len(shapes), len(recipients.FORMATS))

    def test_duplicates_repeat_a_number_of_the_list(self):
        contacts = recipients.make(1000)
        good = {c.phone for c in contacts if c.kind == "good"}
        self.assertTrue(all(c.phone in good for c in contacts if c.kind == "duplicate"))


def national(phone):
    """The digits without country code and trunk zero."""
    digits = "".join(c for c in phone if c.isdigit()).lstrip("0")
    return digits[2:] if len(digits) == 13 else digits


class TestFollower(unittest.TestCase):
    """Progress ends when all is final, or when time is up."""

    def test_at_rest_means_all_sent_and_all_final(self):
        cases = [
            ({"state": "sending", "open": 0, "unknown": 0}, False),
            ({"state": "done", "open": 3, "unknown": 0}, False),
            ({"state": "done", "open": 0, "unknown": 2}, False),
            ({"state": "done", "open": 0, "unknown": 0}, True),
            ({"state": "failed", "open": 0, "unknown": 0}, True),
            ({}, False),
        ]
        for summary, expected in cases:
            with self.subTest(summary=summary):
                self.assertIs(bool(follow.at_rest(summary)), expected)

    def test_a_campaign_that_does_not_come_to_rest_times_out(self):
        follower = follow.Follower(lambda: {"state": "sending"}, 0, io.StringIO())
        with self.assertRaises(follow.TimedOut):
            follower.follow()

    def test_a_bar_shows_value_and_share(self):
        line = follow.bar({"sent": 50, "planned": 100}, "sent", "planned")
        self.assertIn("50", line)
        self.assertIn("50.0%", line)
        self.assertIn("█" * (follow.WIDTH // 2) + "░", line)

    def test_a_bar_without_total_is_empty(self):
        self.assertNotIn("█", follow.bar({}, "sent", "planned"))


class TestReport(unittest.TestCase):
    """Odoo's figures are compared with what the gateway has in its ledger."""

    def setUp(self):
        self.summary = {
            "recipients": 10,
            "planned": 8,
            "excluded": {"landline": 2, "gateway_blacklist": 1},
            "sent": 7,
            "delivered": 6,
            "failed": 1,
            "replies": 1,
            "cost": 0.7,
            "unknown": 0,
        }
        self.ledger = {
            "accepted": 7,
            "final": {"delivered": 6, "expired": 1},
            "replies": 1,
            "refused": {"blacklist": 1},
            "spent": 0.7,
            "duplicates": {"phones": {}, "texts": {}},
        }

    def differences(self):
        counts = {"conversations": 1, "activities": 1}
        shown = report.figures(self.summary, counts, 1.0)
        return report.differences(shown, self.summary, self.ledger)

    def test_equal_figures_have_no_difference(self):
        self.assertEqual(self.differences(), [])

    def test_every_difference_is_named(self):
        cases = [
            ("accepted", {"accepted": 8}),
            ("delivered", {"final": {"delivered": 5, "expired": 1}}),
            ("failed", {"final": {"delivered": 6, "expired": 2}}),
            ("replies", {"replies": 2}),
            ("refused by the gateway", {"refused": {}}),
            ("cost", {"spent": 0.8}),
            ("texted twice", {"duplicates": {"phones": {"11900000001": 2}}}),
        ]
        for name, change in cases:
            with self.subTest(name=name):
                before, self.ledger = self.ledger, {**self.ledger, **change}
                found = self.differences()
                self.ledger = before
                self.assertTrue(any(line.startswith(name) for line in found), found)

    def test_contacts_that_vanish_are_noticed(self):
        self.summary["recipients"] = 11
        self.assertTrue(any(d.startswith("recipients") for d in self.differences()))

    def test_unknown_messages_are_noticed(self):
        self.summary["unknown"] = 3
        self.assertTrue(any(d.startswith("unknown") for d in self.differences()))
