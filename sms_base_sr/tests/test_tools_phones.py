"""Mobile or not, and how numbers look in logs."""

import unittest

import phonenumbers

from odoo.addons.sms_base_sr.tools.area_codes import AREA_CODES
from odoo.addons.sms_base_sr.tools.phones import digits, is_mobile, mask


class TestIsMobile(unittest.TestCase):
    def test_each_area_code_has_mobiles_and_landlines(self):
        for code in AREA_CODES:
            with self.subTest(code=code):
                self.assertTrue(is_mobile(f"+55{code}991234567"))
                self.assertFalse(is_mobile(f"+55{code}33334444"))

    def test_brazil_agrees_with_phonenumbers(self):
        for code in AREA_CODES:
            for rest in ("961234567", "991234567", "912345678", "33334444"):
                number = f"+55{code}{rest}"
                with self.subTest(number=number):
                    kind = phonenumbers.number_type(phonenumbers.parse(number))
                    expected = kind == phonenumbers.PhoneNumberType.MOBILE
                    self.assertEqual(is_mobile(number), expected)

    def test_what_is_no_brazilian_mobile_is_refused(self):
        for number in (
            *(None, "", "abc", "+", "+55", "+5511", "5511961234567", "11961234567"),
            *("+551161234567", "+55118612345678", "+5511861234567", "+55119612345678"),
            *(
                "+5523961234567",
                "+5520961234567",
                "+5500961234567",
                "+558001234567",
                "+5540041234",
            ),
            *("+55 11961234567", "+5511961234567\n", "+55११961234567"),
        ):
            with self.subTest(number=number):
                self.assertFalse(is_mobile(number))

    def test_other_countries_go_by_their_numbering_plan(self):
        for number, expected in [
            ("+351912345678", True),
            ("+351212345678", False),
            ("+12125550123", True),  # the plan does not separate the two
            ("+4915112345678", True),
            ("+493012345678", False),
            ("+99912345678", False),
        ]:
            with self.subTest(number=number):
                self.assertEqual(is_mobile(number), expected)


class TestMask(unittest.TestCase):
    def test_each_number_is_hidden_but_its_ends(self):
        for phone, expected in [
            ("+5511961234534", "+55 11 9****-**34"),
            ("5511961234534", "55 11 9****-**34"),
            ("+55 (11) 96123-4534", "+55 11 9****-**34"),
            ("+551133334434", "+55 11 ****-**34"),
            ("+351912345678", "+35 ********78"),
            ("(11) 96123-4567", "11 *******67"),
            ("961234567", "96 *****67"),
            ("1234567", "12 ***67"),
            ("123456", "******"),
            ("12", "**"),
            ("", ""),
            (None, ""),
            ("Maria", ""),
        ]:
            with self.subTest(phone=phone):
                self.assertEqual(mask(phone), expected)

    def test_a_masked_number_is_ambiguous_among_many(self):
        masked = {mask(f"+55119{n:06}34") for n in range(1000)}
        self.assertEqual(len(masked), 1)


class TestDigits(unittest.TestCase):
    def test_only_ascii_digits_stay(self):
        for phone, expected in [
            ("+5511961234567", "5511961234567"),
            ("(11) 96123-4567", "11961234567"),
            ("", ""),
            (None, ""),
            ("٣٤", ""),
        ]:
            with self.subTest(phone=phone):
                self.assertEqual(digits(phone), expected)
