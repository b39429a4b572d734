"""Which callbacks a request will cause, and when."""

from dataclasses import dataclass, field

from .behaviour import Fate, draw
from .events import rejection_body, reply_body, status_bodies
from .ledger import Message, Reply, Request, new_id

NEVER = float("inf")  # until the test pulls


@dataclass
class Callback:
    """One call to make. ``told`` are pairs of (message, code)."""

    due: float
    url: str
    kind: str  # status, reply, rejection, raw
    request: Request | None = None
    told: list[tuple[Message, int]] = field(default_factory=list)
    reply: Reply | None = None
    raw: dict | None = None
    attempt: int = 0

    def bodies(self, sim) -> list[dict]:
        """Built when posted, so that a change of profile takes effect at once."""
        if self.kind == "raw":
            return [self.raw]
        if self.kind == "reply":
            return [reply_body(sim, self.reply)]
        if self.kind == "rejection":
            return [rejection_body(sim, self.request)]
        return status_bodies(sim, self.request, self.told)


class Planner:
    """Draws delays, groups and losses, all from the seed."""

    def __init__(self, sim):
        self.sim = sim

    def plan(self, request: Request, fates: list[Fate]) -> list[Callback]:
        """Callbacks of one request; sets the time at which each code is final."""
        settings = self.sim.settings
        url = request.webhook_url or settings.webhook_url
        if request.rejected:
            return [self._rejection(request, url)]
        drafts = sorted(
            (
                (self._due(request, message.phone), message, fate)
                for message, fate in zip(request.messages, fates, strict=True)
            ),
            key=lambda draft: draft[0],
        )
        planned = []
        for start in range(0, len(drafts), settings.group_size):
            group = drafts[start : start + settings.group_size]
            planned += self._group(request, url, group)
        return [each for each in planned if each.url]

    def _rejection(self, request: Request, url: str | None) -> Callback:
        due = self._due(request, "review")
        for message in request.messages:
            message.final_at = due if self.sim.settings.push else NEVER
        return Callback(due, url, "rejection", request)

    def _group(self, request: Request, url: str | None, group: list) -> list[Callback]:
        due = group[-1][0]
        told, planned = [], []
        for _own, message, fate in group:
            message.final_at = due if self.sim.settings.push else NEVER
            if not fate.silent and not self._lucky("drop", message):
                told.append((message, fate.code))
            if fate.reply is not None:
                planned.append(self._reply(message, fate.reply, due))
        planned += self._statuses(request, url, told, due)
        late = [(message, 3) for _own, message, fate in group if fate.late]
        if late:
            planned.append(Callback(due + 0.5, url, "status", request, late))
        return planned

    def _statuses(self, request, url, told, due) -> list[Callback]:
        if not told:
            return []
        planned = [Callback(due, url, "status", request, told)]
        if self._lucky("duplicate", told[0][0]):
            planned.append(Callback(due, url, "status", request, told))
        if self.sim.settings.push_intermediate:
            early = (request.accepted_at + due) / 2
            for code in (1, 2):
                rows = [(message, code) for message, _code in told]
                planned.append(Callback(early, url, "status", request, rows))
        return planned

    def _reply(self, message: Message, text: str, due: float) -> Callback:
        settings = self.sim.settings
        low, high = settings.reply_delay
        due += low + (high - low) * draw(settings.seed, "reply time", message.phone)
        received = due if settings.push else NEVER
        reply = Reply(new_id(), message.phone, text, received, message)
        self.sim.ledger.add_reply(reply)
        return self.reply_callback(reply, due)

    def reply_callback(self, reply: Reply, due: float) -> Callback:
        """To the request's own address, else to the portal's for replies."""
        request = reply.message and reply.message.request
        own = request.webhook_url if request else None
        settings = self.sim.settings
        url = own or settings.reply_url or settings.webhook_url
        return Callback(due, url, "reply", reply=reply)

    def _due(self, request: Request, key: str) -> float:
        settings = self.sim.settings
        low, high = settings.webhook_delay
        share = draw(settings.seed, "status time", key)
        return request.accepted_at + low + (high - low) * share

    def _lucky(self, what: str, message: Message) -> bool:
        settings = self.sim.settings
        rate = getattr(settings, f"{what}_rate")
        return rate > 0 and draw(settings.seed, what, message.phone) < rate
