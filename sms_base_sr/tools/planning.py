"""The planner's decision for one contact, and the rows that it writes.

No database here: what must be looked up (suppression, numbers already taken) is
handed in as sets.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from . import area_codes, phones, segments, suppression, text_template
from .uuid7 import new_references

# No text column can hold these, and one of them would stop the page of a thousand.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass
class Recipient:
    """One contact of a campaign, as the campaign hands it to the planner.

    ``phone`` is E.164, False where ``raw_phone`` cannot be parsed. ``excluded`` is
    the campaign's own reason (a key of ``failures``) for leaving the contact out.
    ``message_id`` is set where the text must name its message before that exists.
    """

    source_id: int
    raw_phone: str | None
    phone: str | bool | None
    values: dict
    partner_id: int | None = None
    user_id: int | None = None
    excluded: str | None = None
    message_id: int | None = None


@dataclass
class Decision:
    """What becomes of one contact: ``failure_type`` is None when it is to be sent.

    ``why`` says where the reason is known from, and since when. ``accented`` and
    ``plain`` are the segments with and without accents; ``missing`` is the variable
    that has no value.
    """

    recipient: Recipient
    failure_type: str | None = None
    text: str | None = None
    segments: int = 0
    cost: float = 0.0
    zone: str | None = None
    detail: str | None = None
    accented: int = 0
    plain: int = 0
    unicode: bool = False
    missing: str | None = None
    why: suppression.Suppression | None = None
    reference: str = ""

    @property
    def sendable(self) -> bool:
        """Whether the contact gets an SMS."""
        return self.failure_type is None


@dataclass
class Page:
    """Decides a page of contacts; each number is taken once.

    ``taken`` are the numbers that this run sends to already; ``suppressed`` maps a
    number to its reason, ``refused`` a contact's id. ``drop_accents`` replaces what
    GSM-7 lacks in those texts that become shorter by it. ``edit`` has the last word on
    each text, before it is measured.
    """

    template: text_template.TextTemplate
    taken: set[str]
    suppressed: dict[str, suppression.Suppression]
    common: dict
    drop_accents: bool = False
    edit: Callable[[Recipient, str], str] | None = None
    refused: dict[int, suppression.Suppression] = field(default_factory=dict)

    def decide(self, recipients: Iterable[Recipient]) -> list[Decision]:
        """Return one decision per recipient, in their order."""
        decisions = [self._decide(recipient) for recipient in recipients]
        references = new_references(len(decisions))
        for decision, reference in zip(decisions, references, strict=True):
            decision.reference = reference
        return decisions

    def _decide(self, recipient: Recipient) -> Decision:
        why = self._why_not(recipient)
        if why:
            return Decision(recipient, why.reason, why=why)
        try:
            text = self.template.render({**self.common, **recipient.values})
        except text_template.MissingValue as error:
            return self._untold(recipient, "missing_value", str(error), error.name)
        except text_template.TemplateError as error:
            # One contact's data must not stop the others.
            return self._untold(recipient, "text_failed", str(error))
        text = segments.normalize_newlines(text)
        text = _UNSTORABLE.sub("", text)
        if not text.strip():
            return self._untold(recipient, "text_failed", "the text is empty")
        if self.edit:
            text = self.edit(recipient, text)
        self.taken.add(recipient.phone)
        return self._to_send(recipient, text)

    def _untold(self, recipient, reason, detail, missing=None) -> Decision:
        why = suppression.own(reason)
        return Decision(recipient, reason, detail=detail, missing=missing, why=why)

    def _to_send(self, recipient: Recipient, text: str) -> Decision:
        size, plain, plain_size = segments.compare(text)
        sent = plain_size if self.drop_accents else size
        return Decision(
            recipient,
            text=plain if self.drop_accents else text,
            segments=sent.segments,
            zone=area_codes.zone_key(recipient.phone),
            accented=size.segments,
            plain=plain_size.segments,
            unicode=sent.encoding == segments.UCS2,
        )

    def _why_not(self, recipient: Recipient) -> suppression.Suppression | None:
        """The strongest of all reasons that hold; see ``suppression.ORDER``."""
        own = filter(None, (recipient.excluded, self._fault(recipient)))
        return suppression.strongest(
            (
                self.suppressed.get(recipient.phone),
                self.refused.get(recipient.source_id),
                *map(suppression.own, own),
            )
        )

    def _fault(self, recipient: Recipient) -> str | None:
        """What is wrong with the number."""
        if not (recipient.raw_phone or "").strip():
            return "no_number"
        if not recipient.phone:
            return "invalid_number"
        if not phones.is_mobile(recipient.phone):
            return "landline"
        return "duplicate" if recipient.phone in self.taken else None


def count_reasons(decisions: Iterable[Decision]) -> Counter:
    """Return {reason: contacts} of those left out."""
    return Counter(d.failure_type for d in decisions if not d.sendable)


def as_csv(rows: Iterable[tuple]) -> io.StringIO:
    """Return rows as CSV for COPY; None becomes NULL, and so does an empty text."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    buffer.seek(0)
    return buffer
