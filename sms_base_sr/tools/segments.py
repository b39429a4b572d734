"""How many SMS a text becomes, and what it would become without accents.

Alphabet and sizes: 3GPP TS 23.038 (GSM 7-bit default alphabet and its extension
table) and TS 23.040 (a concatenated part loses 7 septets or 3 UCS-2 characters
to its header). Plain Python, no database.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

GSM7 = "gsm7"
UCS2 = "ucs2"

GSM7_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these is sent as an escape septet followed by another one.
GSM7_EXTENSION = "\f^{}\\[~]|€"

# Units (septets or UTF-16 code units) in a single SMS and in a part of several.
SINGLE = {GSM7: 160, UCS2: 70}
PART = {GSM7: 153, UCS2: 67}

_IS_GSM7 = re.compile(f"[{re.escape(GSM7_BASIC + GSM7_EXTENSION)}]*").fullmatch
_NOT_GSM7 = re.compile(f"[^{re.escape(GSM7_BASIC + GSM7_EXTENSION)}]")
_EXTENSION = re.compile(f"[{re.escape(GSM7_EXTENSION)}]")
_ESCAPE = "\x1b"

# What a Unicode decomposition does not turn into its plain look-alike.
_LOOK_ALIKES = {
    **dict.fromkeys("‘’‚‛′‹›`´ʹʻʼˈ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−•·‣◦", "-"),
    **dict.fromkeys("\t\v\u2028\u2029", " "),
    **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
    # Accents that no composed letter exists for.
    **dict.fromkeys(map(chr, range(0x300, 0x370)), ""),
    "⁄": "/",
    "°": "o",
    "ı": "i",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "œ": "oe",
    "Œ": "OE",
}


class Segments(NamedTuple):
    """Size of one text.

    ``encoding`` is ``gsm7`` or ``ucs2``; ``units`` are septets or UTF-16 code
    units without any header; ``characters`` are code points; ``segments`` is the
    number of SMS that a carrier bills (0 for an empty text).
    """

    encoding: str
    units: int
    characters: int
    segments: int


def normalize_newlines(text: str) -> str:
    """Write every line end as ``\\n``: browsers send ``\\r\\n``, two septets.

    :func:`measure` counts the normalised text, so that is what must be sent.
    """
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def measure(text: str | None) -> Segments:
    """Count the units and the SMS of ``text``, line ends normalised."""
    text = normalize_newlines(text or "")
    return _measure_gsm7(text) if _IS_GSM7(text) else _measure_ucs2(text)


def drop_accents(text: str | None) -> str:
    """Replace what GSM-7 lacks by its plain look-alike; the rest stays.

    Letters that GSM-7 has (``é à ñ Ç`` …) keep their accent: dropping it saves
    nothing. Emoji and other scripts have no look-alike and stay, so the result
    may still be UCS-2.
    """
    text = normalize_newlines(text or "")
    if _IS_GSM7(text):
        return text
    composed = unicodedata.normalize("NFC", text)
    return _NOT_GSM7.sub(_plain_match, composed)


def shorten(text: str | None) -> str:
    """Drop the accents where that saves an SMS; else keep them, they cost nothing."""
    return compare(text)[1]


def compare(text: str | None) -> tuple[Segments, str, Segments]:
    """Return the size of ``text``, its :func:`shorten` form, and the size of that."""
    text = normalize_newlines(text or "")
    size = measure(text)
    if size.encoding == GSM7 or size.segments < 2:
        return size, text, size
    plain = drop_accents(text)
    plain_size = measure(plain)
    saves = plain_size.segments < size.segments
    return (size, plain, plain_size) if saves else (size, text, size)


def culprits(text: str | None) -> list[str]:
    """The characters that GSM-7 lacks, each once: they make the whole text UCS-2."""
    return list(dict.fromkeys(_NOT_GSM7.findall(normalize_newlines(text or ""))))


def _measure_gsm7(text: str) -> Segments:
    extended = len(_EXTENSION.findall(text))
    units = len(text) + extended
    if units <= SINGLE[GSM7]:
        return Segments(GSM7, units, len(text), 1 if units else 0)
    if not extended:
        return Segments(GSM7, units, len(text), -(-units // PART[GSM7]))
    for character in GSM7_EXTENSION:
        text = text.replace(character, _ESCAPE + character)
    return Segments(GSM7, units, units - extended, _gsm7_parts(text))


def _gsm7_parts(septets: str) -> int:
    """Cut where an escape would be the last septet of a part: it moves on."""
    start = parts = 0
    while start < len(septets):
        end = start + PART[GSM7]
        start = end - (septets[end - 1 : end] == _ESCAPE)
        parts += 1
    return parts


def _measure_ucs2(text: str) -> Segments:
    # Lone surrogates never reach the database, but must not raise here either.
    encoded = text.encode("utf-16-be", "surrogatepass")
    units = len(encoded) // 2
    if units <= SINGLE[UCS2]:
        return Segments(UCS2, units, len(text), 1)
    if units == len(text):
        return Segments(UCS2, units, len(text), -(-units // PART[UCS2]))
    return Segments(UCS2, units, len(text), _ucs2_parts(encoded, units))


def _ucs2_parts(encoded: bytes, units: int) -> int:
    """Cut before a pair of surrogates that would straddle two parts."""
    start = parts = 0
    while start < units:
        end = start + PART[UCS2]
        # 0xD8…0xDB begins the first half of a pair.
        splits = end < units and 0xD8 <= encoded[2 * end - 2] <= 0xDB
        start = end - splits
        parts += 1
    return parts


def _plain_match(match: re.Match[str]) -> str:
    return _plain(match[0])


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """Return the GSM-7 look-alike of one character, else the character."""
    if character in _LOOK_ALIKES:
        return _LOOK_ALIKES[character]
    decomposed = unicodedata.normalize("NFKD", character)
    plain = "".join(
        _LOOK_ALIKES.get(c, c) for c in decomposed if not unicodedata.combining(c)
    )
    return plain if plain and _IS_GSM7(plain) else character
