"""States of one SMS and the only order in which they may change.

A gateway repeats, reorders and contradicts itself. Every writer, whatever its
source, therefore asks :func:`may_become`; nothing else decides.
"""

RANKS = {
    "draft": 0,
    "outgoing": 1,
    "sent": 2,
    "delivered": 3,
    "error": 3,
    "rejected": 3,
    "expired": 3,
    "canceled": 3,
}
FINAL_STATES = frozenset(state for state, rank in RANKS.items() if rank == 3)

# A late "delivered" is believed over these two: gateways give up on a message
# (expired, undelivered) that the carrier hands over minutes later.
OVERRIDDEN_BY_DELIVERED = frozenset({"error", "expired"})


def may_become(current: str, new: str) -> bool:
    """Tell whether a message in state ``current`` may change to ``new``."""
    if new == "delivered" and current in OVERRIDDEN_BY_DELIVERED:
        return True
    return RANKS[new] > RANKS[current]


def strongest(current: str, reported: list[str]) -> str:
    """Fold several reports, in any order of arrival, into one state."""
    for state in reported:
        if may_become(current, state):
            current = state
    return current
