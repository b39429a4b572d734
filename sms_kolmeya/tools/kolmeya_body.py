"""From the bytes of a webhook to JSON values: proxies re-encode what they pass."""

import json
from urllib.parse import parse_qsl

DEEPEST = 4


class NotUnderstood(ValueError):
    """The body is nothing that Kolmeya is known to send; names keys, no values."""


def decode(body: object) -> object:
    """JSON value of bytes or text, which may also be a form; others unchanged."""
    if isinstance(body, (bytes, bytearray)):
        body = bytes(body).decode("utf-8-sig", errors="replace")
    if not isinstance(body, str):
        return body
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return _form(body)


def _form(text: str) -> dict:
    """Fields of a form; a field may hold JSON."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        pairs = []
    # A form has names: any other text would parse as one long name.
    if not pairs or "=" not in text.split("&", 1)[0] or text.lstrip()[:1] in "<{[":
        raise NotUnderstood("neither JSON nor a form")
    return {name: _field(value) for name, value in pairs}


def _field(value: str) -> object:
    if value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def unwrap(body: object, depth: int = 0) -> list:
    """The events in a body: lists opened, ``payload`` wrappers taken off."""
    if depth > DEEPEST:
        raise NotUnderstood("nested too deeply")
    if isinstance(body, list):
        return [event for part in body for event in unwrap(part, depth + 1)]
    if isinstance(body, dict) and "payload" in body:
        inner = body["payload"]
        return unwrap(decode(inner) if isinstance(inner, str) else inner, depth + 1)
    return [body]
