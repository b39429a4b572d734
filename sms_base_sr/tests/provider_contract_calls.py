"""The contract, second part: one call and its answer."""

from odoo.addons.sms_base_sr.tools import outcomes

from .provider_stage import ProviderStage
from .provider_wire import free_port

AWKWARD = ['"quoted"', "a\nb", "ção 😀", "a" * 500, "{{ x }} %s", " "]


class CallsContract(ProviderStage):
    """What a call may lead to, and what can be asked for afterwards."""

    def test_preparing_a_call_sends_nothing_and_the_call_needs_no_database(self):
        self.accept_everything()
        call = self.make_provider()._send_batch(self.request())
        self.assertTrue(callable(call))
        self.assertFalse(self.accepted())
        with self.assertQueryCount(0):
            outcome = call()
        self.assertIsInstance(outcome, outcomes.Outcome)

    def test_an_accepted_call_has_an_id_and_one_result_per_message(self):
        self.accept_everything()
        request = self.request(3)
        outcome = self.make_provider()._send_batch(request)()
        self.assertIsInstance(outcome, outcomes.Accepted)
        self.assertTrue(outcome.request_id)
        self.assertIsInstance(outcome.request_id, str)
        self.assertEqual(
            [result.reference for result in outcome.results],
            [message.reference for message in request.messages],
        )
        for result in outcome.results:
            self.assertEqual((result.state, result.failure_type), ("sent", None))
            self.assertIsInstance(result.provider_message_id, str)
        ids = {result.provider_message_id for result in outcome.results}
        self.assertEqual(len(ids), 3)

    def test_awkward_texts_are_taken_as_they_are(self):
        self.accept_everything()
        outcome = self.make_provider()._send_batch(self.request(texts=AWKWARD))()
        self.assertIsInstance(outcome, outcomes.Accepted)
        self.assertEqual(len(outcome.results), len(AWKWARD))

    def test_a_full_batch_is_one_call(self):
        self.accept_everything()
        provider = self.make_provider()
        size = provider._batch_limit()
        outcome = provider._send_batch(self.request(size))()
        self.assertIsInstance(outcome, outcomes.Accepted)
        self.assertEqual(len(outcome.results), size)

    def test_a_number_that_is_refused_says_why_and_the_others_go(self):
        for failure_type, state in self.REFUSALS.items():
            with self.subTest(failure_type):
                self.accept_everything()
                request = self.request(3, f"batch-{failure_type}")
                self.refuse_number(request.messages[1].phone, failure_type)
                outcome = self.make_provider()._send_batch(request)()
                self.assertIsInstance(outcome, outcomes.Accepted)
                found = [(r.state, r.failure_type) for r in outcome.results]
                sent = ("sent", None)
                self.assertEqual(found, [sent, (state, failure_type), sent])

    def test_content_that_is_refused_names_its_row_or_none(self):
        if not self.REFUSES_CONTENT:
            return
        for row in (1, None):
            with self.subTest(row=row):
                self.accept_everything()
                self.refuse_content(row)
                outcome = self.make_provider()._send_batch(self.request(3))()
                self.assertIsInstance(outcome, outcomes.RefusedContent)
                named = [] if row is None else [f"ref-{row}"]
                self.assertEqual(list(outcome.rows), named)

    # -- asking ------------------------------------------------------------------------

    def test_a_call_is_found_by_our_reference(self):
        provider = self.make_provider()
        if not provider._can("query_batch"):
            return
        self.accept_everything()
        request = self.request(3, "batch-found")
        sent = provider._send_batch(request)()
        answer = provider._query_batch("batch-found")()
        self.assertIs(answer.found, True)
        ids = {item.reference: item.message_id for item in answer.items}
        expected = {r.reference: r.provider_message_id for r in sent.results}
        self.assertEqual(ids, expected)
        self.assertEqual(answer.request_id, sent.request_id)

    def test_an_unknown_batch_is_not_reported_as_found(self):
        provider = self.make_provider()
        if not provider._can("query_batch"):
            return
        self.know_nothing()
        answer = provider._query_batch("no-such-batch")()
        self.assertIsInstance(answer, outcomes.QueryAnswer)
        self.assertIs(answer.found, False)
        self.assertFalse(answer.items)

    def test_no_answer_is_never_taken_for_not_found(self):
        provider = self.make_provider()
        if not provider._can("query_batch"):
            return
        self.point_to(provider, f"http://127.0.0.1:{free_port()}")
        answer = provider._query_batch("batch-1")()
        self.assertIsNone(answer.found)
        self.assertTrue(answer.detail)

    # -- the rest of what may be declared ----------------------------------------------

    def test_replies_are_a_list_and_none_without_an_answer(self):
        provider = self.make_provider()
        if not provider._can("fetch_replies"):
            return
        self.assertEqual(provider._fetch_replies(24)(), [])
        self.point_to(provider, f"http://127.0.0.1:{free_port()}")
        self.assertIsNone(provider._fetch_replies(24)())

    def test_a_balance_is_a_number_or_there_is_none(self):
        provider = self.make_provider()
        if not provider._can("read_balance"):
            self.assertIsNone(provider._read_balance())
            self.assertIsNone(provider._overview_balance()["balance"])
            return
        self.assertIsNone(provider._read_balance()["amount"])
        provider._refresh_balance()
        self.assertIsInstance(provider._read_balance()["amount"], float)

    def test_numbers_can_be_blocked_and_freed_or_nobody_is_told(self):
        provider = self.make_provider()
        told = self.env["sms.provider"]._telling_blacklist()
        self.assertEqual(provider in told, provider._can("blacklist_add"))
        if not provider._can("blacklist_add"):
            return
        numbers = ["+5511912345678"]
        self.assertIs(provider._blacklist_add(numbers)(), True)
        self.assertIs(provider._blacklist_remove(numbers)(), True)
        self.point_to(provider, f"http://127.0.0.1:{free_port()}")
        self.assertIsNone(provider._blacklist_add(numbers)())
