"""What the gateway accepted, decided, told and was asked: nothing is forgotten."""

import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

from .text import national


@dataclass(slots=True)
class Message:
    """One acceptance. ``final_at`` is when the final code begins to be known."""

    id: str
    request: "Request"
    reference: object
    phone: str
    text: str
    accepted_at: float
    code: int
    final_at: float
    silent: bool = False
    pushed: bool = False
    shown: int | None = None  # the last code that a webhook told

    def code_at(self, now: float) -> int:
        """What ``status/request`` says at a moment."""
        return self.code if now >= self.final_at else 2


@dataclass(slots=True)
class Request:
    """One ``store`` that was answered with 200."""

    id: str
    reference: object
    webhook_url: str | None
    accepted_at: float
    messages: list[Message] = field(default_factory=list)
    rejected: bool = False


@dataclass(slots=True)
class Reply:
    """A text from a phone, in answer to a message or out of the blue."""

    id: str
    phone: str
    text: str
    received_at: float
    message: Message | None = None


@dataclass(slots=True)
class Call:
    """One HTTP call to the API: path, answer, keys of the body, fault."""

    path: str
    at: float
    status: int | None
    keys: tuple[str, ...] = ()
    fault: str | None = None


class Ledger:
    """In memory, and guarded by one lock; the lists are in order of arrival."""

    def __init__(self):
        self.lock = threading.RLock()
        self.requests: dict[str, Request] = {}
        self.by_reference: dict[str, Request] = {}
        self.messages: dict[str, Message] = {}
        self.by_phone: dict[str, list[Message]] = {}
        self.replies: dict[str, Reply] = {}
        self.calls: list[Call] = []
        self.refused: Counter = Counter()
        self.callbacks: Counter = Counter()
        self.blocked: set[str] = set()
        self.spent = 0.0

    def accept(self, request: Request, cost: float, refused: Counter) -> None:
        """Write one answered request, its accepted messages and their price."""
        with self.lock:
            self.requests[request.id] = request
            if request.reference is not None:
                self.by_reference[str(request.reference)] = request
            for message in request.messages:
                self.messages[message.id] = message
                self.by_phone.setdefault(message.phone, []).append(message)
            self.refused.update(refused)
            self.spent += cost

    def request(self, id=None, reference=None) -> Request | None:
        """By one of its names; of several with one reference, the latest."""
        with self.lock:
            if id is not None:
                return self.requests.get(str(id))
            return self.by_reference.get(str(reference))

    def last_to(self, phone: object) -> Message | None:
        """The last message accepted for a number."""
        with self.lock:
            sent = self.by_phone.get(national(str(phone).lstrip("+")) or "")
            return sent[-1] if sent else None

    def add_reply(self, reply: Reply) -> Reply:
        """A reply; where its id is known, the one that was there stays."""
        with self.lock:
            return self.replies.setdefault(reply.id, reply)

    def replies_since(self, moment: float) -> list[Reply]:
        """Those received from ``moment`` to now, newest first."""
        now = time.time()
        with self.lock:
            found = [r for r in self.replies.values() if moment <= r.received_at <= now]
        return sorted(found, key=lambda reply: -reply.received_at)

    def settle(self) -> None:
        """Everything that was only decided is known from now on (pull mode)."""
        now = time.time()
        with self.lock:
            for message in self.messages.values():
                message.final_at = min(message.final_at, now)
            for reply in self.replies.values():
                reply.received_at = min(reply.received_at, now)

    def add_call(self, call: Call) -> None:
        with self.lock:
            self.calls.append(call)

    def count(self, what: str, number: int = 1) -> None:
        """Count what happened to callbacks."""
        with self.lock:
            self.callbacks[what] += number


def new_id() -> str:
    """Ids of both families are UUIDs."""
    return str(uuid.uuid4())
