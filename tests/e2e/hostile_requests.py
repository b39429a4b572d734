"""Thousands of calls that must not get in, the same ones for the same seed."""

import json
import random
from typing import NamedTuple
from urllib.parse import quote

from .hostile_tokens import SQL, TEMPLATES, UNICODE, Forger

MEGABYTE = 1024 * 1024
STATUS = {"id": "gw-hostile", "status_code": 3, "status": "entregue"}
REPLY = {"reply": {"id": "r-hostile", "reply": "SAIR", "message": {"id": "gw-hostile"}}}
FIXED = [
    "/sms/webhook/reply",
    "/sms/webhook/status",
    "/kolmeya/webhook/reply",
    "/kolmeya/webhook/status",
]
KINDS = [
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "nonsense",
]


class Attack(NamedTuple):
    """One call, and what it tries."""

    name: str
    path: str
    headers: dict[str, str]
    body: bytes


class Attacker:
    """Makes calls of strangers, and calls of insiders who talk nonsense."""

    def __init__(self, seed: int, secret: str, strict: str, forger: Forger):
        self.random = random.Random(seed)
        self.secret, self.strict, self.forger = secret, strict, forger

    # -- strangers ---------------------------------------------------------------------

    def stranger(self, number: int) -> Attack:
        """A call without the right secret or signature."""
        door = self.random.random()
        body = self.any_body()
        if door < 0.3:
            return self.call("wrong secret", self.wrong_path(), None, body)
        name, token = self.forger.make(number, body)
        if door < 0.85:
            return self.call(name, self.random.choice(FIXED), token, body)
        tail = self.random.choice(["", "/reply", "/status"])
        strict = f"/kolmeya/webhook/{self.strict}{tail}"
        return self.call(f"strict, {name}", strict, token, body)

    def call(self, name, path, token, body) -> Attack:
        headers = {"Content-Type": self.random.choice(KINDS)}
        if token is not None:
            field = self.random.choice(["X-Kolmeya-Signature", "X-SMS-Signature"])
            # What a header can carry at all.
            plain = token.encode("latin-1", "replace").decode("latin-1")
            headers[field] = plain.replace("\n", " ").replace("\r", " ")
        if self.random.random() < 0.2:
            headers |= {
                "X-Forwarded-For": self.random.choice(["127.0.0.1", "::1", "x"])
            }
        if self.random.random() < 0.2:
            query = self.random.choice(
                ["self=1", "%00=%ff", "db=x", f"x={quote(SQL[0])}"]
            )
            path = f"{path}?{query}"
        return Attack(name, path, headers, body)

    def wrong_path(self) -> str:
        secret = self.secret
        cut = self.random.randrange(1, len(secret))
        wrong = [
            secret[:cut],
            secret[cut:],
            f"{secret}{self.random.choice('ab0_-')}",
            secret.swapcase(),
            secret[::-1],
            f"%20{secret}",
            f"{secret}%20",
            f"{secret}%00",
            quote(quote(secret + "%")),
            quote(self.random.choice(SQL), safe=""),
            quote(self.random.choice(TEMPLATES), safe=""),
            quote(self.random.choice(UNICODE)),
            quote(self.random.randbytes(self.random.randint(1, 60)), safe=""),
            "%FF%FE",
            "x" * self.random.randint(1, 4000),
            f"{self.random.getrandbits(256):x}",
            "*",
            "null",
            "0",
            "%25",
        ]
        tail = self.random.choice(["", "", "/reply", "/status"])
        return f"/kolmeya/webhook/{self.random.choice(wrong)}{tail}"

    def any_body(self) -> bytes:
        """What looks like an event, or like nothing at all."""
        if self.random.random() < 0.5:
            event = self.random.choice([STATUS, REPLY])
            noise = self.random.choice(SQL + TEMPLATES + UNICODE)
            return json.dumps({**event, "noise": noise}).encode()
        return self.wrong_body()

    # -- insiders ----------------------------------------------------------------------

    def insider(self, sign) -> Attack:
        """A call that is authentic, with a body that is not an event."""
        body = self.wrong_body()
        tail = self.random.choice(["", "/reply", "/status"])
        if self.random.random() < 0.5:
            path = f"/kolmeya/webhook/{self.secret}{tail}"
            return self.call("insider", path, None, body)
        return self.call("signed", self.random.choice(FIXED), sign(body), body)

    def wrong_body(self) -> bytes:
        """No event, whoever reads it."""
        depth = self.random.choice([10, 500, 5_000, 100_000])
        noise = self.random.choice(SQL + TEMPLATES + UNICODE)
        key = self.random.choice(["a", "query", "$where", "__class__", noise])
        ways = [
            lambda: b"",
            lambda: b" " * self.random.randint(1, 99),
            lambda: noise.encode(),
            lambda: json.dumps(noise).encode(),
            lambda: json.dumps({key: noise}).encode(),
            lambda: json.dumps({key: {key: [noise] * 9}}).encode(),
            lambda: json.dumps([noise, 1, None, [noise]]).encode(),
            lambda: self.random.choice(
                [b"null", b"true", b"17", b"-0", b"1e999", b"NaN"]
            ),
            lambda: b"9" * self.random.randint(1, 6000),
            lambda: b"[" * depth + b"]" * depth,
            lambda: b'{"a":' * depth + b"1" + b"}" * depth,
            lambda: b'{"payload":' * depth + b"1" + b"}" * depth,
            lambda: b"[" * depth,
            lambda: json.dumps(STATUS).encode()[: self.random.randint(1, 30)],
            lambda: json.dumps(STATUS).encode("utf-16"),
            lambda: b"\xff\xfe" + self.random.randbytes(self.random.randint(1, 400)),
            lambda: b'{"messages": 1, "b": "\xed\xa0\x80"}',
            lambda: (
                b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc"
                b"/passwd'>]><a>&b;</a>"
            ),
            lambda: b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n',
            lambda: b"a=1&b[]=2&%00=%ff&self=1",
            lambda: b"\0" * self.random.randint(1, 2000),
        ]
        if self.random.random() < 0.004:
            return b'{"id":"' + b"x" * (2 * MEGABYTE) + b'"}'
        return self.random.choice(ways)()
