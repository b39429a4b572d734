"""Forged, stolen and broken signatures, made from a seed."""

import base64
import hashlib
import hmac
import json
import random
import time

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

SQL = ["' OR '1'='1", "1; DROP TABLE sms_provider;--", "') UNION SELECT 1,2,3--"]
TEMPLATES = ["{{7*7}}", "${7*7}", "{{ object.env.cr }}", "#{1+1}", "<%= 1 %>"]
UNICODE = [
    "\u202eolleh",
    "ＳＥＣＲＥＴ",
    "a\u0301",
    "👍🏽",
    "\ufeff",
    "İi",
    "ß",
    "\u2028",
]
LOOSE = ["none", "None", "NONE", "nOnE", "", None, 0, [], ["HS256"], {"a": 1}, True]
OTHER_NAMES = ["HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA", "hs256", "HS256 "]
NO_TIME = [None, "soon", "", [], {}, -1, 0, 1, 1.5, True, float("inf"), "9" * 400]


def encoded(part) -> str:
    """One part of a token."""
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def by_hand(header, claims, key: bytes, digest=hashlib.sha256) -> str:
    """Sign whatever a library would refuse to."""
    start = f"{encoded(header)}.{encoded(claims)}"
    return f"{start}.{encoded(hmac.digest(key, start.encode(), digest))}"


def body_hash(body: bytes) -> str:
    """The claim that binds a token to a body."""
    return hashlib.sha256(body).hexdigest()


class Forger:
    """Makes tokens that must not open anything.

    ``secret`` is the right one, known to the forger where he must err otherwise.
    ``used`` is a right token of another body.
    """

    def __init__(self, seed: int, secret: str, used: str):
        self.random = random.Random(seed)
        self.secret, self.used = secret, used
        self.rsa = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.families = [
            self.without_algorithm,
            self.confused,
            self.wrong_key,
            self.expired,
            self.timeless,
            self.replayed,
            self.wrong_hash,
            self.damaged,
            self.crafted_header,
            self.nonsense,
            self.absent,
        ]

    def make(self, number: int, body: bytes) -> tuple[str, str | None]:
        """The token of a number: its family's name, and the text."""
        family = self.families[number % len(self.families)]
        return family.__name__, family(body)

    def claims(self, body: bytes, **changes) -> dict:
        """What a right token says of this body."""
        now = int(time.time())
        noise = f"{self.random.getrandbits(64):x}"
        claims = {"exp": now + 300, "jti": noise, "body_sha256": body_hash(body)}
        claims |= changes
        return {k: v for k, v in claims.items() if v is not ...}

    def key(self) -> bytes:
        return self.secret.encode()

    def without_algorithm(self, body):
        header = {"alg": self.random.choice(LOOSE), "typ": "JWT"}
        if self.random.random() < 0.5:
            return by_hand(header, self.claims(body), self.key())
        end = self.random.choice(["", "AAAA", "."])
        return f"{encoded(header)}.{encoded(self.claims(body))}.{end}"

    def confused(self, body):
        pem = self.rsa.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        ways = [
            lambda: by_hand({"alg": "HS256"}, self.claims(body), pem),
            lambda: by_hand({"alg": "HS256"}, self.claims(body), pem.strip()),
            lambda: by_hand({"alg": "RS256"}, self.claims(body), pem),
            lambda: jwt.encode(self.claims(body), self.rsa, algorithm="RS256"),
            lambda: by_hand(
                {"alg": self.random.choice(OTHER_NAMES)}, self.claims(body), self.key()
            ),
            lambda: by_hand(
                {"alg": "HS512"}, self.claims(body), self.key(), hashlib.sha512
            ),
        ]
        return self.random.choice(ways)()

    def wrong_key(self, body):
        keys = [
            self.random.randbytes(32),
            b"",
            b"secret",
            self.key()[:-1],
            # Not with a NUL behind it: HMAC fills short keys with NULs itself.
            self.key() + b"0",
            self.key().swapcase(),
            self.key()[::-1],
            hashlib.sha256(self.key()).digest(),
        ]
        key = self.random.choice(keys)
        return by_hand({"alg": "HS256"}, self.claims(body), key)

    def expired(self, body):
        past = int(time.time()) - self.random.randint(60, 10**8)
        return by_hand({"alg": "HS256"}, self.claims(body, exp=past), self.key())

    def timeless(self, body):
        future = int(time.time()) + self.random.randint(3600, 10**8)
        changes = self.random.choice(
            [{"exp": ...}, {"nbf": future}, {"exp": self.random.choice(NO_TIME)}]
        )
        claims = self.claims(body, **changes)
        if claims.get("exp") == float("inf"):
            claims["exp"] = "Infinity"
        return by_hand({"alg": "HS256"}, claims, self.key())

    def replayed(self, body):
        """A stolen token with a body of the thief's."""
        end = self.random.choice(["", "=", "=="])
        return self.used + end

    def wrong_hash(self, body):
        wrong = self.random.choice(
            [body_hash(body + b" "), body_hash(body)[:-1], "", None, 0, [], {"a": 1}]
            + [body_hash(b"x"), hashlib.md5(body).hexdigest(), "0" * 64]
        )
        claims = self.claims(body, body_sha256=wrong)
        return by_hand({"alg": "HS256"}, claims, self.key())

    def damaged(self, body):
        good = by_hand({"alg": "HS256"}, self.claims(body), self.key())
        place = self.random.randrange(len(good) - 2)
        other = "A" if good[place] != "A" else "B"
        head, claims, end = good.split(".")
        ways = [
            good[:place],
            good[:place] + other + good[place + 1 :],
            f"{head}.{encoded(self.claims(b'x'))}.{end}",
            f"{claims}.{head}.{end}",
            f"{head}.{claims}.{end[: self.random.randrange(40)]}",
            f"Bearer {good}",
            f"{good}.{good}",
            f"{head}..{end}",
        ]
        return self.random.choice(ways)

    def crafted_header(self, body):
        bad = self.random.choice(SQL + TEMPLATES + ["../../../dev/null", "/etc/passwd"])
        header = {
            "kid": bad,
            "jku": "https://evil.example.com/keys",
            "x5u": bad,
            "jwk": {"kty": "oct", "k": encoded(b"k" * 32)},
        }
        extra = self.random.choice(
            [{}, {"crit": ["kid"]}, {"zip": "DEF"}, {"b64": False, "crit": ["b64"]}]
        )
        header = {"alg": "HS256", **header, **extra}
        return by_hand(header, self.claims(body), b"k" * 32)

    def nonsense(self, body):
        deep = encoded(b"[" * 3000)
        ways = [
            lambda: self.random.choice(SQL + TEMPLATES),
            lambda: "." * self.random.randint(1, 50),
            lambda: "A" * self.random.randint(8000, 20_000),
            lambda: f"{deep}.{deep}.AAAA",
            lambda: encoded(self.random.randbytes(self.random.randint(1, 300))),
            lambda: ".".join(encoded(self.random.randbytes(40)) for _part in range(3)),
            lambda: self.secret,
            lambda: body_hash(body),
            lambda: hmac.new(self.key(), body, hashlib.sha256).hexdigest(),
            lambda: self.random.choice(["null", "0", "undefined", "é", "%00", "ÿÿ"]),
        ]
        return self.random.choice(ways)()

    def absent(self, _body):
        return None
