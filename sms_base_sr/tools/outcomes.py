"""What a gateway call may lead to: a small named set that all providers share.

A provider maps every answer and every exception of its transport to exactly one
of these; the engine knows nothing else about gateways.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class OutgoingSms:
    """One SMS of a call: ``reference`` is ours, ``phone`` is E.164 with ``+``."""

    reference: str
    phone: str
    text: str


@dataclass(frozen=True)
class BatchRequest:
    """One call: at most ``batch_size`` messages under one unique reference."""

    reference: str
    messages: tuple[OutgoingSms, ...]
    webhook_url: str | None = None


@dataclass(frozen=True)
class RateLimit:
    """What the gateway's headers said; ``reset`` is in seconds from now."""

    limit: int | None = None
    remaining: int | None = None
    reset: float | None = None


@dataclass(frozen=True)
class MessageResult:
    """The gateway's answer for one message.

    ``state`` is ``sent``, ``rejected`` or ``canceled``; ``failure_type`` is a key
    of :data:`failures.FAILURES` unless the message was accepted.
    """

    reference: str
    state: str
    provider_message_id: str | None = None
    failure_type: str | None = None
    detail: str | None = None


@dataclass(frozen=True)
class Outcome:
    """Base of the four outcomes; ``limits`` comes from the answer's headers."""

    limits: RateLimit | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Accepted(Outcome):
    """The gateway took the call under ``request_id``.

    A message that is missing from ``results`` was neither accepted nor refused:
    it stays open and is asked for by reference, never sent again.
    """

    request_id: str
    results: tuple[MessageResult, ...] = ()


@dataclass(frozen=True)
class NotAttempted(Outcome):
    """Nothing was accepted for certain: the batch may be sent again later.

    ``reason`` is one of ``connection``, ``rate_limited``, ``unauthorized``,
    ``forbidden``, ``address`` (3xx, 404, 405), ``too_large`` (413); and, where we
    made no call ourselves (``called`` is False), ``rate_limited``, ``circuit_open``
    or ``suspended``. ``retry_after`` is in seconds.
    """

    reason: str
    detail: str = ""
    retry_after: float | None = None
    called: bool = field(default=True, kw_only=True)

    @property
    def suspends(self) -> bool:
        """Only a person can mend a refused token or a missing permission."""
        return self.reason in ("unauthorized", "forbidden")

    @property
    def ends_job(self) -> bool:
        """Nothing is to be waited for: who mends the account makes a new job."""
        return self.suspends or self.reason in ("circuit_open", "suspended")


@dataclass(frozen=True)
class RefusedContent(Outcome):
    """The gateway refused this body for good; ``rows`` maps reference to why."""

    rows: dict[str, str] = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True)
class Unknown(Outcome):
    """We called and cannot know: only the gateway's records may tell."""

    reason: str
    detail: str = ""


@dataclass(frozen=True)
class QueryAnswer:
    """Answer to *what became of this reference?*

    ``found`` is True, False (an explicit *not found*) or None (no usable answer).
    ``items`` are :class:`inbound.StatusItem`, one for each message listed.
    """

    found: bool | None
    request_id: str | None = None
    items: tuple = ()
    detail: str = ""


@dataclass(frozen=True)
class Balance:
    """Account balance; ``amount`` is None when the answer could not be read."""

    amount: float | None
    text: str
