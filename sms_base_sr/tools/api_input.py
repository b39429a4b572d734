"""What callers of the interface hand in, read strictly; each refusal says what to do.

Plain Python: the words are English, since programs and their authors read them.
"""

import hashlib
import json
import re
from datetime import UTC, datetime

MOST_NUMBERS = 1000
MOST_REFERENCES = 100
MOST_DOMAIN = 10_000
CLASSES = ("promotional", "transactional", "service")
_REFERENCE = re.compile(r"[\w.:/-]{1,64}", re.ASCII)


class BadInput(ValueError):
    """``field`` is the argument's name; the text says what is wrong and the remedy."""

    def __init__(self, field: str, problem: str):
        super().__init__(f"{field}: {problem}")
        self.field = field


def reference(value: object, field: str = "reference") -> str:
    """The caller's own name of a call, by which it can be repeated."""
    if isinstance(value, str) and _REFERENCE.fullmatch(value):
        return value
    raise BadInput(
        field, "give 1 to 64 letters, digits or . _ : / - that name this call"
    )


def references(value: object) -> list[str]:
    """A list of references to ask for."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_REFERENCES:
        raise BadInput("references", f"give a list of 1 to {MOST_REFERENCES} texts")
    return [reference(each, "references") for each in value]


def numbers(value: object) -> list[tuple[str, dict]]:
    """(number, its own values) of each recipient: texts, or objects with a phone."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_NUMBERS:
        raise BadInput("numbers", f"give a list of 1 to {MOST_NUMBERS} numbers")
    return [_number(position, each) for position, each in enumerate(value)]


def _number(position: int, value: object) -> tuple[str, dict]:
    item = {"phone": value} if isinstance(value, str) else value
    name = f"numbers[{position}]"
    if not isinstance(item, dict) or not isinstance(item.get("phone"), str):
        raise BadInput(name, 'give a text such as "+5511912345678", or {"phone": …}')
    unknown = sorted(set(item) - {"phone", "values"})
    if unknown:
        raise BadInput(name, f"knows phone and values only, not {', '.join(unknown)}")
    return item["phone"], values(item.get("values"), f"{name}.values")


def values(value: object, field: str = "values") -> dict:
    """Values of a text: an object of texts, numbers and objects of such."""
    if value in (None, False):
        return {}
    if not isinstance(value, dict):
        raise BadInput(field, "give an object, for example {“name”: “Ana”}")
    for name, each in value.items():
        if isinstance(each, dict):
            values(each, f"{field}.{name}")
        elif not isinstance(each, str | int | float | None):
            raise BadInput(f"{field}.{name}", "give a text, a number or an object")
    return value


def text(value: object, template: object) -> str | None:
    """The text to send; None where a template's code is given instead."""
    if bool(value) == bool(template):
        raise BadInput("text", "give either text, or template with the code of one")
    if template:
        return None
    if not isinstance(value, str) or not value.strip():
        raise BadInput("text", "give the text to send")
    return value


def message_class(value: object, default: str) -> str:
    """One of the three classes: it decides the hours in which an SMS may leave."""
    found = value or default
    if found not in CLASSES:
        raise BadInput("message_class", f"give one of {', '.join(CLASSES)}")
    return found


def moment(value: object, field: str) -> datetime | None:
    """A moment in UTC without a zone, as Odoo keeps it."""
    if value in (None, False, ""):
        return None
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        example = "2026-11-30T12:00:00Z"
        raise BadInput(field, f"give a moment in ISO 8601, such as {example}") from None
    if found.tzinfo:
        found = found.astimezone(UTC).replace(tzinfo=None)
    return found.replace(microsecond=0)


def domain(value: object) -> list:
    """A domain, as a list that is not empty: *everybody* is never meant by mistake."""
    if not value or not isinstance(value, list):
        raise BadInput("domain", 'give a list, such as [["city", "=", "Recife"]]')
    if len(json.dumps(value, default=str)) > MOST_DOMAIN:
        raise BadInput("domain", f"give at most {MOST_DOMAIN} characters")
    return value


def digest(*content: object) -> str:
    """The same for the same content, whatever the order of the keys."""
    raw = json.dumps(content, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(raw.encode()).hexdigest()
