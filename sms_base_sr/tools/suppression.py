"""Why a contact is not texted: one reason each, the strongest of those that hold."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

# From the strongest to the weakest. First what people asked for and what registers
# say, whichever campaign reads it; then what the campaign says of its contact; then
# the number; then what another campaign or another day may change; the text last.
ORDER = (
    "opt_out",
    "blacklisted",
    "gateway_blacklist",
    "do_not_disturb",
    "gateway_do_not_disturb",
    "deceased",
    "not_updated",
    "no_number",
    "invalid_number",
    "landline",
    "no_consent",
    "frequency_cap",
    "duplicate",
    "missing_value",
    "text_failed",
)
RANK = {reason: place for place, reason in enumerate(ORDER)}
# Where a fact comes from. What can be told further is the decision's ``name``.
SOURCES = [
    ("reply", "A reply"),
    ("person", "A person"),
    ("system", "Odoo"),
    ("gateway", "The gateway's answer"),
    ("register", "Do-not-disturb list"),
    ("consent_none", "No consent on record"),
    ("consent_revoked", "Consent revoked"),
    ("consent_expired", "Consent expired"),
    ("history", "Earlier SMS"),
    ("contact", "The contact's data"),
    ("campaign", "The campaign"),
]
# Reasons that the campaign finds by itself; all others are looked up.
OWN_SOURCES = {
    "no_number": "contact",
    "invalid_number": "contact",
    "landline": "contact",
    "missing_value": "contact",
    "text_failed": "contact",
    "duplicate": "campaign",
}
# What a gateway says of a number, and will say again next time.
KNOWN_AT_GATEWAY = ("gateway_blacklist", "gateway_do_not_disturb")


class Suppression(NamedTuple):
    """A decision not to text: the reason, where it is known from, and since when.

    ``name`` tells the source further: the campaign that was replied to, the user, the
    provider, the list, the purpose. ``since`` is the date of the fact in UTC; None
    means that it was found just now.
    """

    reason: str
    source: str | None = None
    name: str | None = None
    since: datetime | None = None


# Stands where there is none, so that its parts can be read.
NOT_SUPPRESSED = Suppression("")


def own(reason: str) -> Suppression:
    """A reason that the campaign itself has found."""
    return Suppression(reason, OWN_SOURCES.get(reason, "campaign"))


def strongest(found: Iterable[Suppression | None]) -> Suppression | None:
    """Return the reason that is told; a campaign's own new one is like its others."""
    known = [one for one in found if one]
    others = RANK["not_updated"]
    return min(known, key=lambda s: RANK.get(s.reason, others)) if known else None
