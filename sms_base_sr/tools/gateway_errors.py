"""Why a call to a gateway gave no usable answer.

The classes say what is known about the *call*, which is what decides whether it
may be repeated; what follows from it is decided elsewhere. No text of these
errors holds a token, a web address or a run of digits that could be a person's.
"""

import re

DETAIL_LENGTH = 200
_SECRETS = (
    (re.compile(r"(?i)\bbearer\s+\S+"), "Bearer ***"),
    (re.compile(r"https?://\S+"), "<url>"),
    # Phones and CPFs, however they are punctuated.
    (re.compile(r"\+?\d(?:[\s().-]{0,2}\d){7,}"), "<number>"),
)


def redact(text: object, *secrets: str | None) -> str:
    """One short line of ``text`` without secrets, addresses and long numbers."""
    line = " ".join(str(text).split())
    for secret in filter(None, secrets):
        line = line.replace(secret, "***")
    for pattern, mask in _SECRETS:
        line = pattern.sub(mask, line)
    if len(line) > DETAIL_LENGTH:
        line = line[: DETAIL_LENGTH - 1] + "…"
    return line


class GatewayError(Exception):
    """Base: ``status`` is the HTTP status or None, ``detail`` is redacted.

    ``retry_after`` is in seconds; ``limits`` is a ``gateway_headers.RateHeaders``
    when there was an answer that carried headers, else None.
    """

    reason = "error"

    def __init__(
        self, detail="", *, status=None, retry_after=None, limits=None, body=None
    ):
        self.detail = redact(detail)
        self.status = status
        self.retry_after = retry_after
        self.limits = limits
        #: Parsed JSON of the answer, for the caller's eyes: it is not redacted.
        self.body = body
        super().__init__(self.detail)

    def __str__(self) -> str:
        parts = [self.reason]
        if self.status:
            parts.append(f"HTTP {self.status}")
        return f"{' '.join(parts)}: {self.detail}" if self.detail else " ".join(parts)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class NotConnected(GatewayError):
    """No connection was made: the gateway saw nothing of the call."""

    reason = "connection"


class BadAddress(NotConnected):
    """The call could not even be formed: a broken address or token."""

    reason = "address"


class BadToken(NotConnected):
    """The token is missing, or holds what no token can: no call was made."""

    reason = "unauthorized"


class NoAnswer(GatewayError):
    """The call went out, or may have; no answer came back.

    A reset after sending looks just like a refusal to anybody who only looks at
    ``requests.ConnectionError``; hence this class of its own.
    """

    reason = "connection_lost"


class ReadTimeLimit(NoAnswer):
    """The gateway kept silent for the read timeout."""

    reason = "read_timeout"


class TotalTimeLimit(NoAnswer):
    """The whole call took too long, however often a byte dripped in."""

    reason = "time_limit"


class HttpRefusal(GatewayError):
    """An answer outside of 2xx; ``is_json`` tells whether its body is JSON."""

    reason = "http_error"

    def __init__(self, detail="", *, is_json=False, **kwargs):
        super().__init__(detail, **kwargs)
        self.is_json = is_json


class AnsweredErrors(GatewayError):
    """HTTP 200 whose body has ``errors``: production clients look for that."""

    reason = "errors"


class UnreadableAnswer(GatewayError):
    """HTTP 2xx that is not the JSON we need: HTML, cut off, too big, no id."""

    reason = "unreadable"
