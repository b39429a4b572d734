"""How values are written in a text: money, dates, tax numbers, clean names.

Brazilian formats, whatever the language of whoever presses the button: the customer
reads them.
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

KINDS = ("text", "name", "first_name", "money", "number", "date", "cpf", "phone")

# Control characters but for the newline and the tab, and what turns, hides or breaks
# a text without being seen: direction marks, zero-width signs, halves of characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")
_CPF_DIGITS = 11
_SWAP = str.maketrans(",.", ".,")


def clean(value: str) -> str:
    """Drop what no telephone shows and what could disguise a text."""
    return _INVISIBLE.sub("", value) if not value.isprintable() else value


def one_line(value: Any) -> str:
    """Return a name as one line without spaces around it."""
    return _SPACES.sub(" ", clean(str(value or ""))).strip()


def money(value: Any) -> str:
    """Return 1234.5 as ``1.234,50``; nothing, zero and what is text already stay."""
    if isinstance(value, str):
        return one_line(value)
    amount = _amount(value)
    return f"{amount:,.2f}".translate(_SWAP) if amount else ""


def reais(value: Any) -> str:
    """Return 1234.5, or ``1.234,50``, as ``R$ 1.234,50``."""
    text = money(value)
    return text if not text or text.startswith("R$") else f"R$ {text}"


def day(value: Any) -> str:
    """Return a date as ``dd/mm/aaaa``; a text that is none stays as it is."""
    if isinstance(value, str):
        text = one_line(value)
        try:
            value = date.fromisoformat(text[:10])
        except ValueError:
            return text
    return value.strftime("%d/%m/%Y") if value else ""


def cpf(value: Any, whole: bool = True) -> str:
    """Return a tax number as it is stored, or with the ends hidden.

    The middle six digits are what Brazil's own public lists show.
    """
    text = one_line(value)
    if whole or not text:
        return text
    digits = re.sub(r"\D", "", text)
    if len(digits) != _CPF_DIGITS:
        return "***"
    return f"***.{digits[3:6]}.{digits[6:9]}-**"


def dotted_cpf(value: Any) -> str:
    """Return 12345678909 as ``123.456.789-09``; a masked one stays as it is."""
    text = one_line(value)
    digits = re.sub(r"\D", "", text)
    if len(digits) != _CPF_DIGITS:
        return text
    return f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}"


def first_name(value: Any) -> str:
    """Return ``MARIA DA SILVA`` as ``Maria``."""
    return one_line(value).split(" ")[0].title()


def number(value: Any) -> Any:
    """Return a number, or nothing; texts stay texts."""
    return one_line(value) if isinstance(value, str) else value or ""


def write(kind: str, value: Any, whole_cpf: bool = False) -> Any:
    """Write one raw value as its kind says; nothing becomes an empty text."""
    if kind == "cpf":
        return cpf(value, whole_cpf)
    return _WRITERS[kind](value)


def _amount(value: Any) -> Decimal | None:
    try:
        amount = Decimal(str(value or 0))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _text(value: Any) -> str:
    return clean(str(value or "")).strip()


_WRITERS = {
    "text": _text,
    "name": one_line,
    "first_name": first_name,
    "money": money,
    "number": number,
    "date": day,
    "phone": one_line,
}
