"""Numbers that are no numbers any more, and the ways in which people write numbers.

A pseudonym stands where a number stood, so that whoever counts different numbers
still counts right. One made by chance leads back to nobody, whatever keys one has.
"""

import re
import secrets

from .phones import digits

PREFIX = "anon:"
LENGTH = 24
_BRAZILIAN = re.compile(r"55([1-9]{2})([0-9]{4,5})([0-9]{4})")


def is_pseudonym(phone: str | None) -> bool:
    """Tell whether this stands for a number that was forgotten."""
    return bool(phone) and phone.startswith(PREFIX)


def by_chance() -> str:
    """Return a pseudonym that nothing connects with any number."""
    return PREFIX + secrets.token_hex(LENGTH // 2)


def by_fingerprint(fingerprint: str) -> str:
    """Return the pseudonym of a keyed hash: the same for the same number."""
    return PREFIX + fingerprint[:LENGTH]


def written_forms(e164: str | None) -> list[str]:
    """Return how a number may be written in texts that nobody has normalised.

    The first is the shortest run of digits that stands for it; what is only part of
    another one of these is left out.
    """
    number = digits(e164)
    match = _BRAZILIAN.fullmatch(number)
    if not match:
        return [number] if number else []
    area, first, last = match.groups()
    forms = [f"{area}{first}{last}"]
    for begin in (f"({area}) ", f"({area})", f"{area} ", f"{area}-"):
        forms += [f"{begin}{first}-{last}", f"{begin}{first} {last}"]
        forms.append(f"{begin}{first}{last}")
        if len(first) == 5:
            forms.append(f"{begin}{first[0]} {first[1:]}-{last}")
    return forms


def all_forms(numbers: list[str]) -> list[str]:
    """Return the written forms of several numbers."""
    return [form for number in numbers for form in written_forms(number)]


def like_patterns(texts: list[str]) -> list[str]:
    """Return LIKE patterns that find texts anywhere; ``%`` and ``_`` are themselves."""
    escaped = (re.sub(r"([\\%_])", r"\\\1", text) for text in texts)
    return [f"%{text}%" for text in escaped if text]
