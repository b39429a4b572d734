"""Reading the values of Kolmeya's answers: tolerant, and never guessing.

What cannot be read is None; a caller then knows that it does not know.
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

# No answer carries a time zone; the service and its customers are Brazilian.
ZONE = ZoneInfo("America/Sao_Paulo")
DATE_FORMATS = (
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%d/%m/%Y",
)


def as_list(value: object) -> list:
    """A list, whether the service sent one, an object, null, or an empty map."""
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping):
        # PHP turns a list with a hole in it into an object with number keys.
        if value and all(str(key).isdigit() for key in value):
            return list(value.values())
        return [value] if value else []
    return [] if value is None or value == "" else [value]


def as_text(value: object) -> str | None:
    """Ids and references are compared as text; ``""`` and null are no id."""
    if value is None or isinstance(value, (bool, list, Mapping)):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None


def as_rows(answer: object, key: str) -> list[dict]:
    """Objects of a bare array, or of the array under ``key``."""
    if isinstance(answer, Mapping) and key in answer:
        answer = answer[key]
    return [row for row in as_list(answer) if isinstance(row, dict)]


def as_id(value: object) -> int | str | None:
    """Segments and API products are integers, kept as text on our side."""
    text = as_text(value)
    return int(text) if text and text.isdecimal() else text


def as_int(value: object, default: int = 0) -> int:
    """Counters may be texts or null."""
    number = as_id(value)
    return number if isinstance(number, int) else default


def digits(value: object) -> str:
    """The digits of a phone: the service refuses a leading ``+``."""
    text = as_text(value) or ""
    # Most are digits already, and this is ten times as fast.
    return text if text.isascii() and text.isdigit() else re.sub(r"\D", "", text)


def national(phone: object) -> str | None:
    """National significant number (10 or 11 digits) of any spelling, or None.

    Only 12 and 13 digits may begin with the country code: 55 is an area code too.
    """
    number = digits(phone)
    if number.startswith("00"):
        number = number[2:]
    if number.startswith("0"):
        # A trunk zero, alone or with a carrier's two digits.
        number = number[3:] if len(number) >= 13 else number[1:]
    if len(number) in (12, 13) and number.startswith("55"):
        number = number[2:]
    return number if len(number) in (10, 11) else None


def e164(phone: object) -> str | None:
    """``+55…`` when the number is Brazilian, else the text as it came, or None."""
    number = national(phone)
    return f"+55{number}" if number else as_text(phone)


def short_key(number: str) -> str:
    """Area code and last eight digits: the same mobile with and without its 9."""
    return number[:2] + number[-8:]


def parse_balance(value: object) -> float | None:
    """Amount of ``R$9.396,84``, ``1500.50`` or a number; None when unreadable."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if math.isfinite(value) else None
    text = re.sub(r"[\s\u00a0]|R\$", "", as_text(value) or "")
    if not re.fullmatch(r"[-−]?\d[\d.]*(,\d+)?", text):
        return None
    text = text.replace("−", "-")
    if "," in text or re.search(r"\.\d{3}$", text):
        text = text.replace(".", "").replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return None


def format_reais(amount: float) -> str:
    """``R$ 9.396,84``: one way to show what the gateway writes in several."""
    english = f"{abs(amount):,.2f}"
    digits = english.translate(str.maketrans({",": ".", ".": ","}))
    return f"{'-' if amount < 0 else ''}R$ {digits}"


def parse_date(value: object) -> datetime | None:
    """Naive UTC of any date the service is known to send, or None."""
    text = as_text(value)
    if text is None:
        return None
    try:
        moment = _read_date(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZONE)
        return moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _read_date(text: str) -> datetime:
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    return datetime.fromisoformat(text)
