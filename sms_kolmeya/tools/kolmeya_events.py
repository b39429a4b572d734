"""Telling one kind of webhook event from another, by content alone."""

from .kolmeya_parse import as_list, as_text
from .kolmeya_status import says_rejected


def kind_of(event: object) -> str | None:
    """``reply``, ``flat_reply``, ``batch``, ``rejection``, ``status``, ``nothing``.

    None is an event that is not understood. In the batched form the top ``id`` is
    the request's, in the flat one the message's: ``messages`` decides.
    """
    if not isinstance(event, dict):
        return None
    if event.get("reply") is not None:
        return "reply"
    if dicts(event.get("messages")):
        return "batch"
    if is_flat_reply(event):
        return "flat_reply"
    if is_rejection(event):
        return "rejection"
    if "messages" in event:
        return None if event["messages"] else "nothing"
    named = first_text(event, "message_id", "id", "reference")
    return "status" if named and first_text(event, "status_code", "status") else None


def is_flat_reply(event: dict) -> bool:
    """A text and a number, and no status: there ``message`` is the reply's text."""
    status = first_text(event, "status_code", "status")
    number = first_text(event, "phone", "from")
    return isinstance(event.get("message"), str) and bool(number) and not status


def is_rejection(event: dict) -> bool:
    """A late refusal of a whole request: no message, number or code in it."""
    alone = first(event, "status_code", "message_id", "phone") is None
    named = first_text(event, "id", "reference")
    status = (as_text(event.get("status")) or "").casefold()
    return bool(alone and named and says_rejected(status))


def keys_of(event: object) -> str:
    """What to say of an event without quoting it."""
    if isinstance(event, dict):
        names = sorted(str(key)[:30] for key in event)[:12]
        return f"an object with {', '.join(names) or 'no key'}"
    return f"a {type(event).__name__}"


def first(source: dict, *names: str) -> object:
    """The first of these fields that has a value."""
    for name in names:
        if source.get(name) not in (None, ""):
            return source[name]
    return None


def first_text(source: dict, *names: str) -> str | None:
    """The first of these fields as text: ids are compared as text."""
    return as_text(first(source, *names))


def dicts(value: object) -> list[dict]:
    """The objects of a list, of a single object or of nothing."""
    return [row for row in as_list(value) if isinstance(row, dict)]
