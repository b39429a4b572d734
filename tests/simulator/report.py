"""The ledger as a test wants to compare it."""

import time
from collections import Counter

from .behaviour import STATUS_TEXT
from .ledger import Ledger, Message
from .text import iso_time

FINAL = {3: "delivered", 4: "not_delivered", 5: "rejected", 6: "expired"}


def summary(ledger: Ledger) -> dict:
    """Counts, and what was accepted twice: the numbers that must be zero."""
    with ledger.lock:
        messages = list(ledger.messages.values())
        return {
            "requests": len(ledger.requests),
            "accepted": len(messages),
            "final": dict(Counter(FINAL[each.code] for each in messages)),
            "silent": sum(each.silent for each in messages),
            "pushed": sum(each.pushed for each in messages),
            "refused": dict(ledger.refused),
            "replies": len(ledger.replies_since(0.0)),
            "spent": round(ledger.spent, 2),
            "blocked": len(ledger.blocked),
            "callbacks": dict(ledger.callbacks),
            "calls": dict(Counter(each.path for each in ledger.calls)),
            "answers": dict(Counter(str(each.status) for each in ledger.calls)),
            "keys": dict(Counter(key for each in ledger.calls for key in each.keys)),
            "duplicates": duplicates(ledger),
        }


def duplicates(ledger: Ledger) -> dict:
    """What was accepted more than once, by three measures.

    ``messages``: one message reference (a resend under the same name); ``texts``:
    one text to one number (a resend under a new name); ``phones``: one number
    with any text, which two campaigns may do rightly; ``requests``: a reference.
    """
    with ledger.lock:
        messages = list(ledger.messages.values())
        requests = [each.reference for each in ledger.requests.values()]
    return {
        "messages": _repeated(str(m.reference) for m in messages if m.reference),
        "texts": _repeated(f"{m.phone}|{m.text}" for m in messages),
        "phones": _repeated(m.phone for m in messages),
        "requests": _repeated(str(each) for each in requests if each is not None),
    }


def _repeated(values) -> dict[str, int]:
    return {value: n for value, n in Counter(values).items() if n > 1}


def rows(ledger: Ledger, phone=None, reference=None, limit=None) -> list[dict]:
    """Acceptances in full, in order of arrival."""
    with ledger.lock:
        found = [
            each
            for each in ledger.messages.values()
            if (phone is None or each.phone == phone)
            and (reference is None or str(each.reference) == reference)
        ]
    return [_row(each) for each in found[: limit or None]]


def _row(message: Message) -> dict:
    now = time.time()
    return {
        "id": message.id,
        "reference": message.reference,
        "request_id": message.request.id,
        "request_reference": message.request.reference,
        "webhook_url": message.request.webhook_url,
        "phone": message.phone,
        "text": message.text,
        "accepted_at": iso_time(message.accepted_at),
        "code": message.code_at(now),
        "status": STATUS_TEXT[message.code_at(now)],
        "final_code": message.code,
        "silent": message.silent,
        "pushed": message.pushed,
        "last_pushed_code": message.shown,
    }
