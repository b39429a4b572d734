"""Forged tokens, wrong bodies, addresses."""

import base64
import hashlib
import hmac
import json
import time
import unittest

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from odoo.addons.sms_base_sr.tools.webhook_auth import (
    Refused,
    address_allowed,
    parse_networks,
    sign,
    verify_jwt,
)

SECRET = "a-secret-of-at-least-32-bytes-for-tests"
OTHER = "another-secret-of-at-least-32-bytes!!"
BODY = b'{"id": 1}'


def claims(**changes):
    return {"exp": int(time.time()) + 300, **changes}


def signed(secret=SECRET, payload=None, algorithm="HS256", **headers):
    payload = claims() if payload is None else payload
    return jwt.encode(payload, secret, algorithm=algorithm, headers=headers or None)


def encoded(part):
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def by_hand(header, payload, secret=SECRET):
    """Sign whatever a library would refuse to."""
    start = f"{encoded(header)}.{encoded(payload)}"
    mac = hmac.digest(secret.encode(), start.encode(), hashlib.sha256)
    return f"{start}.{encoded(mac)}"


def body_hash(body=BODY):
    return hashlib.sha256(body).hexdigest()


class TestGoodTokens(unittest.TestCase):
    def test_a_good_token_gives_its_claims(self):
        result = verify_jwt(signed(payload=claims(event="x")), [SECRET], BODY)
        self.assertEqual((result.index, result.claims["event"]), (0, "x"))

    def test_the_index_says_whose_secret_it_was(self):
        secrets = ["short", OTHER, SECRET]
        self.assertEqual(verify_jwt(signed(), secrets, BODY).index, 2)
        self.assertEqual(verify_jwt(signed(OTHER), secrets, BODY).index, 1)

    def test_secrets_may_be_bytes(self):
        self.assertEqual(verify_jwt(signed(), [SECRET.encode()], BODY).index, 0)

    def test_a_secret_of_exactly_32_bytes_will_do(self):
        secret = "é" * 16
        self.assertEqual(verify_jwt(signed(secret), [secret], BODY).index, 0)

    def test_the_clocks_may_differ_by_the_leeway(self):
        token = signed(payload=claims(exp=int(time.time()) - 20))
        self.assertEqual(verify_jwt(token, [SECRET], BODY).index, 0)
        with self.assertRaises(Refused):
            verify_jwt(token, [SECRET], BODY, leeway=5)

    def test_the_hash_of_the_body_is_checked_in_either_case(self):
        for value in (body_hash(), body_hash().upper()):
            token = signed(payload=claims(body_sha256=value))
            self.assertEqual(verify_jwt(token, [SECRET], BODY).index, 0)

    def test_claims_about_sender_and_audience_are_nobody_s_business(self):
        token = signed(payload=claims(iss="gateway", aud="odoo", sub="1", jti="2"))
        self.assertEqual(verify_jwt(token, [SECRET], BODY).index, 0)


class TestReplayKeys(unittest.TestCase):
    """By what a used token is known again."""

    def key(self, token, secrets=(SECRET,)):
        return verify_jwt(token, list(secrets), BODY).replay_key

    def spellings(self, token):
        """The same token in other words, which every decoder takes."""
        start, _dot, signature = token.rpartition(".")
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        # 43 letters hold 258 bits, of which a signature has 256.
        last = alphabet.index(signature[-1])
        others = [signature[:-1] + alphabet[last ^ bit] for bit in (1, 2, 3)]
        others += [
            signature + "=",
            signature + "!!!!",
            f"{signature[:5]} {signature[5:]}",
        ]
        return [f"{start}.{other}" for other in others]

    def test_a_token_in_another_spelling_is_the_same(self):
        for payload in (claims(), claims(jti="7")):
            token = signed(payload=payload)
            accepted = 0
            for other in self.spellings(token):
                self.assertNotEqual(other, token)
                try:
                    self.assertEqual(self.key(other), self.key(token))
                    accepted += 1
                except Refused:
                    continue
            self.assertTrue(accepted, "no other spelling is one: nothing was tested")

    def test_two_tokens_with_one_id_are_the_same(self):
        first = signed(payload=claims(jti="7"))
        second = signed(payload=claims(jti="7", exp=int(time.time()) + 999))
        self.assertEqual(self.key(first), self.key(second))

    def test_other_tokens_are_others(self):
        tokens = [signed(payload=claims(n=n)) for n in range(3)]
        tokens += [signed(payload=claims(jti=jti)) for jti in ("7", "8")]
        tokens += [signed(payload=claims(jti=""))]
        self.assertEqual(len(set(map(self.key, tokens))), len(tokens))

    def test_the_key_is_of_no_use_to_a_thief(self):
        token = signed(payload=claims(jti="7"))
        self.assertRegex(self.key(token), "^[0-9a-f]{64}$")

    def test_our_own_token_is_good_for_one_body_and_a_minute(self):
        token = sign(SECRET, BODY)
        verified = verify_jwt(token, [SECRET], BODY)
        self.assertLessEqual(verified.expires, time.time() + 61)
        with self.assertRaises(Refused):
            verify_jwt(token, [SECRET], b"{}")
        self.assertNotEqual(self.key(token), self.key(sign(SECRET, BODY)))


class TestForgedTokens(unittest.TestCase):
    def refused(self, token, secrets=(SECRET,), body=BODY):
        with self.assertRaises(Refused) as caught:
            verify_jwt(token, list(secrets), body)
        self.assertEqual(str(caught.exception), "refused")
        self.assertIsNone(caught.exception.__cause__)
        return caught.exception.reason

    def test_no_signature_at_all(self):
        for algorithm in ("none", "None", "NONE", "nOnE", "", None, 0, ["HS256"]):
            for signature in ("", "AAAA"):
                header = {"alg": algorithm, "typ": "JWT"}
                token = f"{encoded(header)}.{encoded(claims())}.{signature}"
                with self.subTest(algorithm=algorithm, signature=signature):
                    self.refused(token)

    def test_a_good_signature_under_another_algorithm_s_name(self):
        for algorithm in ("none", "HS384", "HS512", "RS256", "ES256", "hs256", "X"):
            with self.subTest(algorithm=algorithm):
                self.refused(by_hand({"alg": algorithm}, claims()))

    def test_other_algorithms_of_the_same_secret(self):
        for algorithm in ("HS384", "HS512"):
            with self.subTest(algorithm=algorithm):
                self.assertEqual(
                    self.refused(signed(SECRET * 2, algorithm=algorithm), [SECRET * 2]),
                    "algorithm",
                )

    def test_an_end_that_is_no_date(self):
        for end in (10**400, "9" * 400, 253_402_300_800, 10**15):
            with self.subTest(end=str(end)[:20]):
                self.refused(by_hand({"alg": "HS256"}, claims(exp=end)))
        last = by_hand({"alg": "HS256"}, claims(exp=253_402_300_799))
        self.assertEqual(verify_jwt(last, [SECRET], BODY).expires, 253_402_300_799)

    def test_a_token_signed_by_rsa(self):
        self.assertEqual(self.refused(signed(_rsa(), algorithm="RS256")), "algorithm")

    def test_a_public_key_used_as_a_shared_secret(self):
        public = _rsa().public_key()
        pem = public.public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        ).decode()
        token = by_hand({"alg": "HS256"}, claims(), secret=pem)
        self.refused(token)
        self.refused(token, [pem])

    def test_a_wrong_secret(self):
        self.assertEqual(self.refused(signed(OTHER)), "InvalidSignatureError")

    def test_a_secret_that_is_too_short_even_if_it_fits(self):
        for secret in ("x", "a" * 31, "", None):
            with self.subTest(secret=secret):
                token = by_hand({"alg": "HS256"}, claims(), secret=secret or "")
                self.assertEqual(self.refused(token, [secret]), "short_secret")

    def test_no_secret_is_configured(self):
        self.assertEqual(self.refused(signed(), []), "no_secret")

    def test_an_expired_token(self):
        token = signed(payload=claims(exp=int(time.time()) - 31))
        self.assertEqual(self.refused(token), "ExpiredSignatureError")
        self.assertEqual(self.refused(token, [OTHER, SECRET]), "ExpiredSignatureError")

    def test_a_token_without_or_with_an_absurd_end(self):
        self.assertEqual(
            self.refused(signed(payload={"a": 1})), "MissingRequiredClaimError"
        )
        for end in (None, "", "soon", [], {}, -1, 0, True, float("inf"), float("nan")):
            with self.subTest(end=end):
                self.refused(by_hand({"alg": "HS256"}, {"exp": end}))

    def test_a_token_of_the_future(self):
        for claim in ("nbf", "iat"):
            token = signed(payload=claims(**{claim: int(time.time()) + 120}))
            with self.subTest(claim=claim):
                self.assertEqual(self.refused(token), "ImmatureSignatureError")

    def test_a_token_for_another_body(self):
        for value in (
            body_hash(b"x"),
            "",
            "é",
            None,
            1,
            [],
            body_hash()[:-1],
            "0" * 64,
        ):
            with self.subTest(value=value):
                token = signed(payload=claims(body_sha256=value))
                self.assertEqual(self.refused(token), "body_hash")
        token = signed(payload=claims(body_sha256=body_hash()))
        for body in (b"", BODY + b" ", BODY[:-1]):
            with self.subTest(body=body):
                self.assertEqual(self.refused(token, body=body), "body_hash")

    def test_a_changed_payload_or_signature(self):
        header, _payload, signature = signed().split(".")
        self.refused(f"{header}.{encoded(claims(admin=True))}.{signature}")
        self.refused(f"{header}.{_payload}.{signature[::-1]}")
        self.refused(f"{header}.{_payload}.")
        self.refused(f"{header}.{_payload}")

    def test_headers_that_point_to_another_key(self):
        for extra in ({"jku": "https://x.test/k"}, {"kid": "../../dev/null"}):
            header = {"alg": "HS256", "typ": "JWT", **extra}
            with self.subTest(header=extra):
                self.refused(by_hand(header, claims(), secret=OTHER))

    def test_critical_headers_and_detached_bodies(self):
        for extra in ({"crit": ["exp"]}, {"crit": []}, {"crit": ["b64"], "b64": False}):
            with self.subTest(header=extra):
                self.refused(by_hand({"alg": "HS256", **extra}, claims()))

    def test_what_is_no_token(self):
        for token in (
            *(
                None,
                "",
                " ",
                "x",
                "...",
                "a.b.c",
                "é.é.é",
                "Bearer " + signed(),
                b"x",
                1,
            ),
            *(
                encoded([]) + ".e30.x",
                encoded(b"\xff") + ".e30.x",
                "\0.\0.\0",
                "." * 99,
            ),
            *("e30." * 3, encoded({"alg": "HS256"}), "a" * 9000, "\ud800.a.b"),
            by_hand({"alg": "HS256"}, [1, 2]),
            by_hand({"alg": "HS256"}, "text"),
            by_hand({"alg": "HS256"}, b"\xff\xfe"),
            by_hand({"alg": "HS256"}, b"[" * 3000),
            by_hand(b"[" * 3000, claims()),
        ):
            with self.subTest(token=str(token)[:20].encode("ascii", "replace")):
                self.refused(token)

    def test_a_long_token_is_not_even_parsed(self):
        token = signed(payload=claims(filler="x" * 9000))
        self.assertEqual(self.refused(token), "long_token")


class TestAddresses(unittest.TestCase):
    def test_addresses_are_found_in_networks(self):
        for remote, networks, expected in [
            ("192.0.2.7", ["192.0.2.0/24"], True),
            ("192.0.3.7", ["192.0.2.0/24"], False),
            ("192.0.2.7", ["198.51.100.0/24", "192.0.2.7"], True),
            ("192.0.2.7", ["192.0.2.9/24"], True),
            ("192.0.2.8", ["192.0.2.7"], False),
            ("::ffff:192.0.2.7", ["192.0.2.0/24"], True),
            ("::ffff:192.0.3.7", ["192.0.2.0/24"], False),
            ("2001:db8::1", ["2001:db8::/32"], True),
            ("2001:db9::1", ["2001:db8::/32"], False),
            ("2001:db8::1", ["0.0.0.0/0"], False),
            ("192.0.2.7", ["::/0"], False),
            ("192.0.2.7", [" 192.0.2.7 "], True),
        ]:
            with self.subTest(remote=remote, networks=networks):
                self.assertEqual(address_allowed(remote, networks), expected)

    def test_no_list_is_no_restriction(self):
        for networks in ([], (), iter([])):
            self.assertTrue(address_allowed("192.0.2.7", networks))

    def test_a_list_that_cannot_be_read_allows_nobody(self):
        for networks in (["x"], ["192.0.2.0/99"], [""], ["localhost"]):
            with self.subTest(networks=networks):
                self.assertFalse(address_allowed("192.0.2.7", networks))

    def test_one_bad_entry_does_not_spoil_the_others(self):
        self.assertTrue(address_allowed("192.0.2.7", ["x", "192.0.2.0/24"]))

    def test_what_is_no_address_is_nobody(self):
        for remote in (None, "", "x", "192.0.2", "192.0.2.7:80", "192.0.2.7, 1.1.1.1"):
            with self.subTest(remote=remote):
                self.assertFalse(address_allowed(remote, ["0.0.0.0/0", "::/0"]))

    def test_settings_are_read_with_any_separator(self):
        networks = parse_networks(" 192.0.2.7, 198.51.100.0/24\n2001:db8::/32 ")
        self.assertEqual(
            [str(network) for network in networks],
            ["192.0.2.7/32", "198.51.100.0/24", "2001:db8::/32"],
        )
        self.assertEqual(parse_networks(None), ())

    def test_settings_with_a_mistake_are_refused_by_name(self):
        for text in ("192.0.2.7 nonsense", "nonsense"):
            with self.assertRaisesRegex(ValueError, "nonsense"):
                parse_networks(text)


def _rsa():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
