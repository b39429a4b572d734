"""Holds what Odoo says of each message against the ledger of the gateway.

Plain data in, problems out: it knows neither Odoo nor the simulator, so that its own
tests can feed it ledgers that are wrong.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

#: What the gateway's final code makes of a message that it has accepted.
FATES = {3: "delivered", 4: "error", 5: "rejected", 6: "expired"}
#: How Odoo's chatter calls a state: its "sent" is shown as delivered.
NOTE_STATUS = {
    "delivered": "sent",
    "error": "exception",
    "expired": "exception",
    "rejected": "bounce",
}
FINAL_STATES = frozenset({"delivered", "error", "rejected", "expired", "canceled"})
OPEN_BATCHES = frozenset({"draft", "queued", "sending", "unknown"})
KINDS = ("duplicated", "lost", "untrue")


@dataclass(frozen=True)
class Contact:
    """Somebody whom a campaign wants to text; each number is in one campaign only.

    ``reasons`` are failure types that would be true if the number is not texted; where
    there is none it must be. ``forbidden``: it must not be texted at all.
    """

    phone: str
    campaign: str
    reasons: frozenset[str] = frozenset()
    forbidden: bool = False


@dataclass(frozen=True)
class Row:
    """One message as Odoo has it; ``sent`` is whether it was *ever accepted*.

    ``explained``: its batch waits for a person, and says why.
    """

    reference: str
    phone: str
    state: str
    sent: bool
    failure: str | None = None
    cost: float = 0.0
    batch: str | None = None
    explained: bool = False


@dataclass(frozen=True)
class Acceptance:
    """One message as the gateway's ledger has it; ``code`` is its final one."""

    reference: str
    phone: str
    code: int = 3


@dataclass(frozen=True)
class Note:
    """What the chatter says of one accepted message: a status for each of its notes."""

    phone: str
    state: str
    statuses: list[str]


@dataclass(frozen=True)
class Problem:
    """A promise that was broken for one number."""

    kind: str
    phone: str
    campaign: str
    text: str


@dataclass
class Verdict:
    """All problems; each kind counts a number once."""

    messages: int = 0
    problems: list[Problem] = field(default_factory=list)

    def count(self, kind: str) -> int:
        """How many messages have a problem of one kind."""
        return len({each.phone for each in self.problems if each.kind == kind})

    def counts(self) -> dict[str, int]:
        """The three figures that have to be zero."""
        return {kind: self.count(kind) for kind in KINDS}


class Checker:
    """One comparison of everything with everything."""

    def __init__(
        self,
        contacts: Iterable[Contact],
        rows: Iterable[Row],
        acceptances: Iterable[Acceptance],
        wrong_counters: Iterable[str] = (),
        others: Iterable[Problem] = (),
    ):
        self.contacts = {each.phone: each for each in contacts}
        self.rows = list(rows)
        self.acceptances = list(acceptances)
        self.by_phone: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            self.by_phone[row.phone].append(row)
        self.codes = {each.reference: each.code for each in self.acceptances}
        self.verdict = Verdict(messages=len(self.rows))
        self.verdict.problems += others
        for text in wrong_counters:
            self._note("untrue", text, text)

    def check(self) -> Verdict:
        """Return what is wrong."""
        self._check_twice()
        self._check_strangers()
        for contact in self.contacts.values():
            self._check_contact(contact)
        for row in self.rows:
            self._check_row(row)
        return self.verdict

    def _note(self, kind: str, phone: str, text: str) -> None:
        contact = self.contacts.get(phone)
        campaign = contact.campaign if contact else "?"
        self.verdict.problems.append(Problem(kind, phone, campaign, text))

    def _check_twice(self) -> None:
        """At most one acceptance, by the message's reference and by the number."""
        references = Counter(each.reference for each in self.acceptances)
        phones = Counter(each.phone for each in self.acceptances)
        for each in self.acceptances:
            times = max(references[each.reference], phones[each.phone])
            if times > 1:
                self._note("duplicated", each.phone, f"accepted {times} times")

    def _check_strangers(self) -> None:
        """What the gateway accepted is in Odoo, for the same number."""
        ours = {row.reference: row.phone for row in self.rows}
        for each in self.acceptances:
            phone = ours.get(each.reference)
            if phone is None:
                self._note("untrue", each.phone, "accepted, but unknown to Odoo")
            elif phone != each.phone:
                self._note("untrue", each.phone, f"accepted in the place of {phone}")

    def _check_contact(self, contact: Contact) -> None:
        """Everybody is texted, or it is said why not."""
        rows = self.by_phone[contact.phone]
        accepted = [row for row in rows if row.reference in self.codes]
        if accepted:
            if contact.forbidden:
                self._note("untrue", contact.phone, "was not to be texted")
            return
        if not rows:
            self._note("lost", contact.phone, "has no message")
        for row in rows:
            reason = self._why_lost(contact, row)
            if reason:
                self._note("lost", contact.phone, reason)

    def _why_lost(self, contact: Contact, row: Row) -> str | None:
        if row.state not in FINAL_STATES:
            return None if row.explained else f"never sent, still {row.state}"
        if row.failure not in contact.reasons:
            return f"never sent, {row.state} for no good reason: {row.failure}"
        return None

    def _check_row(self, row: Row) -> None:
        """What Odoo says of one message is what happened to it."""
        code = self.codes.get(row.reference)
        wrong = self._lies_accepted(row, code) if code else self._lies_refused(row)
        if row.batch in OPEN_BATCHES and not row.explained:
            wrong.append(f"its batch is still {row.batch}")
        for text in wrong:
            self._note("untrue", row.phone, text)

    def _lies_accepted(self, row: Row, code: int) -> list[str]:
        wrong = []
        if not row.sent:
            wrong.append("accepted, but Odoo says never sent")
        if row.state != FATES[code]:
            wrong.append(f"is {FATES[code]}, but Odoo says {row.state}")
        if row.cost <= 0:
            wrong.append("accepted, but Odoo says it cost nothing")
        return wrong

    def _lies_refused(self, row: Row) -> list[str]:
        wrong = []
        if row.sent:
            wrong.append("never accepted, but Odoo says sent")
        if row.state in ("sent", "delivered", "expired"):
            wrong.append(f"never accepted, but Odoo says {row.state}")
        if row.cost and row.state in FINAL_STATES:
            wrong.append("never accepted, but Odoo says it was paid for")
        return wrong


def check_replies(given: Iterable[str], stored: Iterable[str]) -> list[Problem]:
    """A reply of each number that the gateway has is in Odoo once, and no other.

    :param given: the numbers of the gateway's replies; ``stored``: of Odoo's
    """
    theirs, ours = Counter(given), Counter(stored)
    problems = []
    for phone in theirs.keys() | ours.keys():
        missing = theirs[phone] - ours[phone]
        if missing:
            kind, text = ("lost", "not in Odoo") if missing > 0 else ("untrue", "twice")
            problems.append(Problem(kind, phone, "replies", f"a reply is {text}"))
    return problems


def check_notes(notes: Iterable[Note]) -> list[Problem]:
    """Each accepted message has one note, and the note tells its fate."""
    problems = []
    for note in notes:
        right = NOTE_STATUS.get(note.state, "pending")
        if note.statuses != [right]:
            said = ", ".join(note.statuses) or "nothing"
            text = f"is {note.state}, but the chatter says {said}"
            problems.append(Problem("untrue", note.phone, "chatter", text))
    return problems


def check_counters(said: dict[str, dict], rows_of: dict[str, list[Row]]) -> list[str]:
    """Where the figures that people read differ from the messages, by campaign."""
    wrong = []
    for campaign, figures in said.items():
        rows = rows_of.get(campaign, [])
        true = {
            "sent": sum(row.sent for row in rows),
            "delivered": sum(row.state == "delivered" for row in rows),
        }
        wrong += [
            f"{campaign}: {name} {figures[name]}, in truth {value}"
            for name, value in true.items()
            if figures[name] != value
        ]
    return wrong
