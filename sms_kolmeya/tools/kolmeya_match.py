"""Which of our messages an entry of a ``store`` answer speaks of.

``valids`` and ``invalids`` echo references; the other arrays name a phone only,
in a spelling that is not the one we sent.
"""

from collections.abc import Sequence
from functools import cached_property

from .kolmeya_errors import redact
from .kolmeya_parse import as_list, as_text, national, short_key

#: Arrays whose entries concern a number, hence every message to it that is left.
BY_NUMBER = ("blacklist", "not_disturb", "duplicates")


class Matcher:
    """Takes messages out as they are named; ``found`` is in order of naming.

    ``found`` maps a reference to ``(array, message id or None, detail or None)``.
    """

    def __init__(self, sent: Sequence[tuple[str, str]]):
        self.found: dict[str, tuple[str, str | None, str | None]] = {}
        self._sent = sent
        self._references = {reference for reference, _phone in sent}

    @cached_property
    def _by_number(self) -> dict[str, list[str]]:
        """Read only where an entry names no reference: most answers name all."""
        found: dict[str, list[str]] = {}
        for reference, phone in self._sent:
            number = national(phone)
            if number:
                found.setdefault(number, []).append(reference)
        return found

    @cached_property
    def _by_short_key(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for number, references in self._by_number.items():
            found.setdefault(short_key(number), []).extend(references)
        return found

    # Not the ORM's method of this name.
    # pylint: disable-next=method-required-super
    def read(self, answer: dict) -> dict:
        """Match all arrays; accepted ones first, since only they were sent."""
        for row in as_list(answer.get("valids")):
            self._one("valids", row, as_text(_get(row, "id")), None)
        for row in as_list(answer.get("invalids")):
            self._one("invalids", row, None, _why(row))
        for array in BY_NUMBER:
            for row in as_list(answer.get(array)):
                self._number(array, row)
        return self.found

    def _one(self, array, row, message_id, detail) -> None:
        """An entry of one message: by reference, else the first left of a number."""
        reference = as_text(_get(row, "reference"))
        if reference not in self._references:
            reference = next(iter(self._left(row)), None)
        if reference and reference not in self.found:
            self.found[reference] = (array, message_id, detail)

    def _number(self, array, row) -> None:
        reference = as_text(_get(row, "reference"))
        named = [reference] if reference in self._references else self._left(row)
        for each in named:
            self.found.setdefault(each, (array, None, _why(row, text=False)))

    def _left(self, row) -> list[str]:
        """References of a number that are not taken yet.

        A number with or without its ninth digit counts as a fallback, and only
        while it can mean one message.
        """
        number = national(_get(row, "phone") if isinstance(row, dict) else row)
        if not number:
            return []
        if number in self._by_number:
            return self._free(self._by_number[number])
        short = self._free(self._by_short_key.get(short_key(number), []))
        return short if len(short) == 1 else []

    def _free(self, references: list[str]) -> list[str]:
        return [each for each in references if each not in self.found]


def _get(row: object, key: str) -> object:
    return row.get(key) if isinstance(row, dict) else None


def _why(row: object, text: bool = True) -> str | None:
    """Reason of a refusal; ``message`` may be our own text, hence comes last."""
    for key in ("error", "reason", "message") if text else ("error", "reason"):
        value = as_text(_get(row, key))
        if value:
            return redact(value)
    return None
