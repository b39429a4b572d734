"""No secret and no person in what may reach a log or a form."""

import logging
import pickle
import unittest

import requests

from odoo.addons.sms_kolmeya.tests.tools_fakes import TOKEN, answer, api_with, batch
from odoo.addons.sms_kolmeya.tools.gateway import KolmeyaGateway
from odoo.addons.sms_kolmeya.tools.kolmeya_client import bare_token
from odoo.addons.sms_kolmeya.tools.kolmeya_errors import BadToken, KolmeyaError, redact


class TestRedaction(unittest.TestCase):
    def test_secrets_numbers_and_addresses_are_masked(self):
        table = [
            ("token Bearer abc.def", "token Bearer ***"),
            ("see https://odoo.test/hook/secret now", "see <url> now"),
            ("phone 5511900000001 bad", "phone <number> bad"),
            ("phone +55 (11) 90000-0001 bad", "phone <number> bad"),
            ("cpf 000.000.001-91", "cpf <number>"),
            ("row 12 of 1000", "row 12 of 1000"),
            ("two\n lines", "two lines"),
        ]
        for text, expected in table:
            with self.subTest(text=text):
                self.assertEqual(redact(text), expected)

    def test_a_page_of_html_becomes_one_short_line(self):
        self.assertLessEqual(len(redact("<p>error</p> " * 1000)), 200)

    def test_a_known_secret_is_masked_wherever_it_stands(self):
        self.assertEqual(redact(f"bad {TOKEN}!", TOKEN), "bad ***!")


class TestToken(unittest.TestCase):
    def test_the_prefix_may_be_pasted_or_not(self):
        for text in ("abc", "Bearer abc", " bearer  abc ", "Bearer Bearer abc"):
            with self.subTest(text=text):
                self.assertEqual(bare_token(text), "abc")
        self.assertEqual(bare_token("BearerTree"), "BearerTree")
        self.assertEqual(bare_token(None), "")

    def test_no_representation_shows_it(self):
        api, _transport = api_with(answer({}))
        for shown in (repr(api), str(api), repr(KolmeyaGateway(api))):
            self.assertNotIn(TOKEN, shown)
            self.assertNotIn("gateway.test", shown)

    def test_a_broken_one_makes_no_call_and_is_not_quoted(self):
        for token in ("ação", "ab\ncd", "ab cd", "", None, "Bearer"):
            with self.subTest(token=token):
                api, transport = api_with(answer({}), token=token)
                with self.assertRaises(BadToken) as caught:
                    api.get_balance()
                self.assertEqual(caught.exception.reason, "unauthorized")
                self.assertNotIn(token or "?", str(caught.exception))
                self.assertFalse(transport.calls)


class TestErrorsOfCalls(unittest.TestCase):
    def _error(self, *answers):
        api, _transport = api_with(*answers)
        messages = [{"phone": "+5511900000001", "message": "Ola"}]
        with self.assertRaises(KolmeyaError) as caught:
            api.send_batch(messages, "b", "https://odoo.test/hook/secret-path")
        return caught.exception

    def test_neither_text_nor_chain_holds_the_request(self):
        error = self._error(requests.ConnectionError(f"Bearer {TOKEN} to secret-path"))
        self.assertNotIn(TOKEN, f"{error} {error!r} {error.args}")
        self.assertNotIn("secret-path", f"{error} {error!r}")
        self.assertIsNone(error.__cause__)
        self.assertIsNone(error.__context__)

    def test_what_the_gateway_echoes_is_masked(self):
        text = f"no {TOKEN} for 5511900000001 at https://odoo.test/hook/secret-path"
        error = self._error(answer({"errors": [text]}, 401))
        self.assertEqual(error.detail, "no *** for <number> at <url>")

    def test_an_error_survives_the_way_to_another_process(self):
        error = self._error(answer({"errors": ["x"]}, 500))
        self.assertEqual(str(pickle.loads(pickle.dumps(error))), str(error))

    def test_nothing_of_it_is_logged(self):
        api, _transport = api_with(answer({"id": "r", "valids": []}))
        gateway = KolmeyaGateway(api)
        with self.assertLogs(level=logging.DEBUG) as logs:
            # Silence would be right too, and assertLogs wants one line.
            logging.getLogger("the_test").warning("the call begins")
            gateway.send_batch(batch())
        text = "\n".join(logs.output)
        for secret in (TOKEN, "secret-path", "11900000001", "Ola"):
            self.assertNotIn(secret, text)
