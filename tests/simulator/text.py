"""Numbers, dates, amounts and texts as the service spells them."""

import math
import re
import time
from datetime import UTC, datetime, timedelta, timezone

BRASILIA = timezone(timedelta(hours=-3))
_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO = set("^{}\\[~]|€")


def national(phone: object) -> str | None:
    """Ten or eleven digits, or None; a leading ``+`` is refused."""
    text = str(phone)
    if text.strip().startswith("+") or isinstance(phone, (bool, float, type(None))):
        return None
    digits = re.sub(r"\D", "", text)
    if len(digits) in (12, 13) and digits.startswith("55"):
        digits = digits[2:]
    return digits if re.fullmatch(r"[1-9]{2}\d{8,9}", digits) else None


def required(phone: object) -> str:
    """National digits of any spelling, or ValueError."""
    number = national(str(phone).strip().lstrip("+"))
    if number is None:
        raise ValueError("not a Brazilian number")
    return number


def styled_phone(number: str | None, style: str, raw: object = None):
    """A number as answers show it; what is no number comes back as it was sent."""
    if number is None:
        return raw
    if style == "e164-int":
        return int("55" + number)
    if style == "string":
        return "55" + number
    if style == "plus":
        return "+55" + number
    if style == "formatted":
        return f"({number[:2]}) {number[2:-4]}-{number[-4:]}"
    return int(number)


def styled_balance(amount: float, style: str):
    """``R$9.396,84`` unless another style is asked for."""
    if style == "plain":
        return f"{amount:.2f}"
    if style == "number":
        return round(amount, 2)
    if style == "broken":
        return "indisponível"
    brl = f"{abs(amount):,.2f}".translate(str.maketrans(",.", ".,"))
    sign = "-" if amount < 0 else ""
    return f"{sign}R${chr(0xA0) if style == 'nbsp' else ''}{brl}"


def segments(text: str) -> int:
    """Parts that a text is billed as: 160/153 characters, or 70/67 beyond GSM."""
    if all(each in _GSM or each in _GSM_TWO for each in text):
        length = sum(2 if each in _GSM_TWO else 1 for each in text)
        single, part = 160, 153
    else:
        length, single, part = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= single else math.ceil(length / part)


def local_time(moment: float, seconds: bool = True) -> str:
    """``d/m/Y H:i:s`` in Brasília, as replies and reports carry it."""
    shown = datetime.fromtimestamp(moment, BRASILIA)
    return shown.strftime("%d/%m/%Y %H:%M:%S" if seconds else "%d/%m/%Y %H:%M")


def sql_time(moment: float) -> str:
    """``Y-m-d H:i:s`` in Brasília."""
    return datetime.fromtimestamp(moment, BRASILIA).strftime("%Y-%m-%d %H:%M:%S")


def iso_time(moment: float | None = None) -> str:
    """ISO in UTC with a Z."""
    shown = datetime.fromtimestamp(moment or time.time(), UTC)
    return shown.strftime("%Y-%m-%dT%H:%M:%SZ")
