"""From a path to an answer: method, throttle, token, faults, then the route."""

import json
import threading
import time

from . import extras, reads
from .answers import Answer, errors, not_found
from .faulty import faulty
from .ledger import Call
from .store import store

BASE = "/api/v1/"
ROUTES = {
    "sms/store": store,
    "sms/store-token": lambda sim, body: store(sim, body, token=True),
    "sms/status/request": reads.status_request,
    "sms/status/message": reads.status_message,
    "sms/replys": reads.replys,
    "sms/replys-web": reads.replys_web,
    "sms/balance": reads.balance,
    "sms/segments": reads.segments,
    "sms/apis": reads.apis,
    "sms/layouts": reads.layouts,
    "sms/webhook": extras.webhook,
    "sms/accesses": extras.accesses,
    "sms/reports/statuses": extras.report_statuses,
    f"sms/reports/statuses/{extras.JOB}": extras.report_statuses,
    "sms/reports/jobs": extras.report_jobs,
    "sms/reports/quantity-jobs": extras.report_quantity,
    "blacklist/store": extras.blacklist_store,
    "blacklist/destroy": extras.blacklist_destroy,
}


class Limiter:
    """Calls of one token in a fixed window, as the framework counts them."""

    def __init__(self, settings):
        self.settings = settings
        self._lock = threading.Lock()
        self._ends = 0.0
        self._used = 0

    def use(self) -> tuple[int, float | None]:
        """``(calls left, seconds to wait or None)``."""
        limit = self.settings.rate_limit
        with self._lock:
            now = time.time()
            if now >= self._ends:
                self._ends, self._used = now + self.settings.rate_window, 0
            if limit and self._used >= limit:
                return 0, self._ends - now
            self._used += 1
            return max(0, limit - self._used), None


def answer(sim, method: str, path: str, headers, raw: bytes) -> Answer:
    """Answer one call and write it down."""
    name = path.removeprefix(BASE) if path.startswith(BASE) else path
    body = _body(raw)
    fault = sim.faults.strike(name, raw, body)
    left, wait = sim.limiter.use()

    def normal() -> Answer:
        return _normal(sim, method, path, headers, body, wait)

    found = faulty(sim, fault, body, normal) if fault else normal()
    _limit_headers(sim.settings, found, left)
    status = None if found.act in ("hold", "reset", "close") else found.status
    keys = tuple(sorted(key for key in body if not key.startswith("_")))
    kind = fault.kind if fault else None
    sim.ledger.add_call(Call(name, time.time(), status, keys, kind))
    return found


def _normal(sim, method, path, headers, body, wait) -> Answer:
    route = _route(path) if method == "POST" else None
    if route is None:
        return not_found()
    if wait is not None:
        seconds = {"Retry-After": str(int(wait) + 1)}
        seconds["X-RateLimit-Reset"] = str(int(time.time() + wait) + 1)
        return Answer(429, {"errors": ["Too Many Requests"]}, headers=seconds)
    if headers.get("Authorization") != f"Bearer {sim.settings.token}":
        return errors(401, "Unauthenticated.")
    return route(sim, body)


def _route(path: str):
    if not path.startswith(BASE):
        return None
    name = path.removeprefix(BASE)
    return ROUTES.get(name) or (extras.job_pause if extras.any_job(name) else None)


def _body(raw: bytes) -> dict:
    """The JSON object; anything else is no field at all, as in the framework."""
    try:
        body = json.loads(raw or b"{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _limit_headers(settings, found: Answer, left: int) -> None:
    if settings.rate_headers == "absent":
        return
    # Without a limit nothing is said: "0 left" would be believed.
    limit = str(settings.rate_limit or "")
    if settings.rate_headers == "garbage":
        limit = "unlimited"
    found.headers.setdefault("X-RateLimit-Limit", limit)
    if found.headers["X-RateLimit-Limit"]:
        found.headers.setdefault("X-RateLimit-Remaining", str(left))
    else:
        del found.headers["X-RateLimit-Limit"]
