"""The transport: how a call is made, limited and repeated."""

import threading
import time
import unittest

import requests
from urllib3.exceptions import NewConnectionError

from odoo.addons.sms_base_sr.tools.gateway_transport import Upload, within
from odoo.addons.sms_kolmeya.tests.tools_fakes import TOKEN, answer, api_with
from odoo.addons.sms_kolmeya.tools import kolmeya_errors as errors
from odoo.addons.sms_kolmeya.tools.kolmeya_client import KolmeyaClient

BALANCE = answer({"balance": "R$1,00"})
REFUSED = requests.ConnectionError(
    requests.packages.urllib3.exceptions.MaxRetryError(
        None, "/", NewConnectionError(None, "refused")
    )
)


class TestCall(unittest.TestCase):
    def test_everything_is_a_post_of_json_with_the_token(self):
        api, transport = api_with(BALANCE, token=f"Bearer {TOKEN}")
        api.get_balance()
        request, body, options = transport.calls[0]
        self.assertEqual(request.method, "POST")
        self.assertEqual(request.headers["Authorization"], f"Bearer {TOKEN}")
        self.assertEqual(request.headers["Accept"], "application/json")
        self.assertEqual(request.headers["Content-Type"], "application/json")
        self.assertEqual(body, {})
        self.assertEqual(options["timeout"], (5, 30))

    def test_a_body_announces_its_length(self):
        api, transport = api_with(BALANCE)
        api.get_balance()
        headers = transport.calls[0][0].headers
        self.assertEqual(headers["Content-Length"], "2")
        self.assertNotIn("Transfer-Encoding", headers)

    def test_redirects_are_never_followed(self):
        for status in (301, 302, 303, 307, 308):
            with self.subTest(status=status):
                page = answer("<html>", status, "text/html", Location="/login")
                api, transport = api_with(page)
                with self.assertRaises(errors.HttpRefusal) as caught:
                    api.get_balance()
                self.assertEqual(caught.exception.status, status)
                self.assertEqual(len(transport.calls), 1)

    def test_a_redirect_to_nonsense_is_a_redirect(self):
        for target in ("http://[", "ftp://x", "http://*.x", "\udcff", ""):
            with self.subTest(target=target):
                api, _transport = api_with(answer("<html>", 302, Location=target))
                with self.assertRaises(errors.HttpRefusal) as caught:
                    api.get_balance()
                self.assertEqual(caught.exception.status, 302)

    def test_the_limits_of_the_last_answer_are_kept(self):
        api, _transport = api_with(
            answer({"balance": "R$1,00"}, X_RateLimit_Remaining="49"), BALANCE
        )
        api.get_balance()
        self.assertEqual(api.limits.remaining, 49)
        api.get_balance()
        self.assertIsNone(api.limits)

    def test_a_connection_that_idled_is_not_used_for_sending(self):
        api, transport = api_with(answer({"id": "r"}))
        api.send_sms("11900000001", "Ola")
        self.assertEqual(transport.closed, 0)
        api.IDLE_LIMIT = -1
        api.send_sms("11900000001", "Ola")
        self.assertEqual(transport.closed, 1)

    def test_the_base_address_may_end_with_a_slash(self):
        client = KolmeyaClient(TOKEN, base_url="https://gateway.test/api/v1/")
        self.assertEqual(client.base_url, "https://gateway.test/api/v1")


class TestAnswers(unittest.TestCase):
    def test_html_is_unreadable_whatever_its_status(self):
        api, _transport = api_with(answer("<html>Em manutenção", 200, "text/html"))
        with self.assertRaises(errors.UnreadableAnswer):
            api.get_balance()

    def test_json_is_read_even_where_it_is_called_html(self):
        api, _transport = api_with(answer({"balance": "R$1,00"}, kind="text/html"))
        self.assertEqual(api.get_balance()["saldo"], 1.0)

    def test_a_byte_order_mark_does_no_harm(self):
        api, _transport = api_with(answer(b'\xef\xbb\xbf{"balance": "R$1,00"}'))
        self.assertEqual(api.get_balance()["saldo"], 1.0)

    def test_200_with_errors_is_an_error(self):
        for value in (["x"], {"a": ["x"]}, "x"):
            with self.subTest(value=value):
                api, _transport = api_with(answer({"errors": value, "id": "r"}))
                with self.assertRaises(errors.AnsweredErrors):
                    api.send_sms("11900000001", "Ola")

    def test_empty_errors_are_none(self):
        for value in ([], {}, None, ""):
            with self.subTest(value=value):
                api, _transport = api_with(answer({"errors": value, "id": "r"}))
                self.assertEqual(api.send_sms("11900000001", "Ola")["id"], "r")

    def test_deep_nesting_and_broken_text_are_unreadable(self):
        for content in (b"[" * 100_000, b'{"id": "r', b"\xff\xfe", b"", b"null"):
            with self.subTest(content=content[:5]):
                api, _transport = api_with(answer(content))
                with self.assertRaises(errors.UnreadableAnswer):
                    api.send_sms("11900000001", "Ola")

    def test_a_body_without_end_is_given_up(self):
        api, _transport = api_with(answer(b" " * (17 * 1024 * 1024)))
        with self.assertRaises(errors.UnreadableAnswer):
            api.get_balance()


class TestRepeats(unittest.TestCase):
    def test_what_only_asks_is_repeated(self):
        for failure in (
            REFUSED,
            requests.ReadTimeout(),
            requests.ConnectionError("reset"),
            answer({"errors": ["x"]}, 500),
            answer("<html>", 502, "text/html"),
        ):
            with self.subTest(failure=failure):
                api, transport = api_with(failure, BALANCE)
                self.assertEqual(api.get_balance()["saldo"], 1.0)
                self.assertEqual(len(transport.calls), 2)

    def test_a_third_failure_is_told(self):
        api, transport = api_with(answer({"errors": ["x"]}, 503))
        with self.assertRaises(errors.HttpRefusal):
            api.get_balance()
        self.assertEqual(len(transport.calls), 3)

    def test_refusals_are_not_repeated(self):
        for status in (400, 401, 403, 404, 422, 429):
            with self.subTest(status=status):
                api, transport = api_with(answer({"errors": ["x"]}, status))
                with self.assertRaises(errors.HttpRefusal):
                    api.get_balance()
                self.assertEqual(len(transport.calls), 1)

    def test_sending_is_never_repeated(self):
        failures = (
            REFUSED,
            requests.ReadTimeout(),
            requests.ConnectionError("reset"),
            answer({"errors": ["x"]}, 500),
            answer({"errors": ["x"]}, 429),
            answer("<html>", 502, "text/html"),
            answer({"valids": []}),
        )
        for failure in failures:
            for method in ("send_sms", "send_token"):
                with self.subTest(failure=failure, method=method):
                    api, transport = api_with(failure, answer({"id": "r"}))
                    with self.assertRaises(errors.KolmeyaError):
                        getattr(api, method)("11900000001", "Ola")
                    self.assertEqual(len(transport.calls), 1)


class TestTotalTime(unittest.TestCase):
    def test_a_call_that_hangs_is_left_behind(self):
        release = threading.Event()
        self.addCleanup(release.set)
        with self.assertRaises(errors.TotalTimeLimit):
            within(0.05, release.wait)

    def test_a_call_that_was_left_behind_sends_nothing_any_more(self):
        late = Upload(b"body", time.monotonic() - 1)
        with self.assertRaises(errors.TotalTimeLimit):
            late.read()
        self.assertFalse(late.started)
        in_time = Upload(b"body", time.monotonic() + 60)
        self.assertEqual(in_time.read(), b"body")
        self.assertTrue(in_time.started)

    def test_result_and_exception_come_through(self):
        self.assertEqual(within(5, lambda: 7), 7)
        with self.assertRaises(ZeroDivisionError):
            within(5, lambda: 1 / 0)
