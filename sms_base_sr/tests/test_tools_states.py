"""The order of states: every history ends right, in whatever order it arrives."""

import unittest
from itertools import permutations, product

from odoo.addons.sms_base_sr.tools.states import (
    FINAL_STATES,
    RANKS,
    may_become,
    strongest,
)


class TestStates(unittest.TestCase):
    def test_the_eight_states_have_the_ranks_of_the_ledger(self):
        expected = {0: {"draft"}, 1: {"outgoing"}, 2: {"sent"}}
        for rank, states in expected.items():
            self.assertEqual({s for s, r in RANKS.items() if r == rank}, states)
        self.assertEqual(
            FINAL_STATES, {"delivered", "error", "rejected", "expired", "canceled"}
        )

    def test_every_pair_of_states_is_decided_as_the_table_says(self):
        upwards = {
            "draft": set(RANKS) - {"draft"},
            "outgoing": set(RANKS) - {"draft", "outgoing"},
            "sent": FINAL_STATES,
            "error": {"delivered"},
            "expired": {"delivered"},
            "delivered": set(),
            "rejected": set(),
            "canceled": set(),
        }
        for current, new in product(RANKS, repeat=2):
            with self.subTest(current=current, new=new):
                self.assertEqual(may_become(current, new), new in upwards[current])

    def test_no_state_becomes_itself(self):
        for state in RANKS:
            with self.subTest(state=state):
                self.assertFalse(may_become(state, state))

    def test_ranks_never_go_down(self):
        for current, new in product(RANKS, repeat=2):
            if may_become(current, new):
                with self.subTest(current=current, new=new):
                    self.assertGreaterEqual(RANKS[new], RANKS[current])

    def test_a_history_with_one_final_state_ends_there_in_any_order(self):
        for final in FINAL_STATES:
            for order in permutations(["outgoing", "sent", final]):
                with self.subTest(order=order):
                    self.assertEqual(strongest("draft", list(order)), final)

    def test_repeated_reports_change_nothing(self):
        for final in FINAL_STATES:
            for order in set(permutations(["sent", "sent", final, final])):
                with self.subTest(order=order):
                    self.assertEqual(strongest("draft", list(order)), final)

    def test_delivered_wins_over_error_and_expired_in_any_order(self):
        reports = ["outgoing", "sent", "error", "expired", "delivered"]
        for order in permutations(reports):
            with self.subTest(order=order):
                self.assertEqual(strongest("draft", list(order)), "delivered")

    def test_the_first_of_two_contradicting_final_states_stays(self):
        lasting = ["delivered", "rejected", "canceled"]
        for first, second in permutations(lasting, 2):
            with self.subTest(first=first, second=second):
                self.assertEqual(strongest("sent", [first, second]), first)

    def test_every_permutation_of_all_states_ends_in_a_final_one(self):
        for order in permutations(RANKS):
            end = strongest("draft", list(order))
            self.assertIn(end, FINAL_STATES, order)
            self.assertEqual(end, self._expected_end(order), order)

    @staticmethod
    def _expected_end(order):
        """Follow the words of the rule: delivered overrides two, else first wins."""
        finals = [state for state in order if state in FINAL_STATES]
        if finals[0] in ("error", "expired"):
            return "delivered"
        return finals[0]

    def test_every_permutation_cut_anywhere_gives_the_same_end(self):
        reports = ["sent", "expired", "delivered", "error", "outgoing"]
        for order in permutations(reports):
            for cut in range(len(order)):
                halfway = strongest("draft", list(order[:cut]))
                end = strongest(halfway, list(order[cut:]))
                self.assertEqual(end, "delivered", (order, cut))
