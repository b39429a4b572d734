"""What may go wrong on the way, to be switched on for some calls.

A fault named ``…-after`` strikes when the call has been accepted, one named
``…-before`` when it has not; only the ledger tells them apart, the caller cannot.
``late-acceptance`` accepts when the caller may have lost patience already.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

KINDS = {
    # kind: (accepted first?, status or connection-level act)
    "401": (False, 401),
    "403": (False, 403),
    "404-html": (False, 404),
    "405": (False, 405),
    "408": (False, 408),
    "413": (False, 413),
    "422-dict": (False, 422),
    "422-list": (False, 422),
    "422-details": (False, 422),
    "422-blank": (False, 422),
    "429": (False, 429),
    "429-bare": (False, 429),
    "500-json": (False, 500),
    "500-after": (True, 500),
    "502-html": (False, 502),
    "200-errors": (False, 200),
    "200-errors-after": (True, 200),
    "200-html": (False, 200),
    "200-no-id": (True, 200),
    "200-garbage": (True, 200),
    "302": (False, 302),
    "timeout-before": (False, "hold"),
    "timeout-after": (True, "hold"),
    "reset-before": (False, "reset"),
    "reset-after": (True, "reset"),
    "close-after": (True, "close"),
    "cut-after": (True, "cut"),
    "drip-after": (True, "drip"),
    "slow": (True, "slow"),
    "late-acceptance": (True, "late"),
    "late-rejection": (True, "reject"),
    "unlisted": (True, "unlisted"),
}


@dataclass
class Fault:
    """One switch: ``kind``, how often (None: until cleared) and for which calls.

    ``path`` is a prefix below the API's base; ``match`` a text that the raw body
    must hold; ``predicate(path, body)`` anything, where the simulator is used as
    a library. ``skip`` calls pass first. ``seconds`` is how long to hold or drip.
    """

    kind: str
    times: int | None = 1
    path: str = "sms/store"
    match: str | None = None
    predicate: Callable[[str, object], bool] | None = None
    skip: int = 0
    seconds: float = 60.0
    retry_after: int | None = 30
    row: int = 0
    hits: int = 0

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"no fault {self.kind!r}; there are {', '.join(KINDS)}")

    @property
    def accepts(self) -> bool:
        return KINDS[self.kind][0]

    @property
    def act(self) -> int | str:
        return KINDS[self.kind][1]

    def concerns(self, path: str, raw: bytes, body: object) -> bool:
        """Whether the fault is meant for this call."""
        if not path.startswith(self.path):
            return False
        if self.match is not None and self.match.encode() not in raw:
            return False
        return self.predicate is None or bool(self.predicate(path, body))


class Faults:
    """The switches that are on; the oldest that fits a call strikes."""

    def __init__(self):
        self._lock = threading.Lock()
        self._on: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        with self._lock:
            self._on.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._on.clear()

    def shown(self) -> list[dict]:
        with self._lock:
            names = ("kind", "times", "path", "match", "skip", "hits")
            return [{name: getattr(each, name) for name in names} for each in self._on]

    def strike(self, path: str, raw: bytes, body: object) -> Fault | None:
        """The fault of this call, used up by one, or None."""
        with self._lock:
            for fault in self._on:
                if not fault.concerns(path, raw, body):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                self._use(fault)
                return fault
        return None

    def _use(self, fault: Fault) -> None:
        fault.hits += 1
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._on.remove(fault)
