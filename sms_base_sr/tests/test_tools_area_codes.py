"""The 67 Brazilian area codes, their states and time zones."""

import unittest
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.addons.sms_base_sr.tools.area_codes import AREA_CODES, area_code, zone_key

STATES = {
    "AC": "68",
    "AL": "82",
    "AM": "92 97",
    "AP": "96",
    "BA": "71 73 74 75 77",
    "CE": "85 88",
    "DF": "61",
    "ES": "27 28",
    "GO": "62 64",
    "MA": "98 99",
    "MG": "31 32 33 34 35 37 38",
    "MS": "67",
    "MT": "65 66",
    "PA": "91 93 94",
    "PB": "83",
    "PE": "81 87",
    "PI": "86 89",
    "PR": "41 42 43 44 45 46",
    "RJ": "21 22 24",
    "RN": "84",
    "RO": "69",
    "RR": "95",
    "RS": "51 53 54 55",
    "SC": "47 48 49",
    "SE": "79",
    "SP": "11 12 13 14 15 16 17 18 19",
    "TO": "63",
}
MINUS_4 = ("65", "66", "67", "69", "92", "95")
BOTH = "America/Manaus|America/Rio_Branco"
OWN_ZONES = {
    "63": ("America/Araguaina",),
    "65": ("America/Cuiaba",),
    "66": ("America/Cuiaba",),
    "67": ("America/Campo_Grande",),
    "68": ("America/Rio_Branco",),
    "69": ("America/Porto_Velho",),
    "71": ("America/Bahia",),
    "79": ("America/Maceio",),
    "81": ("America/Recife",),
    "82": ("America/Maceio",),
    "87": ("America/Recife",),
    "91": ("America/Belem",),
    "92": ("America/Manaus",),
    "93": ("America/Santarem",),
    "94": ("America/Belem",),
    "95": ("America/Boa_Vista",),
    "96": ("America/Belem",),
    "97": ("America/Manaus", "America/Eirunepe"),
}


def mobile(code):
    return f"+55{code}991234567"


def expected_key(code):
    if code == "97":
        return BOTH
    if code == "68":
        return "America/Rio_Branco"
    return "America/Manaus" if code in MINUS_4 else "America/Sao_Paulo"


class TestAreaCodes(unittest.TestCase):
    def test_there_are_67_codes_in_27_states(self):
        self.assertEqual(len(AREA_CODES), 67)
        self.assertEqual(len({area.state for area in AREA_CODES.values()}), 27)

    def test_each_state_has_its_codes(self):
        for state, codes in STATES.items():
            with self.subTest(state=state):
                found = sorted(c for c, a in AREA_CODES.items() if a.state == state)
                self.assertEqual(found, codes.split())

    def test_codes_that_do_not_exist_are_absent(self):
        for (
            code
        ) in "10 20 23 25 26 29 30 36 39 40 50 52 56 60 70 72 76 78 80 90".split():
            with self.subTest(code=code):
                self.assertNotIn(code, AREA_CODES)
                self.assertIsNone(area_code(mobile(code)))

    def test_each_mobile_has_the_key_of_its_offset(self):
        for code in AREA_CODES:
            with self.subTest(code=code):
                self.assertEqual(area_code(mobile(code)), code)
                self.assertEqual(zone_key(mobile(code)), expected_key(code))

    def test_a_landline_has_the_key_of_a_mobile(self):
        for code in AREA_CODES:
            with self.subTest(code=code):
                self.assertEqual(zone_key(f"+55{code}33334444"), expected_key(code))

    def test_particular_codes_have_their_own_zone(self):
        for code, zones in OWN_ZONES.items():
            with self.subTest(code=code):
                self.assertEqual(AREA_CODES[code].zones, zones)

    def test_there_are_four_keys_in_brazil(self):
        self.assertEqual(len({zone_key(mobile(code)) for code in AREA_CODES}), 4)

    def test_every_zone_has_the_hour_of_its_key_on_each_day_of_two_years(self):
        start = datetime.now(UTC).replace(minute=30)
        days = [start + timedelta(days=n, hours=n % 24) for n in range(-365, 365)]
        for code, area in AREA_CODES.items():
            names = zone_key(mobile(code)).split("|")
            for zone, name in zip(area.zones, names, strict=True):
                with self.subTest(code=code, zone=zone):
                    self.assertTrue(_same_hours(zone, name, days))

    def test_offsets_are_those_of_the_map(self):
        noon = datetime(2026, 1, 15, 12, tzinfo=UTC)
        offsets = {"11": [-3], "81": [-3], "92": [-4], "68": [-5], "97": [-4, -5]}
        for code, hours in offsets.items():
            with self.subTest(code=code):
                found = [
                    noon.astimezone(ZoneInfo(name)).utcoffset() / timedelta(hours=1)
                    for name in zone_key(mobile(code)).split("|")
                ]
                self.assertEqual(found, hours)


class TestOtherNumbers(unittest.TestCase):
    def test_foreign_numbers_have_the_first_zone_of_their_range(self):
        for number, zone in [
            ("+4915112345678", "Europe/Berlin"),
            ("+595981123456", "America/Asuncion"),
            ("+59899123456", "America/Montevideo"),
            ("+12125550123", "America/New_York"),
            ("+819012345678", "Asia/Tokyo"),
        ]:
            with self.subTest(number=number):
                self.assertEqual(zone_key(number), zone)

    def test_an_unknown_place_counts_as_sao_paulo(self):
        for number in (
            None,
            "",
            "abc",
            "+",
            "5511",
            "+5520912345678",
            "+999123",
            "+55",
        ):
            with self.subTest(number=number):
                self.assertEqual(zone_key(number), "America/Sao_Paulo")

    def test_only_brazilian_numbers_of_right_length_have_an_area_code(self):
        for number in (None, "", "+351112345678", "+5511", "+55119912345678", "5511"):
            with self.subTest(number=number):
                self.assertIsNone(area_code(number))


def _same_hours(zone, name, days):
    one, other = ZoneInfo(zone), ZoneInfo(name)
    return all(
        day.astimezone(one).utcoffset() == day.astimezone(other).utcoffset()
        for day in days
    )
