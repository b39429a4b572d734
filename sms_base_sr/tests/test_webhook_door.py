import json
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.exceptions import ValidationError
from odoo.tools import config

from ..models.sms_provider import SmsProvider
from ..models.sms_secret_mixin import SmsSecretMixin
from ..tools.secret_box import SecretBox
from .common import SmsHttpCase
from .test_webhooks import OTHER, PATHS, SECRET, STATUS, items_of, token_of, unsigned

PARAMETER = "sms.webhook.trusted_proxies"
LIMIT = "sms.webhook.refused_per_minute"
OTHER_STATUS = STATUS.replace("gw-1", "gw-2")


class TestWebhookDoor(SmsHttpCase):
    """Senders, signatures used before, limits: the layers behind the secret."""

    def setUp(self):
        super().setUp()
        self.provider.jwt_secret = SECRET
        self.patch(SmsProvider, "_log_parse_webhook", items_of)

    def set_parameter(self, key, value):
        self.env["ir.config_parameter"].sudo().set_param(key, value)

    def signed(self, body=STATUS, token=None, path=PATHS[1], **headers):
        headers = {key.replace("_", "-"): value for key, value in headers.items()}
        headers["X-SMS-Signature"] = token or token_of(body)
        return self.post(path, body, headers)

    def status(self, *args, **kwargs):
        return self.signed(*args, **kwargs).status_code

    def events(self):
        return self.env["sms.event"].search_count([])

    # -- senders -----------------------------------------------------------------------

    def test_only_allowed_senders_are_heard(self):
        cases = [
            ("", 200),
            ("127.0.0.1", 200),
            ("127.0.0.0/8", 200),
            ("203.0.113.0/24\n127.0.0.1", 200),
            ("::ffff:127.0.0.1, 2001:db8::/32", 401),
            ("203.0.113.0/24", 401),
            ("2001:db8::/32", 401),
        ]
        for networks, expected in cases:
            self.provider.webhook_networks = networks
            with self.subTest(networks=networks):
                answer = self.signed()
                self.assertEqual(answer.status_code, expected)
                if expected == 401:
                    self.assertEqual(answer.json()["message"], "Unauthorized")

    def test_senders_that_are_no_addresses_are_refused_by_the_form(self):
        for networks in ("gateway.example.com", "300.1.1.1", "10.0.0.0/33"):
            with (
                self.subTest(networks=networks),
                self.assertRaisesRegex(ValidationError, "Allowed senders"),
            ):
                self.provider.webhook_networks = networks

    def test_a_proxy_is_believed_where_the_server_and_the_setting_say_so(self):
        self.provider.webhook_networks = "198.51.100.7"
        cases = [
            # proxy mode, trusted proxies, what the header says, answer
            (False, "127.0.0.1", "198.51.100.7", 401),
            (True, "10.0.0.1", "198.51.100.7", 401),
            (True, "nonsense", "198.51.100.7", 401),
            (True, "127.0.0.1", "198.51.100.7", 200),
            (True, "", "198.51.100.7", 200),
            (True, "127.0.0.0/8", "198.51.100.7, 203.0.113.1", 401),
            (True, "127.0.0.0/8", "198.51.100.7, 127.0.0.2", 200),
            (True, "127.0.0.1", None, 401),
        ]
        for mode, proxies, forwarded, expected in cases:
            self.set_parameter(PARAMETER, proxies)
            headers = {"X_Forwarded_For": forwarded} if forwarded else {}
            for host in ({}, {"X_Forwarded_Host": "odoo.example.com"}):
                with (
                    self.subTest(mode=mode, proxies=proxies, forwarded=forwarded),
                    patch.dict(config.options, {"proxy_mode": mode}),
                ):
                    status = self.status(**headers, **host)
                    self.assertEqual(status, expected)

    # -- signatures used before --------------------------------------------------------

    def test_a_signature_with_another_body_is_refused_and_stores_nothing(self):
        for claims in ({}, {"jti": "7"}, {"exp": 253_402_300_799}):
            token = token_of(STATUS, body_sha256=None, iss="x", **claims)
            with self.subTest(claims=claims):
                self.assertEqual(self.status(token=token), 200)
                stored = self.events()
                self.assertEqual(self.status(OTHER_STATUS, token), 401)
                self.assertEqual(self.status("no event", token), 401)
                self.assertEqual(self.events(), stored)
                self.assertEqual(self.status(token=token), 200)

    def test_a_signature_in_another_spelling_is_the_same(self):
        token = token_of(STATUS, body_sha256=None)
        self.assertEqual(self.status(token=token), 200)
        self.assertEqual(self.status(token=f"{token}="), 200, "a duplicate")
        for spelling in (f"{token}=", f"{token}==", f"{token}!"):
            self.assertEqual(self.status(OTHER_STATUS, spelling), 401)

    def test_one_id_of_a_token_is_good_for_one_body(self):
        first = token_of(STATUS, jti="one")
        again = token_of(STATUS, jti="one", iss="again")
        other = token_of(OTHER_STATUS, jti="one")
        self.assertEqual(self.status(token=first), 200)
        self.assertEqual(self.status(token=again), 200)
        self.assertEqual(self.status(OTHER_STATUS, other), 401)
        self.assertEqual(self.events(), 1)

    def test_the_memory_of_signatures_ends_with_them(self):
        self.signed()
        self.signed(token=token_of(STATUS, jti="2"))
        tokens = self.env["sms.webhook.token"]
        self.assertEqual(tokens.search_count([]), 2)
        tokens._delete_expired()
        self.assertEqual(tokens.search_count([]), 2)
        self.env.cr.execute(
            "UPDATE sms_webhook_token SET expires = expires - interval '1 day'"
            " WHERE id = %s",
            [tokens.search([], limit=1).id],
        )
        tokens._delete_expired()
        self.assertEqual(tokens.search_count([]), 1)

    def test_what_is_kept_of_a_signature_cannot_be_used(self):
        token = token_of(STATUS)
        self.signed(token=token)
        kept = str(self.env["sms.webhook.token"].search([]).read())
        for part in token.split("."):
            self.assertNotIn(part, kept)

    # -- strict ------------------------------------------------------------------------

    def test_a_signature_is_not_required_where_there_is_no_secret(self):
        self.provider.jwt_secret = False
        with self.assertRaisesRegex(ValidationError, "no JWT secret"):
            self.provider.webhook_strict = True
        self.provider.jwt_secret = SECRET
        self.provider.webhook_strict = True
        with self.assertRaisesRegex(ValidationError, "no JWT secret"):
            self.provider.jwt_secret = False

    def test_fixed_addresses_take_signed_calls_of_a_strict_provider(self):
        self.provider.webhook_strict = True
        self.assertEqual(self.status(), 200)
        self.assertEqual(self.status(token=unsigned(STATUS)), 401)

    def test_the_address_of_a_secret_that_a_new_key_sealed_is_still_found(self):
        old, new = Fernet.generate_key(), Fernet.generate_key()
        first, second = SecretBox([old]), SecretBox([new, old])
        self.patch(SmsSecretMixin, "_secret_box", lambda *args: first)
        self.provider._new_webhook_secret()
        secret = self.provider._get_secret("webhook_secret")
        self.patch(SmsSecretMixin, "_secret_box", lambda *args: second)
        self.assertEqual(self.provider._by_webhook_secret(secret), self.provider)

    # -- limit -------------------------------------------------------------------------

    def test_who_is_refused_too_often_waits(self):
        self.set_parameter(LIMIT, "5")
        for _time in range(5):
            self.assertEqual(self.status(token="x"), 401)
        answer = self.signed(token="x")
        self.assertEqual(answer.status_code, 429)
        self.assertEqual(
            answer.json(), {"status": "error", "message": "Too many calls"}
        )
        self.assertTrue(1 <= int(answer.headers["Retry-After"]) <= 12)
        self.assertEqual(self.status(), 429, "the right signature is not looked at")
        self.assertEqual(self.events(), 0)

    def test_calls_that_are_accepted_or_not_understood_cost_nothing(self):
        self.set_parameter(LIMIT, "2")
        for number in range(10):
            self.assertEqual(self.status(), 200)
            self.assertEqual(self.status(json.dumps([number])), 400)

    def test_waiting_asks_no_database(self):
        self.set_parameter(LIMIT, "1")
        self.signed(token="x")
        self.assertEqual(self.status(token="x"), 429)
        providers = type(self.env["sms.provider"])
        with (
            patch.object(providers, "_known_doors", side_effect=AssertionError),
            patch.object(
                type(self.env["sms.webhook.refusal"]),
                "_note",
                side_effect=AssertionError,
            ),
        ):
            for _time in range(20):
                self.assertEqual(self.status(token="x"), 429)

    def test_a_limit_of_nonsense_is_the_usual_one(self):
        providers = self.env["sms.provider"]
        for text, expected in (("", 300), ("x", 300), ("7", 7), ("0", 0), ("-1", -1)):
            self.set_parameter(LIMIT, text)
            self.assertEqual(providers._refused_per_minute(), expected)

    def test_the_settings_refuse_proxies_that_are_no_addresses(self):
        settings = self.env["res.config.settings"]
        with self.assertRaisesRegex(ValidationError, "Trusted proxies"):
            settings.create({"sms_trusted_proxies": "proxy.example.com"})
        settings.create({"sms_trusted_proxies": "10.0.0.1 2001:db8::/64"}).execute()
        networks = self.env["sms.provider"]._trusted_proxies()
        self.assertEqual([str(n) for n in networks], ["10.0.0.1/32", "2001:db8::/64"])

    # -- what one learns ---------------------------------------------------------------

    def test_all_who_are_turned_away_get_the_same_answer(self):
        used = token_of(OTHER_STATUS, body_sha256=None)
        self.assertEqual(self.status(OTHER_STATUS, used), 200)
        answers = set()
        tokens = ["x", unsigned(STATUS), token_of(STATUS, OTHER), used]
        tokens += [token_of(STATUS, exp=1), token_of("{}"), token_of(STATUS, exp=None)]
        for networks in ("", "203.0.113.1"):
            self.provider.webhook_networks = networks
            answers |= {self.shown(self.signed(token=token)) for token in tokens}
        answers.add(self.shown(self.signed()))
        answers.add(self.shown(self.post(PATHS[0], STATUS)))
        self.assertEqual(len(answers), 1, answers)

    def shown(self, answer):
        """All that a caller sees, without the time of day."""
        headers = {k: v for k, v in answer.headers.items() if k != "Date"}
        return answer.status_code, answer.text, json.dumps(headers, sort_keys=True)
