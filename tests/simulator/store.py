"""``sms/store``: what is taken, what is refused, and in which array."""

import re
import time
from collections import Counter

from .answers import Answer, laravel_422, leaked_500
from .draft import Draft
from .ledger import Request, new_id
from .text import segments

MAX_MESSAGES = 1000
REVIEW = "_late_rejection"  # set by a fault, never by a caller
_URL = re.compile(r"https?://|www\.|\b\S+\.(com|net|org|br|ly|me)\b", re.I)
_FREE_CALL = re.compile(r"\b0\s?800\b")


def store(sim, body: dict, token: bool = False) -> Answer:
    """Answer one call; what it accepts is in the ledger when this returns."""
    refusal = _refuse(body, token) or _too_poor(sim, body)
    if refusal:
        return refusal
    request = Request(
        id=new_id(),
        reference=body.get("reference"),
        webhook_url=body.get("webhook_url"),
        accepted_at=time.time(),
    )
    draft = Draft(sim, request, token)
    for row in body["messages"]:
        draft.add(row)
    draft.review(late_rejection=bool(body.get(REVIEW)))
    sim.ledger.accept(request, draft.cost, Counter(draft.refused()))
    sim.callbacks.plan(request, draft.fates)
    return Answer(200, draft.answer())


def _refuse(body: dict, token: bool) -> Answer | None:
    rows = body.get("messages")
    if not isinstance(rows, list) or not rows:
        return laravel_422({"messages": ["The messages field is required."]})
    if len(rows) > MAX_MESSAGES:
        text = f"The messages may not have more than {MAX_MESSAGES} items."
        return laravel_422({"messages": [text]})
    if not all(isinstance(row, dict) and "phone" in row for row in rows):
        return leaked_500('Undefined array key "phone"')
    errors = {
        f"messages.{number}.message": ["The message field is required."]
        for number, row in enumerate(rows)
        if not isinstance(row.get("message"), str) or not row["message"]
    }
    if errors:
        return laravel_422(errors)
    return _refuse_token(rows) if token else None


def _refuse_token(rows: list[dict]) -> Answer | None:
    """Rules of ``sms/store-token``: the answer to a violation is a guess."""
    if len(rows) != 1:
        return laravel_422({"messages": ["Exactly one message is allowed."]})
    text = rows[0]["message"]
    if _URL.search(text) or _FREE_CALL.search(text):
        return laravel_422({"messages.0.message": ["No address, no 0800 number."]})
    return None


def _too_poor(sim, body: dict) -> Answer | None:
    if not sim.settings.enforce_balance:
        return None
    price = sim.settings.price_per_segment
    cost = sum(price * segments(row["message"]) for row in body["messages"])
    if cost > sim.balance:
        return Answer(402, {"errors": ["Saldo insuficiente."]})
    return None
