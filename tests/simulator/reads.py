"""What may be asked: status, replies, balance and the lists."""

import time

from .answers import Answer, empty_map, laravel_422, not_found
from .behaviour import STATUS_TEXT
from .text import local_time, styled_balance, styled_phone

LONGEST_PERIOD = 168  # hours


def status_request(sim, body: dict) -> Answer:
    """By ``id`` or by ``reference``, one of the two."""
    names = [name for name in ("id", "reference") if body.get(name)]
    if len(names) != 1:
        return laravel_422({"id": ["Send the id or the reference."]})
    request = sim.ledger.request(**{names[0]: body[names[0]]})
    if not request or time.time() < request.accepted_at + sim.settings.status_lag:
        return not_found()
    head = {"id": request.id, "reference": request.reference}
    # Words of their own: they say nothing about the messages.
    head |= {"status": "Válido", "status_code": 2}
    if request.rejected:
        head |= {"status": "rejected", "status_code": 5}
    rows = [message_status(sim, each) for each in request.messages]
    return Answer(200, {**head, "messages": rows})


def status_message(sim, body: dict) -> Answer:
    message = sim.ledger.messages.get(str(body.get("id")))
    return Answer(200, message_status(sim, message)) if message else not_found()


def message_status(sim, message, code: int | None = None) -> dict:
    """One entry of ``messages``: no phone and no time in it."""
    code = code or message.code_at(time.time())
    return {
        "id": message.id,
        "reference": sim.echoed(message.reference),
        "status": STATUS_TEXT[code],
        "status_code": str(code) if sim.settings.code_style == "text" else code,
    }


def replys(sim, body: dict) -> Answer:
    """A page of the framework's paginator; its addresses are not to be followed."""
    try:
        period = min(int(body.get("period") or 24), LONGEST_PERIOD)
        page = max(1, int(body.get("page") or 1))
    except (TypeError, ValueError):
        return laravel_422({"period": ["The period must be a number."]})
    found = sim.ledger.replies_since(time.time() - period * 3600)
    return Answer(200, _page(sim, [reply_row(sim, each) for each in found], page))


def reply_row(sim, reply) -> dict:
    message, request = reply.message, None
    if message:
        request = {"id": message.request.id, "reference": message.request.reference}
    return {
        "id": reply.id,
        "reply": reply.text,
        "received_at": local_time(reply.received_at),
        "message": {
            "id": message.id if message else None,
            "reference": sim.echoed(message.reference) if message else None,
            "phone": styled_phone(reply.phone, sim.settings.phone_style),
        },
        "request": request,
    }


def _page(sim, rows: list, page: int) -> dict:
    size = sim.settings.per_page
    last = max(1, -(-len(rows) // size))
    first = (page - 1) * size
    shown = rows[first : first + size]
    address = f"{sim.url}/sms/replys?page="
    return {
        "current_page": page,
        "data": shown,
        "from": first + 1 if shown else None,
        "to": first + len(shown) if shown else None,
        "per_page": size,
        "last_page": last,
        "total": len(rows),
        "first_page_url": f"{address}1",
        "prev_page_url": f"{address}{page - 1}" if page > 1 else None,
        "next_page_url": f"{address}{page + 1}" if page < last else None,
    }


def replys_web(sim, body: dict) -> Answer:
    """Replies to portal campaigns: made up where a test sets them."""
    rows = [{"parameters": empty_map(sim.settings), **each} for each in sim.web_replies]
    return Answer(200, _page(sim, rows, 1))


def balance(sim, body: dict) -> Answer:
    shown = styled_balance(sim.balance, sim.settings.balance_style)
    return Answer(200, {"balance": shown})


def segments(sim, body: dict) -> Answer:
    rows = [{"id": 109, "name": "CORPORATIVO"}, {"id": 110, "name": "COBRANÇA"}]
    return Answer(200, {"segments": rows})


def apis(sim, body: dict) -> Answer:
    return Answer(200, [{"id": 12, "name": "Kolmeya"}])


def layouts(sim, body: dict) -> Answer:
    item = {"id": 201, "name": "NOME", "type": "name", "position": 2}
    return Answer(200, [{"id": 20, "name": "TELEFONE E NOME", "items": [item]}])
