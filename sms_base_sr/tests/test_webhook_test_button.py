import json
from datetime import timedelta

import requests

from ..models.sms_provider import SmsProvider
from .common import SmsHttpCase
from .test_webhooks import PATHS, SECRET, items_of


class Answered:
    """What ``requests`` gives back."""

    def __init__(self, status, text="", headers=None):
        self.status_code, self.text, self.headers = status, text, headers or {}
        self.elapsed = timedelta(milliseconds=12)

    def json(self):
        return json.loads(self.text)


class TestWebhookTestButton(SmsHttpCase):
    """*Test webhook* says what came back, in words, and leaves no event."""

    def setUp(self):
        super().setUp()
        self.provider.jwt_secret = SECRET
        self.provider.webhook_base_url = self.base_url()
        self.patch(SmsProvider, "_log_parse_webhook", items_of)
        # The base has fixed addresses only: the last part is left out, and signed.
        self.patch(
            self.registry["sms.provider"],
            "_webhook_path",
            lambda _provider: "/sms/webhook",
        )
        self.answers = None
        self.patch(self.registry["sms.provider"], "_post_webhook_test", self.post_test)

    def post_test(self, url, body, headers):
        self.called = url
        if isinstance(self.answers, Exception):
            raise self.answers
        return self.answers or self.post(PATHS[1], body, headers)

    def press(self):
        params = self.provider.action_test_webhook()["params"]
        return params["type"], params["message"]

    def test_it_works(self):
        self.provider.webhook_strict = True
        kind, words = self.press()
        self.assertEqual(kind, "success", words)
        self.assertIn("It works", words)
        self.assertIn("127.0.0.1", words)
        self.assertIn(self.base_url(), words)
        self.assertTrue(self.called.startswith(f"{self.base_url()}/sms/webhook/"))
        self.assertFalse(self.env["sms.event"].search([]))
        self.assertFalse(self.env["sms.event.body"].search([]))
        self.assertFalse(self.env["sms.webhook.token"].search([]))
        self.assertFalse(self.pending_jobs())

    def test_a_refusal_is_explained(self):
        kind, words = self.press()
        self.assertEqual(kind, "danger")
        for part in ("401", "No signature", "127.0.0.1", "secret address"):
            self.assertIn(part, words)

    def test_each_answer_has_words(self):
        elsewhere = {"Location": "https://www.example.com/x"}
        cases = [
            (Answered(301, headers=elsewhere), "sends callers on to www.example.com"),
            (Answered(302), "final address"),
            (Answered(403), "it was the proxy"),
            (Answered(200, "<html>"), "not this Odoo"),
            (Answered(200, "[]"), "not this Odoo"),
            (Answered(200, '{"status": "success"}'), "not this Odoo"),
            (Answered(200, '{"test": "guessed"}'), "not this Odoo"),
            (Answered(404), "answered 404"),
            (Answered(502, "<html>"), "answered 502"),
            (requests.ConnectionError("secret"), "Nobody answers"),
            (requests.exceptions.SSLError("secret"), "certificate"),
            (requests.Timeout("secret"), "does not answer"),
            (requests.exceptions.InvalidURL("secret"), "Nobody answers"),
        ]
        secret = self.provider._get_secret("webhook_secret")
        for self.answers, expected in cases:
            with self.subTest(expected=expected):
                kind, words = self.press()
                self.assertEqual(kind, "danger")
                self.assertIn(expected, words)
                self.assertNotIn(secret, words)

    def test_an_address_that_is_not_safe_is_not_called(self):
        self.provider.webhook_base_url = False
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("web.base.url", "http://odoo.example.com")
        self.answers = AssertionError("called")
        kind, words = self.press()
        self.assertEqual(kind, "danger")
        self.assertIn("https://", words)

    def test_a_provider_without_webhook_has_nothing_to_test(self):
        self.patch(self.registry["sms.provider"], "_webhook_path", lambda _provider: "")
        self.assertEqual(self.press()[0], "info")

    def test_what_only_looks_like_a_test_is_none(self):
        answer = self.provider._webhook_test_answer
        key = "sms_webhook_test"
        for body in (
            {key: 1},
            {key: ""},
            {key: "x" * 65},
            {key: ["x"]},
            {key: "x", "status": "y"},
            {},
            [],
            key,
            None,
        ):
            with self.subTest(body=body):
                self.assertIsNone(answer(body, "127.0.0.1"))
        self.assertTrue(answer({key: "\ud83d"}, "127.0.0.1"))
