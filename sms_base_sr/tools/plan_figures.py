"""What a plan comes to, added up page by page: plain dicts that fit into JSON."""

from collections import Counter
from collections.abc import Iterable

from .planning import Decision

Figures = dict[str, int | dict[str, int]]


def of_page(decisions: Iterable[Decision]) -> Figures:
    """Return the figures of one page.

    ``accented`` and ``plain`` are all segments with and without accents; ``unicode``
    counts the SMS that are sent as UCS-2; ``parts`` holds {segments: SMS} and
    ``missing`` {variable: contacts left out for want of it}.
    """
    decisions = list(decisions)
    sendable = [decision for decision in decisions if decision.sendable]
    return {
        "accented": sum(decision.accented for decision in sendable),
        "plain": sum(decision.plain for decision in sendable),
        "unicode": sum(decision.unicode for decision in sendable),
        "parts": dict(Counter(str(decision.segments) for decision in sendable)),
        "missing": dict(Counter(d.missing for d in decisions if d.missing)),
    }


def add(first: Figures | None, second: Figures) -> Figures:
    """Return the sum of two; none yet counts as nothing."""
    total = dict(first or {})
    for name, value in second.items():
        if isinstance(value, dict):
            total[name] = dict(Counter(total.get(name) or {}) + Counter(value))
        else:
            total[name] = total.get(name, 0) + value
    return total
