"""What the gateway is asked: the fate of a request, replies, balance, segments."""

import unittest

import requests

from odoo.addons.sms_base_sr.tools.outcomes import Balance
from odoo.addons.sms_kolmeya.tests.tools_fakes import answer, gateway_with
from odoo.addons.sms_kolmeya.tools.kolmeya_errors import KolmeyaError
from odoo.addons.sms_kolmeya.tools.payloads import status_items

FOUND = {
    "id": "request-1",
    "reference": "batch-1",
    "status": "Válido",
    "status_code": 2,
    "messages": [
        {"id": "x1", "reference": "m1", "status": "entregue", "status_code": 3},
        {"id": "x2", "reference": 1002, "status": "enviado", "status_code": 2},
    ],
}


def asked(given):
    gateway, transport = gateway_with(given)
    return gateway.query_batch("batch-1"), transport


class TestQuery(unittest.TestCase):
    def test_a_request_that_is_known(self):
        found, transport = asked(answer(FOUND))
        self.assertIs(found.found, True)
        self.assertEqual(found.request_id, "request-1")
        states = [(each.reference, each.state) for each in found.items]
        self.assertEqual(states, [("m1", "delivered"), ("1002", "sent")])
        self.assertEqual(transport.bodies, [{"reference": "batch-1"}])

    def test_the_reference_may_not_be_echoed(self):
        for body in (
            {**FOUND, "reference": None},
            {name: value for name, value in FOUND.items() if name != "reference"},
        ):
            with self.subTest(body=body):
                self.assertIs(asked(answer(body))[0].found, True)

    def test_a_known_request_may_list_no_message(self):
        for rows in ([], None, {}):
            with self.subTest(rows=rows):
                found, _transport = asked(answer({"id": "r", "messages": rows}))
                self.assertIs(found.found, True)
                self.assertEqual(found.items, ())

    def test_not_found_is_a_404_that_is_json(self):
        found, _transport = asked(answer({"errors": ["Not found."]}, 404))
        self.assertIs(found.found, False)

    def test_everything_else_is_no_answer(self):
        table = [
            answer("<html>", 404, "text/html"),
            answer("", 404),
            answer("Not found", 404, "text/plain"),
            answer({"errors": ["Not found."]}, 404, "text/html"),
            answer({"errors": ["Not found."]}, 200),
            answer({"errors": ["x"]}, 401),
            answer({"errors": ["x"]}, 410),
            answer({"errors": ["x"]}, 429),
            answer({"errors": ["x"]}, 500),
            answer("<html>", 200, "text/html"),
            answer({}),
            answer([]),
            answer({"messages": []}),
            answer({**FOUND, "reference": "batch-2"}),
            requests.ReadTimeout(),
            requests.ConnectionError("reset"),
            RuntimeError("x"),
        ]
        for given in table:
            with self.subTest(given=given):
                found, _transport = asked(given)
                self.assertIsNone(found.found)
                self.assertTrue(found.detail)

    def test_one_message_comes_flat_or_in_an_envelope(self):
        row = FOUND["messages"][0]
        for body in (row, {"id": "r", "messages": [row]}, {"id": "r", "messages": row}):
            with self.subTest(body=body):
                (item,) = status_items(body)
                self.assertEqual((item.message_id, item.state), ("x1", "delivered"))


class TestReplies(unittest.TestCase):
    ROW = {
        "id": "reply-1",
        "reply": "SIM QUERO",
        "received_at": "16/11/2025 14:30:00",
        "message": {"id": "x1", "reference": "m1", "phone": 11900000001},
        "request": {"id": "request-1", "reference": "batch-1"},
    }

    def fetched(self, *rows):
        body = {"current_page": 1, "last_page": 1, "data": list(rows)}
        gateway, _transport = gateway_with(answer(body))
        return gateway.fetch_replies(24)

    def test_a_reply_names_message_and_request(self):
        (item,) = self.fetched(self.ROW)
        self.assertEqual((item.message_id, item.reference), ("x1", "m1"))
        self.assertEqual((item.request_id, item.phone), ("request-1", "+5511900000001"))
        self.assertEqual(item.request_reference, "batch-1")

    def test_fields_may_be_missing_or_null(self):
        row = {"id": 900001, "reply": None, "message": None, "request": None}
        (item,) = self.fetched(row)
        self.assertEqual((item.reply_id, item.text, item.phone), ("900001", "", None))

    def test_replies_to_portal_campaigns_have_the_phone_on_top(self):
        row = {"id": 1, "job": 2, "phone": 11900000001, "message": "texto original"}
        (item,) = self.fetched({**row, "parameters": [], "reply": "SIM"})
        self.assertEqual((item.phone, item.text), ("+5511900000001", "SIM"))

    def test_a_failure_is_told(self):
        gateway, _transport = gateway_with(answer({"errors": ["x"]}, 401))
        with self.assertRaises(KolmeyaError):
            gateway.fetch_replies(24)


class TestAccount(unittest.TestCase):
    def test_the_balance(self):
        gateway, _transport = gateway_with(answer({"balance": "R$9.396,84"}))
        self.assertEqual(gateway.balance(), Balance(9396.84, "R$9.396,84"))

    def test_an_unreadable_balance_is_not_zero(self):
        gateway, _transport = gateway_with(answer({"balance": "n/d"}))
        self.assertEqual(gateway.balance(), Balance(None, "n/d"))

    def test_segments_as_text(self):
        rows = [{"id": 109, "name": "CORPORATIVO"}, {"id": 110}, {"name": "x"}]
        gateway, _transport = gateway_with(answer({"segments": rows}))
        expected = [("109", "CORPORATIVO"), ("110", "110")]
        self.assertEqual(gateway.segments(), expected)

    def test_a_failure_is_told_without_the_token(self):
        gateway, _transport = gateway_with(answer({"errors": ["no"]}, 403))
        with self.assertRaises(KolmeyaError) as caught:
            gateway.balance()
        self.assertEqual(str(caught.exception), "http_error HTTP 403: no")

    def test_limits_are_at_hand_after_any_call(self):
        given = answer({"balance": "R$1,00"}, X_RateLimit_Remaining="12")
        gateway, _transport = gateway_with(given)
        self.assertIsNone(gateway.limits)
        gateway.balance()
        self.assertEqual(gateway.limits.remaining, 12)
