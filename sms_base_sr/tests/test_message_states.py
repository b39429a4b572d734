from datetime import datetime
from itertools import permutations

from odoo.addons.sms_base_sr.tools.states import RANKS, may_become, strongest

from .campaign_case import CampaignCase

NOON = datetime(2026, 5, 5, 12)


class StatesCase(CampaignCase):
    """Messages in a state of the test's choice."""

    def message_in(self, state, **values):
        message = self.new_message(phone="+5511912345678", **values)
        message.state = state
        return message

    def report(self, message, state, failure=None, text=None, at=None):
        self.env["sms.message"]._raise_states([(message.id, state, failure, text, at)])
        return message.state

    def accept(self, message):
        rows = [(message.id, "sent", "gw-1", None, None)]
        self.env["sms.message"]._store_acceptance(rows, "req-1", NOON, 0.1)


class TestMessageStates(StatesCase):
    """States rise, in bulk, from any source, in any order."""

    def test_sql_and_rank_table_agree_on_every_pair(self):
        """Pain 8: one table decides, wherever the change comes from."""
        for current in RANKS:
            for reported in RANKS:
                with self.subTest(current=current, reported=reported):
                    message = self.message_in(current)
                    expected = reported if may_become(current, reported) else current
                    self.assertEqual(self.report(message, reported), expected)

    def test_every_order_of_reports_ends_in_the_same_state(self):
        """Pain 8: the last to arrive is not the last to happen."""
        for reports in (
            ("sent", "delivered"),
            ("sent", "error", "delivered"),
            ("sent", "expired", "delivered"),
            ("sent", "delivered", "delivered"),
        ):
            for order in permutations(reports):
                with self.subTest(order=order):
                    message = self.message_in("outgoing")
                    for state in order:
                        self.report(message, state)
                    self.assertEqual(message.state, strongest("outgoing", [*order]))
                    self.assertEqual(message.state, "delivered")

    def test_acceptance_and_report_may_come_in_either_order(self):
        """Pain 8: dates, cost and ids are the same whoever came first."""
        cases = ["delivered", "error", "expired", "rejected"]
        for reported in cases:
            results = []
            for first in ("answer", "report"):
                message = self.message_in("outgoing")
                steps = {
                    "answer": lambda m=message: self.accept(m),
                    "report": lambda m=message, s=reported: self.report(m, s, at=NOON),
                }
                steps.pop(first)()
                next(iter(steps.values()))()
                results.append(
                    (message.state, message.cost, bool(message.sent_date))
                    + (message.provider_message_id, message.provider_job_id)
                )
            with self.subTest(reported=reported):
                self.assertEqual(results[0], results[1])
                self.assertEqual(results[0], (reported, 0.1, True, "gw-1", "req-1"))

    def test_sent_date_means_ever_accepted(self):
        """A refusal does not show an acceptance; every other report does."""
        cases = [
            ("sent", True),
            ("delivered", True),
            ("error", True),
            ("expired", True),
            ("rejected", False),
            ("canceled", False),
        ]
        for state, accepted in cases:
            with self.subTest(state=state):
                message = self.message_in("outgoing")
                self.report(message, state, at=NOON)
                self.assertEqual(bool(message.sent_date), accepted)
                self.assertEqual(bool(message.cost), accepted)

    def test_a_refusal_keeps_the_date_of_an_acceptance(self):
        message = self.message_in("outgoing")
        self.accept(message)
        self.report(message, "rejected", "rejected")
        self.assertEqual(message.sent_date, NOON)
        self.assertAlmostEqual(message.cost, 0.1)

    def test_the_first_date_stays(self):
        message = self.message_in("outgoing")
        self.report(message, "sent", at=datetime(2026, 5, 5, 10))
        self.report(message, "delivered", at=NOON)
        self.assertEqual(message.sent_date, datetime(2026, 5, 5, 10))
        self.assertEqual(message.delivered_date, NOON)

    def test_delivered_clears_the_reason_of_an_earlier_error(self):
        message = self.message_in("sent")
        self.report(message, "error", "not_delivered", "phone off")
        self.assertEqual(
            (message.failure_type, message.error_message),
            ("not_delivered", "phone off"),
        )
        self.report(message, "delivered")
        self.assertFalse(message.failure_type or message.error_message)

    def test_a_report_that_changes_nothing_touches_no_batch(self):
        batch = self.queued_batch(1)
        self.run_batch(batch)
        message = self.messages(batch)
        rows = [(message.id, "delivered", None, None, None)]
        raise_states = self.env["sms.message"]._raise_states
        self.assertEqual(raise_states(rows), batch.ids)
        self.assertEqual(raise_states(rows), [])
        self.assertEqual(raise_states([]), [])

    def test_incoming_messages_do_not_change(self):
        message = self.message_in("sent", direction="incoming")
        self.assertEqual(self.report(message, "error"), "sent")

    def test_many_messages_rise_by_one_statement(self):
        batch = self.queued_batch(150)
        self.run_batch(batch)
        rows = [(m.id, "delivered", None, None, NOON) for m in self.messages(batch)]
        self.env["sms.message"]._raise_states(rows)
        self.assertEqual(self.states(batch), {"delivered": 150})


class TestAcceptance(StatesCase):
    """What a gateway's answer writes to a message."""

    def test_refused_messages_cost_nothing(self):
        for state in ("rejected", "canceled"):
            with self.subTest(state=state):
                message = self.message_in("outgoing")
                self.assertTrue(message.cost)
                rows = [(message.id, state, None, "gateway_invalid", "no such number")]
                self.env["sms.message"]._store_acceptance(rows, "req-1", NOON, 0.1)
                self.assertEqual((message.state, message.cost), (state, 0.0))
                self.assertEqual(message.error_message, "no such number")
                self.assertFalse(message.sent_date)

    def test_an_answer_that_cannot_be_stored_as_it_is_is_stored_all_the_same(self):
        message = self.message_in("outgoing")
        rows = [(message.id, "rejected", None, "gateway_content", "bad \0 text \ud83d")]
        self.env["sms.message"]._store_acceptance(rows, "req-1", NOON, 0.1)
        self.assertEqual(message.error_message, "bad \ufffd text \ufffd")

    def test_the_cost_is_segments_times_the_price(self):
        message = self.message_in("outgoing", body="x" * 400)
        rows = [(message.id, "sent", "gw-1", None, None)]
        self.env["sms.message"]._store_acceptance(rows, "req-1", NOON, 0.25)
        self.assertEqual(message.sms_count, 3)
        self.assertAlmostEqual(message.cost, 0.75)

    def test_a_refusal_does_not_take_back_a_delivery_or_its_cost(self):
        """Pain 7: billing stays right whatever comes late."""
        message = self.message_in("outgoing")
        rows = [(message.id, "delivered", None, None, None)]
        self.env["sms.message"]._raise_states(rows)
        cost = message.cost
        rows = [(message.id, "rejected", None, "not_listed", None)]
        self.env["sms.message"]._store_acceptance(rows, None, None)
        self.assertEqual((message.state, message.cost), ("delivered", cost))
        self.assertFalse(message.failure_type)

    def test_an_answer_without_ids_keeps_those_that_are_known(self):
        message = self.message_in("outgoing")
        store = self.env["sms.message"]._store_acceptance
        store([(message.id, "sent", "gw-1", None, None)], "req-1", NOON, 0.1)
        store([(message.id, "sent", None, None, None)], None, None, 0.1)
        self.assertEqual(
            (message.provider_message_id, message.provider_job_id), ("gw-1", "req-1")
        )
        self.assertEqual(message.sent_date, NOON)

    def test_no_rows_are_no_statement(self):
        with self.assertQueryCount(0):
            self.env["sms.message"]._store_acceptance([], "req-1", NOON)
