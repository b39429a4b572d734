"""Kolmeya's webhooks and polls as neutral inbox items.

One address receives every type of event in any of several shapes, so an event is
classified by its content, never by the path it came on.
"""

from odoo.addons.sms_base_sr.tools.inbound import (
    RejectionItem,
    ReplyItem,
    StatusItem,
    fold,
)

from .kolmeya_body import NotUnderstood, decode, unwrap
from .kolmeya_events import dicts, first, first_text, keys_of, kind_of
from .kolmeya_parse import as_text, e164, parse_date
from .kolmeya_status import code_text, meaning

__all__ = ["NotUnderstood", "parse_webhook", "reply_item", "status_items"]

Item = StatusItem | ReplyItem | RejectionItem
_TIMES = ("delivered_at", "updated_at", "received_at", "data", "date", "timestamp")


def parse_webhook(body: object) -> list[Item]:
    """Items of a webhook's body (bytes, text, or JSON already read).

    An unknown status code gives an item whose state is None. Raises
    ``NotUnderstood`` when nothing at all is known; what is not understood beside
    something that is, is left to the raw body that is kept.
    """
    events = unwrap(decode(body))
    known = [items for items in map(_event, events) if items is not None]
    if events and not known:
        raise NotUnderstood(f"not an event of Kolmeya: {keys_of(events[0])}")
    return [item for items in known for item in items]


def _event(event: object) -> list[Item] | None:
    """Items of one event; None when it is not understood."""
    kind = kind_of(event)
    if kind == "reply":
        return _replies(event)
    if kind == "flat_reply":
        return [reply_item({**event, "reply": event["message"]})]
    if kind == "rejection":
        return [_rejection(event)]
    if kind in ("batch", "status"):
        return status_items(event)
    return [] if kind == "nothing" else None


def status_items(answer: object) -> list[StatusItem]:
    """Items of a ``status/request``, ``status/message`` or batched webhook body."""
    items = []
    for top in dicts(answer):
        if "messages" not in top:
            items.append(_flat_status(top))
            continue
        request = {
            "request_id": first_text(top, "id"),
            "request_reference": first_text(top, "reference"),
        }
        for row in dicts(top["messages"]):
            items.append(_status(row, first_text(row, "id", "message_id"), **request))
    return items


def _flat_status(event: dict) -> StatusItem:
    """One message's status; only its own code proves that ``id`` is its id."""
    message_id = first_text(event, "message_id", "id")
    has_code = code_text(event.get("status_code")) is not None
    request_id = first_text(event, "request_id", "job_id")
    if not request_id and not has_code:
        request_id = first_text(event, "id")
    return _status(event, message_id, request_id=request_id)


def _status(row: dict, message_id: str | None, **request) -> StatusItem:
    code = code_text(first(row, "status_code"))
    text = as_text(row.get("status"))
    state, failure_type = meaning(code, fold(text))
    return StatusItem(
        message_id=message_id,
        reference=first_text(row, "reference"),
        phone=e164(first(row, "phone", "to")),
        state=state,
        failure_type=failure_type,
        code=code,
        text=text,
        occurred_at=parse_date(first(row, *_TIMES)),
        **request,
    )


def _rejection(event: dict) -> RejectionItem:
    return RejectionItem(
        request_id=first_text(event, "id"),
        request_reference=first_text(event, "reference"),
        text=first_text(event, "status_message", "message", "status"),
        occurred_at=parse_date(first(event, *_TIMES)),
    )


def _replies(event: dict) -> list[Item] | None:
    """``reply`` is an object, a list of objects, or the text itself."""
    if isinstance(event["reply"], (dict, list)):
        return [reply_item(row) for row in dicts(event["reply"])] or None
    return [reply_item(event)]


def reply_item(raw: dict) -> ReplyItem:
    """One reply as ``replys``, ``replys-web`` and the nested webhook have it."""
    message = raw.get("message")
    message = message if isinstance(message, dict) else {}
    request = raw.get("request")
    request = request if isinstance(request, dict) else {}
    return ReplyItem(
        reply_id=first_text(raw, "id", "reply_id"),
        text=_reply_text(raw),
        phone=e164(first(message, "phone", "from") or first(raw, "phone", "from")),
        message_id=first_text(message, "id")
        or first_text(raw, "message_id", "original_message_id"),
        reference=first_text(message, "reference") or first_text(raw, "reference"),
        request_id=first_text(request, "id"),
        request_reference=first_text(request, "reference"),
        occurred_at=parse_date(first(raw, *_TIMES)),
    )


def _reply_text(raw: dict) -> str:
    text = raw.get("reply")
    if isinstance(text, dict):
        text = text.get("reply")
    return text if isinstance(text, str) else as_text(text) or ""
