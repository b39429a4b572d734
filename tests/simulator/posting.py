"""One POST of a webhook, signed where that is asked for."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass

import requests

from .plan import Callback
from .signing import signed_headers

#: ``post(url, body, headers)`` returns the status of the answer.
Post = Callable[[str, bytes, dict], int]


@dataclass(frozen=True)
class Delivered:
    """One POST that was made: ``status`` is None when nobody answered."""

    url: str
    kind: str
    body: dict
    status: int | None


class Poster:
    """Keeps one connection a thread; counts in the ledger what came of it."""

    def __init__(self, sim):
        self.sim = sim
        self._local = threading.local()

    def post(self, callback: Callback, body: dict, post: Post | None) -> Delivered:
        """Make one call, by ``post`` where a test has its own way."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        headers |= signed_headers(self.sim.settings, raw)
        try:
            status = (post or self._send)(callback.url, raw, headers)
        except requests.RequestException:
            status = None
        self.sim.ledger.count("posted")
        self.sim.ledger.count(f"answered_{status}" if status else "unanswered")
        return Delivered(callback.url, callback.kind, body, status)

    def _send(self, url: str, raw: bytes, headers: dict) -> int:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = False
        timeout = self.sim.settings.callback_timeout
        answer = self._local.session.post(
            url, data=raw, headers=headers, timeout=timeout, allow_redirects=False
        )
        return answer.status_code
