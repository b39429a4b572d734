import base64
import hashlib
import json
import time
import warnings

import jwt
from jwt.warnings import InsecureKeyLengthWarning

from ..models.sms_provider import SmsProvider
from ..tools.inbound import ReplyItem, StatusItem
from ..tools.secret_box import SecretBox
from .common import SmsHttpCase

SECRET = "a-shared-secret-of-at-least-32-bytes"
OTHER = "another-secret-with-at-least-32-bytes"
PATHS = ("/sms/webhook/reply", "/sms/webhook/status")
STATUS = '{"id": "gw-1", "status": "delivered"}'
MEGABYTE = 1024 * 1024


def items_of(provider, body):
    """A gateway's format, plain enough for a test."""
    if not isinstance(body, dict):
        raise ValueError("not an object")
    text = {key: str(value) for key, value in body.items() if value is not None}
    if "reply" in body:
        return [
            ReplyItem(
                reply_id=text.get("id"), text=text["reply"], phone=text.get("phone")
            )
        ]
    if "status" in body:
        return [
            StatusItem(
                message_id=text.get("id"),
                reference=text.get("reference"),
                state="delivered",
                code="3",
                text=text["status"],
            )
        ]
    raise ValueError("neither reply nor status")


def token_of(body, secret=SECRET, algorithm="HS256", headers=None, **claims):
    """A signature as the requirement documents want it; None leaves a claim out."""
    raw = body.encode() if isinstance(body, str) else body
    payload = {
        "exp": int(time.time()) + 300,
        "body_sha256": hashlib.sha256(raw).hexdigest(),
        **claims,
    }
    payload = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(payload, secret, algorithm=algorithm, headers=headers)


def unsigned(body):
    """A token that says of itself that it needs no signature."""

    def part(value):
        raw = json.dumps(value).encode()
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    claims = {"exp": int(time.time()) + 300}
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


class TestWebhooks(SmsHttpCase):
    """The fixed addresses: signed calls are stored, all others learn nothing."""

    def setUp(self):
        super().setUp()
        self.provider.jwt_secret = SECRET
        self.patch(SmsProvider, "_log_parse_webhook", items_of)

    def signed(self, body, path=PATHS[1], token=None, **options):
        token = token or token_of(body)
        return self.post(path, body, {"X-Kolmeya-Signature": token}, **options)

    def events(self):
        return self.env["sms.event"].search([])

    def assert_refused(self, answer, status):
        self.assertEqual(answer.status_code, status, answer.text[:300])
        self.assertFalse(self.events())
        self.assertFalse(self.env["sms.event.body"].search([]))
        self.assertFalse(self.pending_jobs())

    # -- answers -----------------------------------------------------------------------

    def test_a_signed_call_is_stored_and_answered_at_once(self):
        for path in PATHS:
            for header in ("X-Kolmeya-Signature", "X-SMS-Signature"):
                with self.subTest(path=path, header=header):
                    body = json.dumps({"id": path + header, "status": "delivered"})
                    answer = self.post(path, body, {header: token_of(body)})
                    self.assertEqual(answer.status_code, 200)
                    event = self.events()[0]
                    self.assertEqual(
                        answer.json(),
                        {"status": "success", "event_id": event.id, "sms_id": None},
                    )
                    self.assertEqual(event.state, "new")
                    self.assertEqual(event.provider_id, self.provider)
                    self.assertEqual(event.body_id.raw, body)
                    self.assertEqual(event.body_id.remote_address, "127.0.0.1")
                    self.assertNotIn("Set-Cookie", answer.headers)

    def test_the_answer_names_the_message_where_it_is_known_already(self):
        message = self.accepted_message(provider_message_id="gw-1")
        cases = [
            ({"id": "gw-1", "status": "x"}, message.id),
            ({"reference": message.reference, "status": "x"}, message.id),
            ({"id": "gw-2", "status": "x"}, None),
            ({"id": "r-1", "reply": "SIM", "phone": message.phone}, None),
        ]
        for body, expected in cases:
            with self.subTest(body=body):
                answer = self.signed(json.dumps(body)).json()
                self.assertEqual(answer["sms_id"], expected)

    def test_the_same_call_again_is_a_duplicate_with_the_same_answer(self):
        first = self.signed(STATUS)
        for token in (None, token_of(STATUS, jti="2")):
            again = self.signed(STATUS, token=token)
            self.assertEqual(again.status_code, 200)
            self.assertEqual(again.json(), first.json())
        self.assertEqual(len(self.events()), 1)

    def test_what_is_stored_wakes_up_who_applies_it(self):
        self.signed(STATUS)
        self.signed('{"id": "r-1", "reply": "SIM", "phone": "+5511912345678"}')
        jobs = self.pending_jobs()
        methods = sorted(jobs.mapped("method_name"))
        self.assertEqual(methods, ["_apply_pending", "_apply_replies"])
        self.assertEqual(jobs.user_id.ids, [1])
        self.run_jobs()
        self.assertEqual(self.partner.sms_received_count, 1)

    def test_the_secret_that_verifies_names_the_provider(self):
        company = self.env["res.company"].create({"name": "Other company"})
        other = self.env["sms.provider"].create(
            {
                "name": "Other",
                "provider_type": "log",
                "company_id": company.id,
                "jwt_secret": OTHER,
            }
        )
        self.signed(STATUS, token=token_of(STATUS, OTHER))
        self.assertEqual(self.events().provider_id, other)

    def test_a_secret_that_cannot_be_read_does_not_hinder_the_others(self):
        broken = self.provider.copy({"name": "Broken", "sequence": 1})
        key = base64.urlsafe_b64encode(b"k" * 32)
        broken.sudo().jwt_secret_sealed = SecretBox([key]).seal(OTHER)
        self.assertEqual(self.signed(STATUS).status_code, 200)
        token = token_of(STATUS, OTHER)
        self.assertEqual(self.signed(STATUS, token=token).status_code, 401)

    # -- who is not let in -------------------------------------------------------------

    def test_forged_signatures_are_refused(self):
        good = token_of(STATUS)
        head, claims, signature = good.split(".")
        attacks = {
            "another secret": token_of(STATUS, OTHER),
            "no algorithm": unsigned(STATUS),
            "no signature": f"{head}.{claims}.",
            "signature cut": f"{head}.{claims}.{signature[:-4]}",
            "other claims": f"{head}.{unsigned('').split('.')[1]}.{signature}",
            "another algorithm": token_of(STATUS, SECRET * 2, "HS512"),
            "expired": token_of(STATUS, exp=int(time.time()) - 3600),
            "no expiry": token_of(STATUS, exp=None),
            "expiry of nonsense": token_of(STATUS, exp="soon"),
            "not yet valid": token_of(STATUS, nbf=int(time.time()) + 3600),
            "hash of another body": token_of("{}"),
            "empty hash": token_of(STATUS, body_sha256=""),
            "unknown critical header": token_of(STATUS, headers={"crit": ["x"]}),
            "key file of its own": token_of(
                STATUS, OTHER, headers={"kid": "../../dev/null", "jku": "http://x"}
            ),
            "not a token": "x",
            "dots": "..",
            "too long": good + "A" * 10_000,
            "the secret itself": SECRET,
        }
        for name, token in attacks.items():
            for path in PATHS:
                with self.subTest(name, path=path):
                    answer = self.signed(STATUS, path, token=token)
                    self.assert_refused(answer, 401)
                    self.assertEqual(
                        answer.json(), {"status": "error", "message": "Unauthorized"}
                    )

    def test_no_signature_no_entry(self):
        cases = [
            {},
            {"X-Kolmeya-Signature": ""},
            {"Authorization": f"Bearer {token_of(STATUS)}"},
        ]
        for headers in cases:
            with self.subTest(headers=list(headers)):
                self.assert_refused(self.post(PATHS[0], STATUS, headers), 401)

    def test_a_short_secret_verifies_nothing(self):
        box = self.provider._secret_box()
        short = SECRET[:31]
        self.provider.sudo().jwt_secret_sealed = box.seal(short)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", InsecureKeyLengthWarning)
            token = token_of(STATUS, short)
        self.assert_refused(self.signed(STATUS, token=token), 401)

    def test_an_archived_provider_receives_nothing(self):
        self.provider.active = False
        self.assert_refused(self.signed(STATUS), 401)

    def test_no_provider_with_a_secret_no_entry(self):
        self.provider.jwt_secret = False
        self.assert_refused(self.signed(STATUS), 401)

    def test_a_signature_is_good_for_one_body(self):
        for claim in (None, hashlib.sha256(STATUS.encode()).hexdigest()):
            with self.subTest(claim=claim):
                token = token_of(STATUS, body_sha256=claim, jti=str(claim))
                first = self.signed(STATUS, token=token)
                self.assertEqual(first.status_code, 200)
                stored = self.events()
                forged = STATUS.replace("gw-1", "gw-2")
                answer = self.signed(forged, token=token)
                self.assertEqual(answer.status_code, 401)
                self.assertEqual(self.events(), stored)
                again = self.signed(STATUS, token=token)
                self.assertEqual(again.status_code, 200)

    # -- bodies ------------------------------------------------------------------------

    def test_no_body_whatever_makes_an_error_of_ours(self):
        deep = 100_000
        cases = {
            "nothing": (b"", 400),
            "spaces": (b"  ", 400),
            "no JSON": (b"{", 400),
            "text": (b"hello", 400),
            "HTML": (b"<html></html>", 400),
            "null": (b"null", 400),
            "true": (b"true", 400),
            "a number": (b"17", 400),
            "infinite": (b"1e999", 400),
            "not a number": (b"NaN", 400),
            "a long number": (b"9" * 5000, 400),
            "a string": (b'"x"', 400),
            "a list": (b"[]", 400),
            "a list of numbers": (b"[1, 2]", 400),
            "an empty object": (b"{}", 400),
            "another object": (b'{"a": {"b": 1}}', 400),
            "deep lists": (b"[" * deep + b"]" * deep, 400),
            "deep objects": (b'{"a":' * deep + b"1" + b"}" * deep, 400),
            "raw NUL": (b'{"id": "\x00", "status": "x"}', 400),
            "bytes that are no text": (b"\xff\xfe\x80", 400),
            "UTF-16": (STATUS.encode("utf-16"), 400),
            "NUL": (b'{"id": "a\\u0000b", "status": "x"}', 200),
            "half an emoji": (b'{"id": "\\ud83d", "reply": "\\ude00 x"}', 200),
            "half an emoji without id": (b'{"reply": "\\ud83d", "phone": "1"}', 200),
            "half a key": (b'{"\\ud83d": 1, "id": "k", "status": "x"}', 200),
            "a byte order mark": (b"\xef\xbb\xbf" + STATUS.encode(), 200),
            "long ids": (json.dumps({"id": "é" * 9000, "status": "x"}), 200),
            "a long phone": (json.dumps({"reply": "x", "phone": "é" * 9000}), 200),
            "numbers for texts": (b'{"id": 1, "status": 2, "reference": 3.5}', 200),
            "objects for texts": (b'{"id": {"a": []}, "status": [null]}', 200),
        }
        for name, (body, status) in cases.items():
            with self.subTest(name):
                stored = self.events()
                raw = body.encode() if isinstance(body, str) else body
                answer = self.signed(raw)
                self.assertEqual(answer.status_code, status, answer.text[:300])
                self.assertEqual(len(self.events() - stored), int(status == 200))
                expected = "success" if status == 200 else "error"
                self.assertEqual(answer.json()["status"], expected)
        self.run_jobs()
        waiting = self.events().filtered(lambda event: event.kind == "reply")
        self.assertEqual(set(waiting.mapped("state")), {"applied"})

    def test_no_kind_of_content_makes_an_error_of_ours(self):
        kinds = [
            "text/plain",
            "",
            "nonsense",
            "application/json; charset=klingon",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "multipart/form-data; boundary=x",
            "multipart/form-data; boundary=" + "x" * 5000,
            "application/xml",
        ]
        for number, kind in enumerate(kinds):
            with self.subTest(kind=kind[:60]):
                body = json.dumps({"id": f"gw-{number}", "status": "ok"})
                self.assertEqual(self.signed(body, kind=kind).status_code, 200)
                self.assertEqual(self.events()[0].gateway_message_id, f"gw-{number}")

    def test_an_older_charset_is_read_where_it_is_declared(self):
        body = '{"id": "r-1", "reply": "não", "phone": "1"}'.encode("latin-1")
        self.assert_refused(self.signed(body), 400)
        answer = self.signed(body, kind="application/json; charset=ISO-8859-1")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.events().text, "não")

    def test_no_query_makes_an_error_of_ours(self):
        queries = [
            "self=1",
            "secret=x",
            "rule=1",
            "%00=%00",
            "a=%ff%fe",
            "self",
            "&&==",
        ]
        for number, query in enumerate(queries):
            with self.subTest(query=query):
                body = json.dumps({"id": f"gw-{number}", "status": "ok"})
                answer = self.signed(body, f"{PATHS[0]}?{query}")
                self.assertEqual(answer.status_code, 200)

    def test_a_form_field_named_self_is_no_error_either(self):
        kind = "application/x-www-form-urlencoded"
        self.assert_refused(self.signed("self=1&a=2", kind=kind), 400)

    def test_a_body_that_is_too_long_is_refused(self):
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            with self.subTest(kind=kind):
                body = json.dumps({"id": "x" * (2 * MEGABYTE), "status": "x"})
                self.assert_refused(self.signed(body, kind=kind), 413)

    def test_only_post_is_answered(self):
        headers = {"X-Kolmeya-Signature": token_of(b"")}
        for method in ("GET", "PUT", "DELETE"):
            with self.subTest(method=method):
                answer = self.url_open(PATHS[0], headers=headers, method=method)
                self.assertEqual(answer.status_code, 405)

    def test_a_provider_type_that_receives_nothing_says_so(self):
        delattr(SmsProvider, "_log_parse_webhook")
        self.assert_refused(self.signed(STATUS), 400)
        SmsProvider._log_parse_webhook = items_of
