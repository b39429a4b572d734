"""Lists of numbers alone, as registers hand them out: which column, which number."""

import re
from collections.abc import Callable, Iterable

from .area_codes import AREA_CODES

_NOT_DIGIT = re.compile(r"[^0-9]+")
# Enough to tell a column of numbers from one of names.
LOOKED_AT = 50
Reader = Callable[[list[str]], str | None]


def brazilian(text: str | None) -> str | None:
    """Return a Brazilian number as E.164, or None.

    By hand: a list of half a million numbers is read some fifty times faster than
    with ``phonenumbers``. Old mobiles without their ninth digit are completed.
    """
    digits = _NOT_DIGIT.sub("", text or "")
    if len(digits) in (12, 13) and digits.startswith("55"):
        digits = digits[2:]
    elif len(digits) in (11, 12) and digits.startswith("0"):
        digits = digits[1:]
    if len(digits) not in (10, 11) or digits[:2] not in AREA_CODES:
        return None
    if len(digits) == 10 and digits[2] in "6789":
        digits = f"{digits[:2]}9{digits[2:]}"
    if len(digits) == 11 and digits[2] != "9" or digits[2] in "01":
        return None
    return f"+55{digits}"


def cell(position: int) -> Reader:
    """Read the number from one column."""
    return lambda cells: cells[position] if position < len(cells) else None


def pair(position: int) -> Reader:
    """Read the number from two columns: area code, then the rest."""
    return lambda cells: "".join(cells[position : position + 2])


def find_column(
    rows: Iterable[list[str]], normalize: Callable[[str | None], str | None]
) -> Reader | None:
    """Return how to read the number of a row; None where no column holds numbers.

    :param rows: the first rows, a header may be among them
    :param normalize: turns a text into E.164, or None
    """
    sample = list(rows)[:LOOKED_AT]
    width = max(map(len, sample), default=0)
    readers = [cell(i) for i in range(width)] + [pair(i) for i in range(width - 1)]

    def score(reader: Reader) -> int:
        return sum(1 for row in sample if normalize(reader(row)))

    best = max(readers, key=score, default=None)
    return best if best and score(best) else None
