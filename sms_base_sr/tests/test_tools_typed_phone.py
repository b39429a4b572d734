"""Numbers as people type them into a search: which of them can be looked up."""

import unittest

from odoo.addons.sms_base_sr.tools.area_codes import AREA_CODES
from odoo.addons.sms_base_sr.tools.typed_phone import digits_of, without_area_code


class TestTypedPhone(unittest.TestCase):
    """A local number stands for one in each area; parts stand for none."""

    def test_a_mobile_number_without_its_area_code_is_one_in_each_area(self):
        for typed in ("91234-5678", "912345678", " 9 1234 5678 "):
            with self.subTest(typed):
                found = without_area_code(typed)
                self.assertEqual(len(found), len(AREA_CODES))
                self.assertIn("+5511912345678", found)
                self.assertIn("+5597912345678", found)

    def test_eight_digits_may_lack_the_ninth(self):
        found = without_area_code("3456-7890")
        self.assertIn("+551134567890", found)
        self.assertIn("+5511934567890", found)
        self.assertEqual(len(found), 2 * len(AREA_CODES))

    def test_parts_and_words_are_no_local_number(self):
        for typed in ("", "5678", "0000100", "11912345678", "01234567", "Ana"):
            with self.subTest(typed):
                self.assertEqual(without_area_code(typed), [])

    def test_of_a_part_the_digits_are_looked_for(self):
        cases = [("1234-56", "123456"), ("(11) 9", "119"), ("SHORT", "SHORT")]
        for typed, digits in cases:
            with self.subTest(typed):
                self.assertEqual(digits_of(typed), digits)


if __name__ == "__main__":
    unittest.main()
