"""What a caller sees of a fault."""

import time
from collections.abc import Callable

from .answers import Answer, errors, html, laravel_422, leaked_500
from .faults import Fault
from .store import REVIEW


def faulty(sim, fault: Fault, body: dict, route: Callable[[], Answer]) -> Answer:
    """The answer under a fault; ``route`` does what the call asks for."""
    if fault.act == "reject":
        body[REVIEW] = True
        return route()
    if fault.act == "late":
        sim.stopping.wait(fault.seconds)
        return route()
    answer = route() if fault.accepts else None
    if fault.act == "unlisted":
        # Accepted all the same: the answer only fails to say so.
        del answer.body["valids"][fault.row]
        return answer
    if isinstance(fault.act, str):
        answer = answer or Answer(200, {})
        answer.act, answer.seconds = fault.act, fault.seconds
        return answer
    return _answer(fault, answer)


def _answer(fault: Fault, accepted: Answer | None) -> Answer:
    """By the name of the fault, else the status with the usual error."""
    if fault.kind == "200-no-id":
        body = {name: rows for name, rows in accepted.body.items() if name != "id"}
        return Answer(200, body)
    if fault.kind == "200-garbage":
        return Answer(200, accepted.content()[:-20])
    if fault.kind.startswith("422"):
        return _refused_content(fault)
    make = _ANSWERS.get(fault.kind)
    return make(fault) if make else errors(fault.act, _TEXTS.get(fault.act, "Error"))


_TEXTS = {
    401: "Unauthenticated.",
    403: "This action is unauthorized.",
    405: "Method not allowed.",
    408: "Request timeout.",
    413: "Payload too large.",
    429: "Too Many Requests",
    500: "Server Error",
}


def _too_many(fault: Fault) -> Answer:
    headers = {
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(int(time.time()) + (fault.retry_after or 60)),
    }
    if fault.retry_after is not None:
        headers["Retry-After"] = str(fault.retry_after)
    return Answer(429, {"errors": [_TEXTS[429]]}, headers=headers)


_ANSWERS: dict[str, Callable[[Fault], Answer]] = {
    "404-html": lambda fault: html(404, "Not found"),
    "429": _too_many,
    "429-bare": lambda fault: Answer(
        429, {"errors": [_TEXTS[429]]}, headers={"X-RateLimit-Limit": ""}
    ),
    "500-json": lambda fault: leaked_500('Undefined array key "phone"'),
    "502-html": lambda fault: html(502, "Bad gateway"),
    "200-errors": lambda fault: errors(200, "Undefined index: tenant"),
    "200-errors-after": lambda fault: errors(200, "Undefined index: tenant"),
    "200-html": lambda fault: html(200, "Em manutenção"),
    "302": lambda fault: html(302, "Login", Location="/login"),
}


def _refused_content(fault: Fault) -> Answer:
    field, text = f"messages.{fault.row}.phone", "The phone is invalid."
    if fault.kind == "422-list":
        return errors(422, f"{field}: {text}")
    if fault.kind == "422-details":
        return Answer(422, {"error": "Invalid data", "details": {field: text}})
    if fault.kind == "422-blank":
        return errors(422, "The given data was invalid.")
    return laravel_422({field: [text]})
