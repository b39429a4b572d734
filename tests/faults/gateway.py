"""The simulator from outside: its ledger and its switches."""

import requests

from tests.simulator import behaviour
from tests.simulator.settings import Rates

SEED = "1"
# Nothing is certain: some are refused, undelivered, never reported or reported twice.
RATES = {
    "invalid": 0.01,
    "blacklist": 0.01,
    "not_disturb": 0.01,
    "not_delivered": 0.04,
    "rejected": 0.03,
    "expired": 0.03,
    "silent": 0.05,
    "reply": 0.05,
    "late_delivered": 0.3,
}
SETTINGS = {
    "webhook_delay": [0.2, 2.0],
    "reply_delay": [0.2, 1.0],
    "group_size": 7,
    "duplicate_rate": 0.1,
    "drop_rate": 0.1,
    "reorder": True,
    "rate_limit": 200,
    "rate_window": 5.0,
    # An accepted call is known to its own questions after a while only.
    "status_lag": 2.0,
}
REFUSALS = {
    "invalids": "gateway_invalid",
    "blacklist": "gateway_blacklist",
    "not_disturb": "gateway_do_not_disturb",
}


class Gateway:
    """Control endpoints of one running simulator."""

    def __init__(self, url: str):
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.control("settings", {"rates": RATES, **SETTINGS})

    def control(self, name: str, body: dict | None = None) -> dict:
        """Call one control endpoint."""
        method = "GET" if body is None else "POST"
        url = f"{self.url}/_control/{name}"
        answer = self.session.request(method, url, json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def fault(self, kind: str, **options) -> None:
        """Switch a fault on."""
        self.control("faults", {"kind": kind, **options})

    def fall_silent(self) -> None:
        """Send no webhook any more: a report would keep its message from a second try.

        A dead job is found after ten seconds, which is longer than reports take.
        """
        self.control("settings", {"drop_rate": 1.0})

    def messages(self) -> list[dict]:
        """All acceptances."""
        return self.control("messages")["messages"]

    def has_accepted(self, request_reference: str) -> bool:
        """Whether a call of ours was accepted, whatever it was answered."""
        return any(m["request_reference"] == request_reference for m in self.messages())


def replies_of(phone: str) -> bool:
    """Whether somebody would answer a message to this number."""
    return behaviour.decide(SEED, phone, Rates(**RATES)).reply is not None


def refusal_of(phone: str) -> str | None:
    """The failure type of a number that the gateway refuses, else None."""
    return REFUSALS.get(behaviour.decide(SEED, phone, Rates(**RATES)).refused)
