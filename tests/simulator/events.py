"""Bodies of webhooks in each of the shapes that anybody has written down."""

import time

from .behaviour import STATUS_TEXT
from .reads import message_status
from .text import iso_time, local_time, sql_time, styled_phone


def status_bodies(sim, request, told: list) -> list[dict]:
    """Bodies for ``told``, pairs of (message, code): one, or one a message."""
    profile = sim.settings.profile
    if profile == "seed003-flat":
        return [_flat_003(sim, message, code) for message, code in told]
    if profile == "seed000-flat":
        return [_flat_000(message, code) for message, code in told]
    body = {
        "id": request.id,
        "reference": request.reference,
        "messages": [message_status(sim, message, code) for message, code in told],
    }
    return [{"payload": body} if profile == "payload-wrapped" else body]


def _flat_003(sim, message, code: int) -> dict:
    body = message_status(sim, message, code)
    return {**body, "phone": "55" + message.phone, "data": sql_time(time.time())}


def _flat_000(message, code: int) -> dict:
    return {
        "message_id": message.id,
        "status_code": code,
        "status": STATUS_TEXT[code],
        "updated_at": iso_time(),
    }


def rejection_body(sim, request) -> dict:
    """The late refusal of a whole request: no messages and no code."""
    body = {
        "id": request.id,
        "reference": request.reference,
        "status": "rejected",
        "status_message": "Request rejected due to validation failure",
    }
    return {"payload": body} if sim.settings.profile == "payload-wrapped" else body


def reply_body(sim, reply) -> dict:
    """Nested as documented, or flat, where ``message`` is the customer's text."""
    profile = sim.settings.profile
    message = reply.message
    if profile == "seed003-flat":
        return {
            "phone": "55" + reply.phone,
            "message": reply.text,
            "reference": sim.echoed(message.reference) if message else None,
            "data": sql_time(reply.received_at),
        }
    if profile == "seed000-flat":
        return {
            "id": reply.id,
            "phone": "+55" + reply.phone,
            "message": reply.text,
            "received_at": iso_time(reply.received_at),
            "original_message_id": message.id if message else None,
        }
    body = {"reply": _nested(sim, reply)}
    return {"payload": body} if profile == "payload-wrapped" else body


def _nested(sim, reply) -> dict:
    message = reply.message
    return {
        "id": reply.id,
        "reply": reply.text,
        "received_at": local_time(reply.received_at),
        "message": {
            "id": message.id if message else None,
            "reference": sim.echoed(message.reference) if message else None,
            "phone": str(styled_phone(reply.phone, "string")),
            "content": message.text if message else None,
        },
    }
