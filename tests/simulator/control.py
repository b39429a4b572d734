"""Endpoints beside the API, for whoever runs a test: ``/_control/…``."""

import dataclasses
import json

from . import report
from .answers import Answer
from .faults import Fault

BASE = "/_control/"


def answer(sim, method: str, path: str, query: dict, raw: bytes) -> Answer:
    """JSON in and out; what is wrong with a call is said with a 400."""
    act = _ACTS.get((method, path.removeprefix(BASE)))
    if act is None:
        known = ", ".join(sorted(f"{verb} {name}" for verb, name in _ACTS))
        return Answer(404, {"error": f"there is: {known}"})
    try:
        body = json.loads(raw or b"{}")
        if not isinstance(body, dict):
            raise ValueError("the body is no object")
        return Answer(200, act(sim, body if method == "POST" else query))
    except (ValueError, TypeError, KeyError) as error:
        return Answer(400, {"error": f"{type(error).__name__}: {error}"})


def _messages(sim, query: dict) -> dict:
    limit = int(query["limit"]) if "limit" in query else None
    rows = report.rows(sim.ledger, query.get("phone"), query.get("reference"), limit)
    return {"messages": rows}


def _accepted(sim, query: dict) -> dict:
    """How many messages were taken, in how many calls, and when the last one ended."""
    with sim.ledger.lock:
        ends = [c.at for c in sim.ledger.calls if c.path == "sms/store"]
        number = len(sim.ledger.messages)
    return {"messages": number, "calls": len(ends), "last": max(ends, default=None)}


def _replies(sim, query: dict) -> dict:
    rows = [
        {"id": each.id, "phone": each.phone, "text": each.text}
        for each in sim.ledger.replies_since(0.0)
    ]
    return {"replies": rows}


def _faults(sim, body: dict) -> dict:
    """``{"kind": "429", "times": 2, …}``, a list in ``faults``, or ``clear``."""
    if body.pop("clear", False):
        sim.faults.clear()
    for each in body.pop("faults", [body] if body else []):
        if "predicate" in each or "hits" in each:
            raise ValueError("only for tests that use the simulator as a library")
        sim.faults.add(Fault(**each))
    return {"faults": sim.faults.shown()}


def _reply(sim, body: dict) -> dict:
    """``{"phone", "text"}``; also ``via`` (both, webhook, poll), ``id``."""
    reply = sim.reply(body.pop("phone"), body.pop("text", ""), **body)
    return {"id": reply.id, "message_id": reply.message and reply.message.id}


def _fate(sim, body: dict) -> dict:
    """``{"phone", "code", "refused", "silent", "reply", "late"}``."""
    fate = sim.fate(body.pop("phone"), **body)
    return dataclasses.asdict(fate)


def _settings(sim, body: dict) -> dict:
    sim.settings.update(body)
    return {"settings": sim.settings.shown()}


def _deliver(sim, body: dict) -> dict:
    """Post all that waits, at once and in order."""
    done = sim.deliver()
    return {"delivered": [{"kind": each.kind, "status": each.status} for each in done]}


def _reset(sim, body: dict) -> dict:
    sim.reset()
    return {}


_ACTS = {
    ("GET", "ledger"): lambda sim, query: sim.summary(),
    ("GET", "accepted"): _accepted,
    ("GET", "messages"): _messages,
    ("GET", "replies"): _replies,
    ("GET", "faults"): lambda sim, query: {"faults": sim.faults.shown()},
    ("POST", "faults"): _faults,
    ("POST", "reply"): _reply,
    ("POST", "fate"): _fate,
    ("GET", "settings"): lambda sim, query: {"settings": sim.settings.shown()},
    ("POST", "settings"): _settings,
    ("POST", "deliver"): _deliver,
    ("POST", "reset"): _reset,
}
