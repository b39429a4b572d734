"""Questions about numbers that are already E.164; no normalisation here.

Turning what people type into E.164 is Odoo's own job (``_phone_format``).
"""

import re

import phonenumbers
from phonenumbers import PhoneNumberType

from .area_codes import AREA_CODES

_NOT_DIGIT = re.compile(r"[^0-9]+")
_MOBILE_TYPES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
# Anatel: every mobile has eleven national digits, the third of them a 9.
_BRAZILIAN_MOBILE = re.compile(r"\+55([1-9]{2})9[0-9]{8}")


def digits(e164: str | None) -> str:
    """Return the digits alone: ``5511961234567``, as gateways want them."""
    return _NOT_DIGIT.sub("", e164 or "")


def is_mobile(e164: str | None) -> bool:
    """Tell whether an E.164 number can receive an SMS, as far as its plan says.

    Brazil by a pattern (some thirty times faster, and landlines are certain); other
    countries, which may not separate the two, by ``phonenumbers``.
    """
    if not e164:
        return False
    if e164.startswith("+55"):
        match = _BRAZILIAN_MOBILE.fullmatch(e164)
        return bool(match) and match[1] in AREA_CODES
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(number) in _MOBILE_TYPES


def mask(phone: str | None) -> str:
    """Hide a number for logs and screens: ``+55 11 9****-**34``.

    What is not a Brazilian number keeps two digits at each end; what has fewer
    than seven digits keeps none. Only stars and digits of ``phone`` come out.
    """
    number = digits(phone)
    sign = "+" if phone and phone.lstrip().startswith("+") else ""
    if number.startswith("55") and len(number) in (12, 13):
        first = number[4] if len(number) == 13 else ""
        return f"{sign}55 {number[2:4]} {first}****-**{number[-2:]}"
    if len(number) < 7:
        return "*" * len(number)
    return f"{sign}{number[:2]} {'*' * (len(number) - 4)}{number[-2:]}"
