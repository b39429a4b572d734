import hashlib
import json
import time

import jwt

from .common import KolmeyaHttpCase

SECRET = "a-shared-secret-of-at-least-32-bytes"
REQUEST, MESSAGE = "7b1f-a1", "7b1f-b1"
PHONE = "5511912345678"
STATUS = {"id": MESSAGE, "reference": "msg-1", "status_code": 3, "status": "entregue"}
BATCHED = {"id": REQUEST, "reference": "batch-1", "messages": [STATUS]}
REPLY = {
    "id": "7b1f-c1",
    "reply": "SIM QUERO",
    "received_at": "16/11/2025 14:30:00",
    "message": {"id": MESSAGE, "reference": "msg-1", "phone": PHONE, "content": "Olá"},
}
NAMES = (MESSAGE, REQUEST, "7b1f-c1", "msg-1", "batch-1")
# Every shape of the gateway's documents and clients: kind, and what is read of it.
PROFILES = {
    "batched": (BATCHED, "status", {"gateway_message_id": MESSAGE}),
    "batched, code as text": (
        {**BATCHED, "messages": [{**STATUS, "status_code": "3"}]},
        "status",
        {"gateway_message_id": MESSAGE, "code": "3"},
    ),
    "flat 003": (
        {**STATUS, "phone": PHONE},
        "status",
        {"gateway_message_id": MESSAGE, "phone": "+5511912345678"},
    ),
    "flat 000": (
        {
            "message_id": MESSAGE,
            "status_code": 3,
            "status": "entregue",
            "updated_at": "2025-11-16T14:30:00Z",
        },
        "status",
        {"gateway_message_id": MESSAGE},
    ),
    "flat of a proxy": (
        {
            "id": REQUEST,
            "status": "delivered",
            "phone": PHONE,
            "reference": "msg-1",
            "delivered_at": "2025-11-16 14:30:00",
        },
        "status",
        {"reference": "msg-1"},
    ),
    "wrapped": ({"payload": BATCHED}, "status", {"gateway_message_id": MESSAGE}),
    "a list": ([BATCHED], "status", {"gateway_message_id": MESSAGE}),
    "a list of flat ones": ([STATUS], "status", {"gateway_message_id": MESSAGE}),
    "reply, nested": ({"reply": REPLY}, "reply", {"text": "SIM QUERO"}),
    "reply, wrapped": ({"payload": {"reply": REPLY}}, "reply", {"text": "SIM QUERO"}),
    "replies": ({"reply": [REPLY]}, "reply", {"text": "SIM QUERO"}),
    "reply beside its message": (REPLY, "reply", {"gateway_message_id": MESSAGE}),
    "reply with from and to": (
        {"reply": {**REPLY, "message": {"id": MESSAGE, "from": PHONE, "to": "1"}}},
        "reply",
        {"phone": "+5511912345678"},
    ),
    "reply, flat 003": (
        {
            "phone": PHONE,
            "message": "SIM QUERO",
            "reference": "msg-1",
            "data": "16/11/2025 14:30:00",
        },
        "reply",
        {"text": "SIM QUERO", "reference": "msg-1"},
    ),
    "reply, flat 000": (
        {
            "id": "7b1f-c1",
            "phone": PHONE,
            "message": "SIM QUERO",
            "received_at": "2025-11-16T14:30:00Z",
            "original_message_id": MESSAGE,
        },
        "reply",
        {"text": "SIM QUERO", "gateway_message_id": MESSAGE},
    ),
    "a whole request rejected late": (
        {
            "id": REQUEST,
            "reference": "batch-1",
            "status": "rejected",
            "status_message": "Request rejected due to validation failure",
        },
        "rejection",
        {"request_id": REQUEST, "request_reference": "batch-1"},
    ),
}


class TestKolmeyaProfiles(KolmeyaHttpCase):
    """Each shape is taken on each address, whatever its last part says."""

    def setUp(self):
        super().setUp()
        self.provider.jwt_secret = SECRET
        self.mark = 0

    def addresses(self):
        """(path, whether it is a fixed one) of all that the gateway may call."""
        secret = f"/kolmeya/webhook/{self.provider._get_secret('webhook_secret')}"
        for tail in ("", "/reply", "/status"):
            yield secret + tail, False
        for path in ("/sms/webhook", "/kolmeya/webhook"):
            for tail in ("reply", "status"):
                yield f"{path}/{tail}", True

    def token(self, body):
        digest = hashlib.sha256(body.encode()).hexdigest()
        claims = {"exp": int(time.time()) + 300, "body_sha256": digest}
        return jwt.encode(claims, SECRET, algorithm="HS256")

    def call(self, path, body, sign):
        headers = {"X-Kolmeya-Signature": self.token(body)} if sign else {}
        return self.post(path, body, headers)

    def marked(self, content):
        """The same content as another event: other ids, another time of day."""
        self.mark += 1
        text = json.dumps(content, ensure_ascii=False)
        for name in NAMES:
            text = text.replace(name, f"{name}-{self.mark}")
        return text.replace("14:30:", f"{self.mark // 60:02}:{self.mark % 60:02}:")

    def test_every_shape_is_taken_on_every_address(self):
        for strict in (False, True):
            self.provider.webhook_strict = strict
            for path, fixed in self.addresses():
                self.check_shapes(path, fixed or strict)

    def check_shapes(self, path, sign):
        for name, (content, kind, values) in PROFILES.items():
            with self.subTest(name, path=path[-20:], sign=sign):
                answer = self.call(path, self.marked(content), sign)
                self.assertEqual(answer.status_code, 200, answer.text)
                self.assertEqual(answer.json()["status"], "success")
                event = self.env["sms.event"].browse(answer.json()["event_id"])
                self.assertEqual(event.kind, kind)
                for field, value in values.items():
                    named = f"{value}-{self.mark}" if value in NAMES else value
                    self.assertEqual(event[field], named)

    def test_a_strict_address_takes_no_call_without_signature(self):
        self.provider.webhook_strict = True
        body = json.dumps(STATUS)
        for path, fixed in self.addresses():
            with self.subTest(path=path[-20:]):
                answer = self.call(path, body, sign=False)
                self.assertEqual(answer.status_code, 401 if fixed else 403)
        self.assertFalse(self.env["sms.event"].search([]))

    def test_a_strict_address_that_is_right_looks_like_a_wrong_one(self):
        self.provider.webhook_strict = True
        wrong = self.post("/kolmeya/webhook/wrong", "{}")
        right = self.provider._webhook_url().removeprefix(self.base_url())
        used = jwt.encode({"exp": int(time.time()) + 99}, SECRET, algorithm="HS256")
        first = self.post(right, json.dumps(STATUS), {"X-SMS-Signature": used})
        self.assertEqual(first.status_code, 200)
        for headers in ({}, {"X-SMS-Signature": "x"}, {"X-SMS-Signature": used}):
            body = json.dumps({**STATUS, "id": "other"})
            answer = self.post(right, body, headers)
            self.assertEqual(answer.status_code, wrong.status_code)
            self.assertEqual(answer.content, wrong.content)
            self.assertEqual(sorted(answer.headers), sorted(wrong.headers))
        self.assertEqual(self.env["sms.event"].search_count([]), 1)

    def test_a_stranger_does_not_lock_the_gateway_out(self):
        """Both may come from one address, behind a proxy that nobody named."""
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("sms.webhook.refused_per_minute", "3")
        right = self.provider._webhook_url().removeprefix(self.base_url())
        body = json.dumps(STATUS)
        self.assertEqual(self.post(right, body).status_code, 200)
        wrong = "/kolmeya/webhook/wrong"
        statuses = [self.post(wrong, body).status_code for _time in range(5)]
        self.assertEqual(statuses, [403, 403, 403, 429, 429])
        self.assertEqual(self.post(right, body).status_code, 200)
        self.assertEqual(self.post(wrong, body).status_code, 429)

    def test_the_button_tests_the_secret_address(self):
        self.patch(
            self.registry["sms.provider"],
            "_post_webhook_test",
            lambda _provider, url, body, headers: self.post(
                url.removeprefix(self.base_url()), body, headers
            ),
        )
        self.provider.webhook_base_url = self.base_url()
        for strict in (False, True):
            self.provider.webhook_strict = strict
            told = self.provider.action_test_webhook()["params"]
            self.assertEqual(told["type"], "success", told["message"])
        self.assertFalse(self.env["sms.event"].search([]))
        self.assertFalse(self.env["sms.webhook.refusal"].search([]))
        self.provider.webhook_networks = "203.0.113.1"
        told = self.provider.action_test_webhook()["params"]
        self.assertEqual(told["type"], "danger")
        self.assertIn("Sender not allowed (127.0.0.1)", told["message"])
