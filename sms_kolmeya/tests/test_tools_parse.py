"""Values of the gateway's answers: read in all their spellings, or not at all."""

import unittest
from datetime import datetime

from odoo.addons.sms_kolmeya.tools import kolmeya_parse as parse


class TestNumbers(unittest.TestCase):
    def test_a_number_is_the_same_in_all_spellings(self):
        spellings = [
            11900000001,
            5511900000001,
            "5511900000001",
            "+55 (11) 90000-0001",
            "55 11 90000-0001",
            "005511900000001",
            "011900000001",
            "0 15 11 90000-0001",
            11900000001.0,
        ]
        for spelling in spellings:
            with self.subTest(spelling=spelling):
                self.assertEqual(parse.national(spelling), "11900000001")
                self.assertEqual(parse.e164(spelling), "+5511900000001")

    def test_area_code_55_is_not_taken_for_the_country(self):
        self.assertEqual(parse.national("55900000001"), "55900000001")
        self.assertEqual(parse.national("5590000001"), "5590000001")
        self.assertEqual(parse.national("5555900000001"), "55900000001")

    def test_what_is_no_number_has_no_national_form(self):
        for value in (None, "", 123, "abc", True, [], {}, "1190000000100000"):
            with self.subTest(value=value):
                self.assertIsNone(parse.national(value))

    def test_a_foreign_text_is_kept_as_it_came(self):
        self.assertEqual(parse.e164("29123"), "29123")
        self.assertIsNone(parse.e164(None))

    def test_numbers_are_sent_as_bare_digits(self):
        self.assertEqual(parse.digits("+55 11 90000-0001"), "5511900000001")

    def test_the_ninth_digit_makes_no_difference_to_the_short_key(self):
        long, short = parse.short_key("11900000001"), parse.short_key("1100000001")
        self.assertEqual(long, short)


class TestBalance(unittest.TestCase):
    def test_every_known_spelling_is_read(self):
        table = {
            "R$9.396,84": 9396.84,
            "R$ 1.234,56": 1234.56,
            "R$\u00a01.234,56": 1234.56,
            "-R$5,00": -5.0,
            "R$-5,00": -5.0,
            "R$ 1.234.567,89": 1234567.89,
            "1500.50": 1500.5,
            "1.500": 1500.0,
            "1500": 1500.0,
            "0,00": 0.0,
            1500.5: 1500.5,
            7: 7.0,
        }
        for text, amount in table.items():
            with self.subTest(text=text):
                self.assertEqual(parse.parse_balance(text), amount)

    def test_what_cannot_be_read_is_unknown_and_never_zero(self):
        for value in (None, "", "indisponível", "R$", "1,2,3", "1.2.3", {}, True):
            with self.subTest(value=value):
                self.assertIsNone(parse.parse_balance(value))
        self.assertIsNone(parse.parse_balance(float("nan")))

    def test_amounts_are_shown_in_one_way(self):
        cases = {
            9396.84: "R$ 9.396,84",
            0.0: "R$ 0,00",
            0.5: "R$ 0,50",
            1234567.891: "R$ 1.234.567,89",
            -12.3: "-R$ 12,30",
        }
        for amount, text in cases.items():
            with self.subTest(text):
                self.assertEqual(parse.format_reais(amount), text)


class TestDates(unittest.TestCase):
    def test_dates_without_a_zone_are_of_sao_paulo(self):
        expected = datetime(2025, 11, 16, 17, 30)
        for text in (
            "16/11/2025 14:30:00",
            "16/11/2025 14:30",
            "16-11-2025 14:30:00",
            "2025-11-16 14:30:00",
            "2025-11-16T14:30:00",
            "2025-11-16T17:30:00Z",
            "2025-11-16T17:30:00.000000Z",
            "2025-11-16T14:30:00-03:00",
            " 16/11/2025 14:30:00 ",
        ):
            with self.subTest(text=text):
                self.assertEqual(parse.parse_date(text), expected)

    def test_a_bad_or_missing_date_is_none(self):
        for value in (None, "", "amanhã", "32/13/2025", "0001-01-01T00:00:00+14:00", 5):
            with self.subTest(value=value):
                self.assertIsNone(parse.parse_date(value))

    def test_the_result_is_naive(self):
        self.assertIsNone(parse.parse_date("2025-11-16T17:30:00Z").tzinfo)


class TestLists(unittest.TestCase):
    def test_a_list_is_made_of_whatever_stands_in_its_place(self):
        table = [
            (None, []),
            ({}, []),
            ([], []),
            ("", []),
            ({"phone": 1}, [{"phone": 1}]),
            ({"0": {"phone": 1}, "2": {"phone": 2}}, [{"phone": 1}, {"phone": 2}]),
            ([{"phone": 1}], [{"phone": 1}]),
            (11900000001, [11900000001]),
        ]
        for value, expected in table:
            with self.subTest(value=value):
                self.assertEqual(parse.as_list(value), expected)

    def test_ids_are_compared_as_text(self):
        table = [(7, "7"), ("7", "7"), (7.0, "7"), (None, None), ("", None), ({}, None)]
        for value, expected in table:
            with self.subTest(value=value):
                self.assertEqual(parse.as_text(value), expected)

    def test_rows_come_bare_or_under_a_key(self):
        for answer in ([{"id": 1}], {"apis": [{"id": 1}]}, {"apis": {"id": 1}}):
            with self.subTest(answer=answer):
                self.assertEqual(parse.as_rows(answer, "apis"), [{"id": 1}])
        self.assertEqual(parse.as_rows({"apis": None}, "apis"), [])

    def test_counters_may_be_texts_or_null(self):
        for value, expected in (("120", 120), (3, 3), (None, 0), ("x", 0)):
            with self.subTest(value=value):
                self.assertEqual(parse.as_int(value), expected)
