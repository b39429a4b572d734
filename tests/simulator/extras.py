"""Block list, campaign jobs, reports and the webhook test."""

import time

from .answers import Answer, empty_map, laravel_422
from .behaviour import STATUS_TEXT
from .ledger import new_id
from .store import MAX_MESSAGES
from .text import local_time, national, sql_time

JOB = 1380000


def blacklist_store(sim, body: dict) -> Answer:
    """Blocks numbers for all requests that follow: 201 without a body."""
    rows = _phones(body)
    if rows is None:
        return laravel_422({"phones": ["The phones field is required."]})
    with sim.ledger.lock:
        # With a document only that person is blocked: no message names one.
        sim.ledger.blocked |= {number for number, document in rows if not document}
    return Answer(201)


def blacklist_destroy(sim, body: dict) -> Answer:
    """Unblocks: 204, which never has a body."""
    rows = _phones(body)
    if rows is None:
        return laravel_422({"phones": ["The phones field is required."]})
    with sim.ledger.lock:
        sim.ledger.blocked -= {number for number, _document in rows}
    return Answer(204)


def _phones(body: dict) -> list[tuple[str, object]] | None:
    rows = body.get("phones")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MAX_MESSAGES:
        return None
    if not all(isinstance(row, dict) and "phone" in row for row in rows):
        return None
    found = [(national(row["phone"]), row.get("document")) for row in rows]
    return [(number, document) for number, document in found if number]


def webhook(sim, body: dict) -> Answer:
    """Posts a sample status event to the address given."""
    url = body.get("webhook_url") or body.get("url")
    if not isinstance(url, str) or not url:
        return laravel_422({"webhook_url": ["The webhook_url field is required."]})
    sample = {"id": new_id(), "reference": None, "status": "entregue"}
    sample["status_code"] = 3
    event = {"id": new_id(), "reference": "test", "messages": [sample]}
    sim.callbacks.add_raw(url, event)
    return Answer(200, {})


def job_pause(sim, body: dict) -> Answer:
    """Portal campaigns do not exist here, so every job is a finished one."""
    return laravel_422({"job": ["The job is not being sent."]})


def report_statuses(sim, body: dict) -> Answer:
    """Rows in Portuguese: without an id, a reference or a code."""
    limit = int(body.get("limit") or 30000)
    with sim.ledger.lock:
        messages = list(sim.ledger.messages.values())[:limit]
    return Answer(200, {"messages": [_report_row(sim, each) for each in messages]})


def _report_row(sim, message) -> dict:
    return {
        "telefone": int(message.phone),
        "nome": "",
        "cpf": 0,
        "mensagem": message.text,
        "status": STATUS_TEXT[message.code_at(time.time())],
        "enviada_em": local_time(message.accepted_at, seconds=False),
        "parametros": empty_map(sim.settings),
        "lote": 5100000,
        "job": JOB,
        "centro_custo": "CORPORATIVO",
        "api": "Kolmeya",
        "broker": "Kolmeya",
        "produto": "SMS Score (short code)",
    }


def report_jobs(sim, body: dict) -> Answer:
    created = local_time(time.time() - 3600)
    return Answer(200, {"jobs": [{"id": JOB, "created": created, "approved": None}]})


def report_quantity(sim, body: dict) -> Answer:
    delivered = sum(each.code == 3 for each in list(sim.ledger.messages.values()))
    row = {"centro_custo": "CORPORATIVO", "entregues": str(delivered), "acessos": None}
    return Answer(200, {"jobs": [row]})


def accesses(sim, body: dict) -> Answer:
    if not body.get("limit"):
        return laravel_422({"limit": ["The limit field is required."]})
    row = {
        "job_id": JOB,
        "tenant_segment_id": 109,
        "name": "FULANA EXEMPLO",
        "cpf": 0,
        "fullphone": 11900000001,
        "message": "Ola",
        "is_robot": 0,
        "accessed_at": sql_time(time.time()),
    }
    shown = {"totalAccesses": 1, "accesses": [row]}
    return Answer(200, [shown] if sim.settings.accesses_as_list else shown)


def any_job(path: str) -> bool:
    """``sms/jobs/<integer>/pause`` or ``…/play``."""
    parts = path.split("/")
    return len(parts) == 4 and parts[2].isdigit() and parts[3] in ("pause", "play")
