"""Nothing personal and nothing secret in a log line; everything else untouched."""

import logging
import unittest
import uuid

import jwt
from cryptography.fernet import Fernet

from odoo.addons.sms_base_sr.tools.log_mask import MaskingFilter, install, mask_text

MASKED = [
    ("to +5511961234567 now", "to +55 11 9****-**67 now"),
    ("to 5511961234567 now", "to 55 11 9****-**67 now"),
    ("to 11961234567.", "to 11 *******67."),
    ("to (11) 96123-4567,", "to 11 *******67,"),
    ("to +55 11 96123-4567", "to +55 11 9****-**67"),
    ("to +55 (11) 3333-4444", "to +55 11 ****-**44"),
    ("/sms/5511961234567/x", "/sms/55 11 9****-**67/x"),
    ("phone=5511961234567&x=1", "phone=55 11 9****-**67&x=1"),
    ("['+5511961234567', '+351912345678']", "['+55 11 9****-**67', '+35 ********78']"),
    ("POST /kolmeya/webhook/AbC-1_2~x HTTP", "POST /kolmeya/webhook/*** HTTP"),
    ("/kolmeya/webhook/AbC/reply?x", "/kolmeya/webhook/***/reply?x"),
    ("/kolmeya/webhook/AbC/status", "/kolmeya/webhook/***/status"),
    ("'/sms/webhook/replying'", "'/sms/webhook/***'"),
    ("/webhook//AbC", "/webhook//***"),
    ("/webhook/a%2Fb%20c", "/webhook/***"),
    ("http://x.test/a/webhook/AbC#f", "http://x.test/a/webhook/***#f"),
    ("{'kolmeya_api_token': 'tok'}", "{'kolmeya_api_token': '***'}"),
    ('{"jwt_secret": "a\\"b", "n": 1}', '{"jwt_secret": "***", "n": 1}'),
    ("{'token': b'tok', 'n': 1}", "{'token': '***', 'n': 1}"),
    ("{'a': {'api_key': 'k'}}", "{'a': {'api_key': '***'}}"),
    ("token=tok&x=1", "token=***&x=1"),
    ("?apikey=k HTTP/1.1", "?apikey=*** HTTP/1.1"),
    ("password: hunter2", "password: ***"),
    ("senha='hunter 2'", "senha='***'"),
    ("PASSWD=hunter2;", "PASSWD=***;"),
    ("X-Kolmeya-Signature: abc.def.ghi", "X-Kolmeya-Signature: ***"),
    ("Authorization: Bearer abcdefghij", "Authorization: Bearer ***"),
    ("Authorization: Basic dXNlcg==", "Authorization: Basic ***"),
    ("sent 'Bearer abcdefghij'", "sent 'Bearer ***'"),
    (
        "set_param('sms.webhook.jwt_secret', 'h')",
        "set_param('sms.webhook.jwt_secret', '***')",
    ),
    ("('x_token', '=', 'h')", "('x_token', '=', '***')"),
    (
        "{'key': 'sms.webhook.jwt_secret', 'value': 'h'}",
        "{'key': 'sms.webhook.jwt_secret', 'value': '***'}",
    ),
    (
        "{'value': 'h', 'key': 'kolmeya.webhook.jwt_secret'}",
        "{'value': '***', 'key': 'kolmeya.webhook.jwt_secret'}",
    ),
    ("a_token: 'one' b_token: 'two'", "a_token: '***' b_token: '***'"),
    ("{'path_secret':'multi\\nline'}", "{'path_secret':'***'}"),
]
UNTOUCHED = [
    *("", "plain text", "200 - 12 0.003 0.020", "2026-11-21 10:11:12,123 INFO db"),
    *("127.0.0.1 - - [21/Nov/2026 21:10:00]", "1763759400", "1763759400123"),
    *("550e8400-e29b-41d4-a716-446655440000", "019ab3c1-5511-7961-9345-551196123456"),
    *("0.12345678901", "took 12345678901.5 ns", "port 8069", "sms.message(1, 2, 3)"),
    *(
        "/kolmeya/webhook/reply HTTP/1.1",
        "/sms/webhook/status",
        "/sms/webhook/reply?a=1",
    ),
    *("'/sms/webhook/status'", "/webhook", "/webhook/", "/webhooks/abc"),
    *("{'jwt_secret': False}", "{'token': None, 'a': 1}", '{"token": null}', "token"),
    *("the token expired", "secrets", "{'token': ''}".replace("''", "False")),
    *("{'key': 'web.base.url', 'value': 'http://x.test'}", "Bearer", "eyJ", "a: b"),
    *("R$ 1.234.567,89", "v19.0.2.4.0.1", "id 1234567890", "100 %s %d %"),
]


class TestMaskText(unittest.TestCase):
    def test_each_line_is_masked_as_in_the_table(self):
        for text, expected in MASKED:
            with self.subTest(text=text):
                self.assertEqual(mask_text(text), expected)

    def test_harmless_lines_stay_as_they_are(self):
        for text in UNTOUCHED:
            with self.subTest(text=text):
                self.assertEqual(mask_text(text), text)

    def test_masking_twice_changes_nothing(self):
        for text, _expected in MASKED:
            with self.subTest(text=text):
                once = mask_text(text)
                self.assertEqual(mask_text(once), once)

    def test_tokens_are_recognised_without_any_name(self):
        signed = jwt.encode({"exp": 1}, "k" * 32, algorithm="HS256")
        sealed = Fernet(Fernet.generate_key()).encrypt(b"x").decode()
        for token in (signed, sealed):
            with self.subTest(token=token[:6]):
                self.assertEqual(mask_text(f"got {token} there"), "got *** there")

    def test_random_identifiers_are_never_taken_for_phones(self):
        for _ in range(2000):
            identifier = str(uuid.uuid4())
            self.assertEqual(mask_text(f"ref {identifier}"), f"ref {identifier}")

    def test_a_long_hostile_text_hides_no_number_behind_it(self):
        for part in (
            *("a", "token", "token.-", "token: ", "'", "'token', ", "a=\\'", "a='"),
            *("11 9 ", "eyJ-", "/webhook/", "Bearer ", "1 ", "+55", "a \t", "{'key':"),
            *("{'value':", '"', "\\", "(", "token='\\"),
        ):
            with self.subTest(part=part):
                text = part * (40000 // len(part)) + " to +5511961234567 now"
                self.assertNotIn("961234567", mask_text(text))


class Awkward:
    """An argument that cannot be printed."""

    def __str__(self):
        raise RuntimeError("no text")

    __repr__ = __str__


class Telling:
    """An argument that holds a secret."""

    def __str__(self):
        return "token=abc"


def record(message, *args, exc_info=None):
    # A single dict is spread by logging itself, as in logger.info("%(a)s", {...}).
    return logging.LogRecord("x", logging.INFO, "f", 1, message, args, exc_info)


class TestFilter(unittest.TestCase):
    def filtered(self, *arguments, **named):
        made = record(*arguments, **named)
        self.assertIs(MaskingFilter().filter(made), True)
        return made

    def test_messages_are_masked_wherever_the_secret_stands(self):
        for arguments, expected in [
            (("token=abc",), "token=***"),
            (("%s - %s", "/webhook/AbC", 200), "/webhook/*** - 200"),
            (
                ("call %s(%s)", "write", {"token": "abc"}),
                "call write({'token': '***'})",
            ),
            (("%(line)s", {"line": "/webhook/AbC"}), "/webhook/***"),
            (("%r", [{"token": "abc"}]), "[{'token': '***'}]"),
            (("%s", Telling()), "token=***"),
            (("to %s", "+5511961234567"), "to +55 11 9****-**67"),
            (("100%% of %s", "+5511961234567"), "100% of +55 11 9****-**67"),
            ((Telling(),), "token=***"),
        ]:
            with self.subTest(arguments=arguments):
                made = self.filtered(*arguments)
                self.assertEqual(made.getMessage(), expected)
                self.assertFalse(made.args)

    def test_a_harmless_record_keeps_its_message_and_arguments(self):
        argument = object()
        made = self.filtered("%s and %s", argument, 1)
        self.assertEqual((made.msg, made.args), ("%s and %s", (argument, 1)))

    def test_a_broken_record_passes_as_it_is(self):
        for arguments in [
            ("%s %s", 1),
            ("%d", "x"),
            ("%s", Awkward()),
            (Awkward(),),
            ("%(a)s", {"b": 1}),
            ("%", 1),
            (None,),
            (b"token=abc \xff",),
        ]:
            with self.subTest(message=str(type(arguments[0]))):
                made = self.filtered(*arguments)
                self.assertIs(made.msg is arguments[0] or "***" in made.msg, True)

    def test_tracebacks_are_masked(self):
        try:
            raise ValueError("bad token=abc for +5511961234567")
        except ValueError as error:
            made = self.filtered("failed", exc_info=(type(error), error, None))
        text = logging.Formatter().format(made)
        self.assertIn("token=***", text)
        self.assertNotIn("61234567", text)

    def test_harmless_tracebacks_are_left_to_the_formatter(self):
        error = ValueError("nothing")
        made = self.filtered("failed", exc_info=(type(error), error, None))
        self.assertIsNone(made.exc_text)

    def test_an_exception_without_text_does_no_harm(self):
        error = ValueError(Awkward())
        self.filtered("failed", exc_info=(type(error), error, None))
        self.filtered("failed", exc_info=(None, None, None))


class TestInstall(unittest.TestCase):
    def test_it_is_installed_once_and_works(self):
        name = "sms_base_sr.test.masking"
        install(name, name)
        install(name)
        logger = logging.getLogger(name)
        self.addCleanup(logger.filters.clear)
        self.assertEqual(len(logger.filters), 1)
        with self.assertLogs(logger) as logs:
            logger.info("GET %s", "/kolmeya/webhook/AbC")
        self.assertEqual(logs.records[0].getMessage(), "GET /kolmeya/webhook/***")
