"""Short links: one code for each recipient, and no row for it before anybody clicks.

A link is ``<host>/r/<code of the tracker>/<key>``; the key is the number of the
message and a signature, so that nobody gets at the neighbours by counting.
"""

import hashlib
import hmac
import re
import string
from collections.abc import Mapping

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
# Enough for 916 million messages; later ones are one character longer.
NUMBER_WIDTH = 5
# One guess in 916 million is right.
SIGNATURE_WIDTH = 5
KEY_WIDTH = NUMBER_WIDTH + SIGNATURE_WIDTH
# No more than a database's message can have.
LARGEST = 2**31 - 1

_KEY = re.compile(f"[0-9A-Za-z]{{{KEY_WIDTH},{KEY_WIDTH + 1}}}")
_URL = re.compile(r"https?://[^\s<>\"'{}|\\^`\[\]]+", re.IGNORECASE)
# What ends a sentence, and no link.
_PUNCTUATION = ".,;:!?)"


def encode(number: int, width: int = NUMBER_WIDTH) -> str:
    """Write a number with 62 digits, filled up to a width."""
    digits = ""
    while number:
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits.rjust(width, ALPHABET[0])


def decode(digits: str) -> int:
    """Read what :func:`encode` has written."""
    number = 0
    for digit in digits:
        number = number * len(ALPHABET) + ALPHABET.index(digit)
    return number


def make_key(secret: str, code: str, number: int) -> str:
    """Return the key of a message below the code of a link."""
    return encode(number) + _sign(secret, code, number)


def read_key(secret: str, code: str, key: str) -> int | None:
    """Return the message's number; None where we have not made this key."""
    if not _KEY.fullmatch(key):
        return None
    number = decode(key[:-SIGNATURE_WIDTH])
    if number > LARGEST:
        return None
    # The whole key: a number has one notation only.
    expected = make_key(secret, code, number)
    # As bytes: a code from outside may be anything.
    same = hmac.compare_digest(expected.encode(), key.encode())
    return number if same else None


def _sign(secret: str, code: str, number: int) -> str:
    message = f"{code}/{number}".encode("utf-8", "surrogatepass")
    digest = hmac.digest(secret.encode(), message, hashlib.sha256)
    drawn = int.from_bytes(digest[:16], "big") % len(ALPHABET) ** SIGNATURE_WIDTH
    return encode(drawn, SIGNATURE_WIDTH)


def fixed_urls(source: str | None) -> list[str]:
    """The addresses in a template that are the same for everybody, each once.

    One that a variable is part of leads everybody somewhere else: it stays as it is.
    """
    source = source or ""
    found = {}
    for match in _URL.finditer(source):
        if source[match.end() : match.end() + 1] != "{":
            found[match[0].rstrip(_PUNCTUATION)] = True
    return list(found)


def shorten(text: str, links: Mapping[str, str]) -> str:
    """Replace the addresses that ``links`` knows."""

    def short(match: re.Match[str]) -> str:
        url = match[0].rstrip(_PUNCTUATION)
        return links.get(url, url) + match[0][len(url) :]

    return _URL.sub(short, text)
