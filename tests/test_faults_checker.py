"""The proof can fail: wrong ledgers and wrong states are seen, right ones are not."""

import unittest
from dataclasses import replace

from tests.faults.checker import (
    Acceptance,
    Checker,
    Contact,
    Note,
    Row,
    Verdict,
    check_counters,
    check_notes,
    check_replies,
)

ANA, BIA, CID = "11900010000", "11900010001", "11900010002"
CONTACT = Contact(ANA, "Campaign")
DELIVERED = Row("a", ANA, "delivered", True, None, 0.1, "sent")
ACCEPTED = Acceptance("a", ANA, 3)
REFUSED = Row("a", ANA, "canceled", False, "blacklisted", 0.0, "sent")
WAITING = Row("a", ANA, "draft", False, None, 0.1, "unknown")


def check(contacts, rows, acceptances, counters=()) -> Verdict:
    return Checker(contacts, rows, acceptances, counters).check()


class TestRightLedgers(unittest.TestCase):
    def test_what_is_right_is_not_complained_of(self):
        excused = replace(CONTACT, reasons=frozenset({"blacklisted"}))
        cases = {
            "delivered": (CONTACT, DELIVERED, ACCEPTED),
            "not delivered": (
                CONTACT,
                replace(DELIVERED, state="error"),
                replace(ACCEPTED, code=4),
            ),
            "rejected by the carrier": (
                CONTACT,
                replace(DELIVERED, state="rejected", failure="rejected"),
                replace(ACCEPTED, code=5),
            ),
            "expired": (
                CONTACT,
                replace(DELIVERED, state="expired"),
                replace(ACCEPTED, code=6),
            ),
            "excused": (excused, REFUSED, None),
            "not texted as it must be": (
                replace(excused, forbidden=True),
                REFUSED,
                None,
            ),
            "waits for a person, and says why": (
                CONTACT,
                replace(WAITING, explained=True),
                None,
            ),
        }
        for name, (contact, row, accepted) in cases.items():
            with self.subTest(name):
                found = check([contact], [row], [accepted] if accepted else [])
                self.assertEqual(found.problems, [])
                self.assertEqual(found.messages, 1)

    def test_a_second_run_may_leave_out_whom_the_first_has_reached(self):
        second = Row("b", ANA, "canceled", False, "duplicate")
        found = check([CONTACT], [DELIVERED, second], [ACCEPTED])
        self.assertEqual(found.problems, [])


class TestDuplicates(unittest.TestCase):
    def test_two_acceptances_are_seen_by_whatever_name(self):
        other_row = replace(DELIVERED, reference="b")
        cases = {
            "the same reference": ([DELIVERED], [ACCEPTED, ACCEPTED]),
            "another reference": (
                [DELIVERED, other_row],
                [ACCEPTED, replace(ACCEPTED, reference="b")],
            ),
        }
        for name, (rows, acceptances) in cases.items():
            with self.subTest(name):
                found = check([CONTACT], rows, acceptances)
                self.assertEqual(
                    found.counts(), {"duplicated": 1, "lost": 0, "untrue": 0}
                )

    def test_each_number_counts_once_however_often_it_was_texted(self):
        rows = [DELIVERED, replace(DELIVERED, reference="b", phone=BIA)]
        ledger = [ACCEPTED] * 5 + [Acceptance("b", BIA), Acceptance("b", BIA)]
        contacts = [CONTACT, replace(CONTACT, phone=BIA)]
        self.assertEqual(check(contacts, rows, ledger).count("duplicated"), 2)


class TestLost(unittest.TestCase):
    def test_whoever_was_not_texted_without_a_good_reason_is_lost(self):
        cases = {
            "no message at all": [],
            "never sent": [WAITING],
            "final without a reason": [replace(REFUSED, failure=None)],
            "final for a reason that is not true": [REFUSED],
            "given up": [replace(REFUSED, state="error", failure="not_attempted")],
        }
        for name, rows in cases.items():
            with self.subTest(name):
                found = check([CONTACT], rows, [])
                self.assertEqual(found.count("lost"), 1)
                self.assertEqual(found.count("duplicated"), 0)

    def test_one_of_many_is_enough(self):
        contacts = [CONTACT, Contact(BIA, "Campaign"), Contact(CID, "Campaign")]
        rows = [DELIVERED, replace(DELIVERED, reference="b", phone=BIA)]
        found = check(contacts, rows, [ACCEPTED, Acceptance("b", BIA)])
        self.assertEqual([p.phone for p in found.problems], [CID])


class TestUntrue(unittest.TestCase):
    def test_each_lie_about_an_accepted_message_is_seen(self):
        lies = {
            "never sent": {"sent": False},
            "free of charge": {"cost": 0.0},
            "another fate": {"state": "expired"},
            "no fate yet": {"state": "sent"},
            "cancelled": {"state": "canceled", "failure": "campaign_canceled"},
            "its batch never ended": {"batch": "unknown"},
        }
        for name, lie in lies.items():
            with self.subTest(name):
                found = check([CONTACT], [replace(DELIVERED, **lie)], [ACCEPTED])
                self.assertEqual(
                    found.counts(), {"duplicated": 0, "lost": 0, "untrue": 1}
                )

    def test_each_lie_about_a_refused_message_is_seen(self):
        contact = replace(CONTACT, reasons=frozenset({"blacklisted"}))
        lies = {
            "sent": {"sent": True},
            "delivered": {"state": "delivered"},
            "paid for": {"cost": 0.1},
            "its batch is still queued": {"batch": "queued"},
        }
        for name, lie in lies.items():
            with self.subTest(name):
                found = check([contact], [replace(REFUSED, **lie)], [])
                self.assertEqual(found.count("untrue"), 1)

    def test_who_must_not_be_texted_and_is_makes_it_untrue(self):
        contact = replace(CONTACT, reasons=frozenset({"blacklisted"}), forbidden=True)
        self.assertEqual(check([contact], [DELIVERED], [ACCEPTED]).count("untrue"), 1)

    def test_what_the_gateway_has_and_odoo_does_not_is_untrue(self):
        for stranger in (Acceptance("x", BIA), Acceptance("a", BIA)):
            with self.subTest(stranger=stranger):
                found = check([CONTACT], [DELIVERED], [ACCEPTED, stranger])
                self.assertEqual(found.count("untrue"), 1)

    def test_figures_that_are_not_those_of_the_messages_are_untrue(self):
        rows = {"Campaign": [DELIVERED, REFUSED]}
        right = {"Campaign": {"sent": 1, "delivered": 1}}
        wrong = {"Campaign": {"sent": 2, "delivered": 1}}
        self.assertEqual(check_counters(right, rows), [])
        [text] = check_counters(wrong, rows)
        found = check([CONTACT], [DELIVERED], [ACCEPTED], [text])
        self.assertEqual(found.count("untrue"), 1)


class TestReplies(unittest.TestCase):
    def test_each_reply_is_stored_once(self):
        cases = {
            "as it should be": ([ANA, BIA], [BIA, ANA], []),
            "lost": ([ANA, BIA], [ANA], [("lost", BIA)]),
            "stored twice": ([ANA], [ANA, ANA], [("untrue", ANA)]),
            "from nowhere": ([], [CID], [("untrue", CID)]),
            "one of two": ([ANA, ANA], [ANA], [("lost", ANA)]),
        }
        for name, (given, stored, wrong) in cases.items():
            with self.subTest(name):
                problems = check_replies(given, stored)
                self.assertEqual([(p.kind, p.phone) for p in problems], wrong)
                verdict = Checker([], [], [], [], problems).check()
                self.assertEqual(len(verdict.problems), len(wrong))


class TestNotes(unittest.TestCase):
    def test_each_accepted_message_has_one_note_that_tells_its_fate(self):
        cases = [
            ("delivered", ["sent"], 0),
            ("error", ["exception"], 0),
            ("expired", ["exception"], 0),
            ("rejected", ["bounce"], 0),
            ("sent", ["pending"], 0),
            ("delivered", [], 1),
            ("delivered", ["pending"], 1),
            ("delivered", ["sent", "sent"], 1),
        ]
        for state, statuses, wrong in cases:
            with self.subTest(state=state, statuses=statuses):
                problems = check_notes([Note(ANA, state, statuses)])
                self.assertEqual([p.kind for p in problems], ["untrue"] * wrong)
