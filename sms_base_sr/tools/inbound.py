"""What a gateway tells us, in words that no gateway owns.

Webhooks and polls are parsed into these items by the provider's ``tools``; the
inbox stores one row per item and applies it later.
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class StatusItem:
    """A delivery report of one message.

    ``state`` is a key of :data:`states.RANKS`, or None when the report is not
    understood (it is stored all the same). ``occurred_at`` is naive UTC.
    """

    message_id: str | None = None
    reference: str | None = None
    request_id: str | None = None
    request_reference: str | None = None
    phone: str | None = None
    state: str | None = None
    failure_type: str | None = None
    code: str | None = None
    text: str | None = None
    occurred_at: datetime | None = None
    kind = "status"

    @property
    def key(self) -> str:
        """Identity of the report: the same one twice is one event."""
        who = self.message_id or self.reference or f"{self.request_id}/{self.phone}"
        return f"status:{who}:{self.code or self.state or fold(self.text)}"


@dataclass(frozen=True, kw_only=True)
class ReplyItem:
    """A text that a customer sent back; the ids are of the message answered."""

    reply_id: str | None = None
    text: str = ""
    phone: str | None = None
    message_id: str | None = None
    reference: str | None = None
    request_id: str | None = None
    request_reference: str | None = None
    occurred_at: datetime | None = None
    kind = "reply"

    @property
    def key(self) -> str:
        """Identity: the gateway's id, else who wrote what in which minute."""
        if self.reply_id:
            return f"reply:{self.reply_id}"
        minute = f"{self.occurred_at:%Y%m%d%H%M}" if self.occurred_at else ""
        seed = f"{self.phone}|{fold(self.text)}|{minute}"
        return f"reply:sha:{hashlib.sha256(seed.encode()).hexdigest()}"


@dataclass(frozen=True, kw_only=True)
class RejectionItem:
    """The gateway refused a whole request after having accepted the call."""

    request_id: str | None = None
    request_reference: str | None = None
    text: str | None = None
    occurred_at: datetime | None = None
    kind = "rejection"

    @property
    def key(self) -> str:
        """One rejection per request, however often it is repeated."""
        return f"rejection:{self.request_id or self.request_reference}"


def fold(text: str | None) -> str:
    """Lower case, without accents, with single spaces: for comparing texts."""
    decomposed = unicodedata.normalize("NFKD", text or "")
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())
