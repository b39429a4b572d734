"""The table that decides whether a batch may be sent again: each row of it."""

import ssl
import unittest

import requests
from urllib3 import exceptions as low

from odoo.addons.sms_base_sr.tools.outcomes import (
    Accepted,
    NotAttempted,
    RefusedContent,
    Unknown,
)
from odoo.addons.sms_kolmeya.tests.tools_fakes import answer, batch, gateway_with

DENIED = {"errors": ["x"]}


def wrapped(reason):
    """As ``requests`` wraps what happened below it."""
    return low.MaxRetryError(None, "/", reason)


class TestNothingWasSent(unittest.TestCase):
    def test_no_connection_was_made(self):
        refused = low.NewConnectionError(None, "refused")
        name = low.NameResolutionError("gateway.test", None, OSError())
        failures = [
            requests.ConnectionError(wrapped(refused)),
            requests.ConnectionError(wrapped(name)),
            requests.ConnectTimeout(wrapped(low.ConnectTimeoutError())),
            requests.exceptions.SSLError(wrapped(low.SSLError("handshake"))),
            requests.exceptions.ProxyError(wrapped(low.ProxyError("x", OSError()))),
            ssl.SSLCertVerificationError(),
        ]
        for failure in failures:
            with self.subTest(failure=failure):
                gateway, _transport = gateway_with(failure)
                outcome = gateway.send_batch(batch())
                self.assertIsInstance(outcome, NotAttempted)
                self.assertEqual(outcome.reason, "connection")
                self.assertFalse(outcome.suspends)

    def test_an_address_that_is_none(self):
        failures = [
            requests.exceptions.InvalidURL("x"),
            requests.exceptions.MissingSchema("x"),
            requests.exceptions.InvalidSchema("x"),
            UnicodeError("x"),
        ]
        for failure in failures:
            with self.subTest(failure=failure):
                gateway, _transport = gateway_with(failure)
                outcome = gateway.send_batch(batch())
                self.assertIsInstance(outcome, NotAttempted)
                self.assertEqual(outcome.reason, "address")

    def test_a_broken_token_suspends_like_a_refused_one(self):
        gateway, transport = gateway_with(answer({"id": "r"}), token="a b")
        outcome = gateway.send_batch(batch())
        self.assertEqual(outcome.reason, "unauthorized")
        self.assertTrue(outcome.suspends)
        self.assertFalse(transport.calls)

    def test_statuses_that_prove_a_refusal(self):
        table = {
            401: "unauthorized",
            403: "forbidden",
            301: "address",
            302: "address",
            307: "address",
            404: "address",
            405: "address",
            413: "too_large",
            429: "rate_limited",
        }
        for status, reason in table.items():
            for body, kind in ((DENIED, "application/json"), ("<html>", "text/html")):
                with self.subTest(status=status, kind=kind):
                    gateway, _transport = gateway_with(answer(body, status, kind))
                    outcome = gateway.send_batch(batch())
                    self.assertIsInstance(outcome, NotAttempted)
                    self.assertEqual(outcome.reason, reason)

    def test_only_a_person_mends_401_and_403(self):
        for status, suspends in ((401, True), (403, True), (404, False), (429, False)):
            with self.subTest(status=status):
                gateway, _transport = gateway_with(answer(DENIED, status))
                self.assertIs(gateway.send_batch(batch()).suspends, suspends)

    def test_429_says_how_long_to_wait_or_does_not(self):
        told = answer(DENIED, 429, Retry_After="30", X_RateLimit_Remaining="0")
        for given, seconds in ((told, 30), (answer(DENIED, 429), None)):
            with self.subTest(seconds=seconds):
                gateway, _transport = gateway_with(given)
                outcome = gateway.send_batch(batch())
                self.assertEqual(outcome.retry_after, seconds)

    def test_limits_travel_with_a_refusal(self):
        refusal = answer(DENIED, 429, X_RateLimit_Limit="500")
        gateway, _transport = gateway_with(refusal)
        self.assertEqual(gateway.send_batch(batch()).limits.limit, 500)


class TestNobodyKnows(unittest.TestCase):
    def _unknown(self, failure, reason, reads_body=True):
        gateway, _transport = gateway_with(failure, reads_body=reads_body)
        outcome = gateway.send_batch(batch())
        self.assertIsInstance(outcome, Unknown)
        self.assertEqual(outcome.reason, reason)

    def test_a_reset_looks_like_a_refusal_and_is_none(self):
        reset = low.ProtocolError("aborted", ConnectionResetError())
        gone = low.ProtocolError("aborted", "RemoteDisconnected")
        for failure in (reset, gone, "anything"):
            for reads_body in (True, False):
                with self.subTest(failure=failure, reads_body=reads_body):
                    error = requests.ConnectionError(failure)
                    self._unknown(error, "connection_lost", reads_body)

    def test_tls_that_breaks_after_the_handshake(self):
        error = requests.exceptions.SSLError(wrapped(low.SSLError("bad record")))
        self._unknown(error, "connection_lost")

    def test_silence(self):
        self._unknown(requests.ReadTimeout(), "read_timeout")
        self._unknown(low.ReadTimeoutError(None, "/", "x"), "read_timeout")

    def test_an_exception_that_nobody_thought_of(self):
        self._unknown(RuntimeError("x"), "connection_lost")

    def test_answers_that_prove_nothing(self):
        table = [
            (answer(DENIED, 500), "server_error"),
            (answer("<html>", 502, "text/html"), "server_error"),
            (answer(DENIED, 503), "server_error"),
            (answer("", 504), "server_error"),
            (answer(DENIED, 200), "errors"),
            (answer({"id": "r", **DENIED}, 200), "errors"),
            (answer({"valids": []}), "unreadable"),
            (answer({}), "unreadable"),
            (answer([]), "unreadable"),
            (answer("<html>", 200, "text/html"), "unreadable"),
            (answer(None, 200), "unreadable"),
            (answer(None, 204), "unreadable"),
            (answer(b'{"id": "r", "va'), "unreadable"),
            (answer(DENIED, 400), "http_error"),
            (answer(DENIED, 402), "http_error"),
            (answer(DENIED, 408), "http_error"),
            (answer(DENIED, 409), "http_error"),
        ]
        for given, reason in table:
            with self.subTest(status=given[0], body=given[2][:20]):
                gateway, _transport = gateway_with(given)
                outcome = gateway.send_batch(batch())
                self.assertIsInstance(outcome, Unknown)
                self.assertEqual(outcome.reason, reason)

    def test_a_body_that_was_cut_off(self):
        content = b'{"id": "r", "valids": []}'
        for announced in (len(content) + 1, 1000):
            with self.subTest(announced=announced):
                cut = answer(content, Content_Length=str(announced))
                self._unknown(cut, "connection_lost")

    def test_our_own_mistakes_do_not_hide_an_acceptance(self):
        gateway, _transport = gateway_with(answer({"id": "r"}))
        gateway._accepted = None
        outcome = gateway.send_batch(batch())
        self.assertIsInstance(outcome, Unknown)
        self.assertEqual(outcome.reason, "bug")


class TestContentRefused(unittest.TestCase):
    def _refused(self, body):
        gateway, _transport = gateway_with(answer(body, 422))
        outcome = gateway.send_batch(batch())
        self.assertIsInstance(outcome, RefusedContent)
        return outcome

    def test_rows_are_named_in_several_shapes(self):
        why = "The phone is invalid."
        for body in (
            {"message": "invalid", "errors": {"messages.1.phone": [why]}},
            {"errors": [f"messages.1.phone: {why}"]},
            {"errors": f"messages.1.phone: {why}"},
            {"error": "invalid", "details": {"messages.1.phone": why}},
            {"errors": {"messages": {"1": {"phone": [why]}}}},
        ):
            with self.subTest(body=body):
                rows = self._refused(body).rows
                self.assertEqual(rows, {"m1": f"messages.1.phone: {why}"})

    def test_several_rows(self):
        fields = {"messages.0.phone": ["a"], "messages.2.message": ["b", "c"]}
        self.assertEqual(set(self._refused({"errors": fields}).rows), {"m0", "m2"})

    def test_a_refusal_may_name_no_row_or_one_that_is_not_there(self):
        for body in (
            {"errors": ["The given data was invalid."]},
            {"errors": {"messages": ["not more than 1000 items."]}},
            {"errors": {"messages.7.phone": ["x"]}},
            {"message": "x"},
            None,
        ):
            with self.subTest(body=body):
                self.assertEqual(self._refused(body).rows, {})

    def test_reasons_hold_no_number(self):
        body = {"errors": {"messages.0.phone": ["5511900000001 is bad"]}}
        self.assertNotIn("11900000001", str(self._refused(body)))

    def test_a_batch_of_the_wrong_size_makes_no_call(self):
        gateway, transport = gateway_with(answer({"id": "r"}))
        for phones in ((), ("+5511900000001",) * 1001):
            request = batch(*phones)
            if not phones:
                request = type(request)("b", ())
            with self.subTest(size=len(request.messages)):
                self.assertIsInstance(gateway.send_batch(request), RefusedContent)
        self.assertFalse(transport.calls)


class TestAccepted(unittest.TestCase):
    def test_an_acceptance_has_the_gateways_id_and_limits(self):
        given = answer({"id": 77, "valids": []}, X_RateLimit_Remaining="49")
        gateway, _transport = gateway_with(given)
        outcome = gateway.send_batch(batch())
        self.assertIsInstance(outcome, Accepted)
        self.assertEqual(outcome.request_id, "77")
        self.assertEqual(outcome.limits.remaining, 49)

    def test_200_may_accept_no_message_at_all(self):
        rows = [{"phone": 11900000001}, {"phone": 11900000002}]
        gateway, _transport = gateway_with(answer({"id": "r", "blacklist": rows}))
        outcome = gateway.send_batch(batch("+5511900000001", "+5511900000002"))
        self.assertEqual({each.state for each in outcome.results}, {"canceled"})

    def test_the_call_carries_reference_webhook_and_bare_digits(self):
        gateway, transport = gateway_with(answer({"id": "r"}))
        gateway.send_batch(batch("+5511900000001", reference="b9"))
        body = transport.bodies[0]
        self.assertEqual(body["reference"], "b9")
        self.assertEqual(body["webhook_url"], "https://odoo.test/hook/secret-path")
        row = {"phone": "5511900000001", "message": "Ola 0", "reference": "m0"}
        self.assertEqual(body["messages"], [row])
