"""Brazilian area codes (DDD): state, time zones and the key batches are cut by.

``phonenumbers`` puts mobiles of 81 (Recife) in Noronha and knows one zone for 97,
which has two; hence a table. Area codes and states: Anatel's national numbering
plan (67 codes). Zones: the IANA database's areas for those states.
"""

from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import timezone as phone_timezone

DEFAULT_ZONE = "America/Sao_Paulo"
UNKNOWN_ZONE = "Etc/Unknown"


class AreaCode(NamedTuple):
    """``state`` is the two-letter abbreviation of the code's main state."""

    state: str
    zones: tuple[str, ...]


_SAO_PAULO = ("America/Sao_Paulo",)
_FORTALEZA = ("America/Fortaleza",)
_BAHIA = ("America/Bahia",)
_BELEM = ("America/Belem",)
_RECIFE = ("America/Recife",)

# One line a state. The zone follows the code, not the state: Pará and Pernambuco
# have several. 81 also serves the island of Noronha (−2), a few thousand people.
_BY_STATE: list[tuple[str, str, tuple[str, ...]]] = [
    ("SP", "11 12 13 14 15 16 17 18 19", _SAO_PAULO),
    ("RJ", "21 22 24", _SAO_PAULO),
    ("ES", "27 28", _SAO_PAULO),
    ("MG", "31 32 33 34 35 37 38", _SAO_PAULO),
    ("PR", "41 42 43 44 45 46", _SAO_PAULO),
    ("SC", "47 48 49", _SAO_PAULO),
    ("RS", "51 53 54 55", _SAO_PAULO),
    ("DF", "61", _SAO_PAULO),
    ("GO", "62 64", _SAO_PAULO),
    ("TO", "63", ("America/Araguaina",)),
    ("MT", "65 66", ("America/Cuiaba",)),
    ("MS", "67", ("America/Campo_Grande",)),
    ("AC", "68", ("America/Rio_Branco",)),
    ("RO", "69", ("America/Porto_Velho",)),
    ("BA", "71 73 74 75 77", _BAHIA),
    ("SE", "79", ("America/Maceio",)),
    ("PE", "81 87", _RECIFE),
    ("AL", "82", ("America/Maceio",)),
    ("PB", "83", _FORTALEZA),
    ("RN", "84", _FORTALEZA),
    ("CE", "85 88", _FORTALEZA),
    ("PI", "86 89", _FORTALEZA),
    ("PA", "91 94", _BELEM),
    ("PA", "93", ("America/Santarem",)),
    ("AM", "92", ("America/Manaus",)),
    # Western Amazonas (Tabatinga, Benjamin Constant, Eirunepé …) is at −5.
    ("AM", "97", ("America/Manaus", "America/Eirunepe")),
    ("RR", "95", ("America/Boa_Vista",)),
    ("AP", "96", _BELEM),
    ("MA", "98 99", _FORTALEZA),
]
AREA_CODES: dict[str, AreaCode] = {
    code: AreaCode(state, zones)
    for state, codes, zones in _BY_STATE
    for code in codes.split()
}

# Places that always share the hour share a batch: Brazil has had no summer time
# since 2019. Zones that are not listed are at −3, like the default. A test
# compares this with the zone database for every day of the year.
_OFFSET_GROUP = {
    "America/Manaus": "America/Manaus",
    "America/Cuiaba": "America/Manaus",
    "America/Campo_Grande": "America/Manaus",
    "America/Porto_Velho": "America/Manaus",
    "America/Boa_Vista": "America/Manaus",
    "America/Rio_Branco": "America/Rio_Branco",
    "America/Eirunepe": "America/Rio_Branco",
}
_KEY_OF_CODE = {
    code: "|".join(_OFFSET_GROUP.get(zone, DEFAULT_ZONE) for zone in area.zones)
    for code, area in AREA_CODES.items()
}


def area_code(e164: str | None) -> str | None:
    """Return the area code of a Brazilian number ``+55DDxxxxxxxx[x]``, else None."""
    if not e164 or not e164.startswith("+55") or len(e164) not in (13, 14):
        return None
    code = e164[3:5]
    return code if code in AREA_CODES else None


def zone_key(e164: str | None) -> str:
    """Return the time zone(s) of a number, as the key that batches are cut by.

    One IANA name, or two joined by ``|`` when both must be within their window.
    Brazilian places with the same offset give the same key. An unknown place
    counts as São Paulo.
    """
    code = area_code(e164)
    return _KEY_OF_CODE[code] if code else _foreign_zone(e164 or "")


@lru_cache(maxsize=4096)
def _foreign_zone(e164: str) -> str:
    if e164.startswith("+55"):
        return DEFAULT_ZONE
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return DEFAULT_ZONE
    zone = phone_timezone.time_zones_for_number(number)[0]
    return DEFAULT_ZONE if zone == UNKNOWN_ZONE else zone
