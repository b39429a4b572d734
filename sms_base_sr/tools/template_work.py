"""What one text may cost: each operation counts, and long texts count more.

A limit in seconds would depend on the machine; this one stops the same text at the
same place everywhere.
"""

from typing import Any

from jinja2.runtime import Context

from .template_errors import TooLong

WORK_LIMIT = 20_000
_CHARACTERS = 100  # that cost as much as one operation
_KEY = ":work"  # no template can spell it


class Work:
    """The operations of one rendering; ``spent`` grows until the limit."""

    __slots__ = ("limit", "spent")

    def __init__(self, limit: int = WORK_LIMIT) -> None:
        self.limit = limit
        self.spent = 0

    def spend(self, *operands: Any) -> None:
        """Count one operation on its operands; raises :class:`TooLong` at the limit."""
        size = sum(map(_size, operands))
        self.spent += 1 + size // _CHARACTERS
        if self.spent > self.limit:
            raise TooLong("work", self.limit)


def _size(operand: Any) -> int:
    if isinstance(operand, list | tuple):
        return sum(len(part) for part in operand if isinstance(part, str))
    return len(operand) if isinstance(operand, str) else 0


def with_work(values: dict[str, Any], work: Work) -> dict[str, Any]:
    """Return the values of a rendering with its counter."""
    return {**values, _KEY: work}


def work_of(context: Context) -> Work:
    """Return the counter of the rendering that ``context`` belongs to."""
    return context.parent[_KEY]
