import re
import unittest

from odoo.addons.sms_base_sr.tools import pseudonym


class TestPseudonym(unittest.TestCase):
    """What stands for a number, and how numbers are written."""

    def test_one_by_chance_is_another_each_time(self):
        made = {pseudonym.by_chance() for _number in range(100)}
        self.assertEqual(len(made), 100)
        self.assertTrue(all(map(pseudonym.is_pseudonym, made)))

    def test_one_of_a_fingerprint_is_always_the_same(self):
        one = pseudonym.by_fingerprint("ab" * 32)
        self.assertEqual(one, pseudonym.by_fingerprint("ab" * 32))
        self.assertTrue(pseudonym.is_pseudonym(one))
        self.assertEqual(len(one), len(pseudonym.by_chance()))

    def test_a_number_is_no_pseudonym(self):
        for phone in ("+5511912345678", "", None, False):
            with self.subTest(phone):
                self.assertFalse(pseudonym.is_pseudonym(phone))

    def test_a_pseudonym_cannot_be_taken_for_a_number(self):
        self.assertTrue(re.search("[^0-9+]", pseudonym.by_chance()))

    def test_every_way_in_which_people_write_a_number_is_found(self):
        forms = pseudonym.written_forms("+5511912345678")
        texts = (
            "+5511912345678",
            "5511912345678",
            "11912345678",
            "011912345678",
            "(11) 91234-5678",
            "(11)91234-5678",
            "(11) 9 1234-5678",
            "(11) 912345678",
            "11 91234-5678",
            "11 912345678",
            "11-91234-5678",
            "+55 11 91234-5678",
            "+55 (11) 91234 5678",
        )
        for text in texts:
            with self.subTest(text):
                self.assertTrue(any(form in text for form in forms))

    def test_a_number_abroad_is_found_by_its_digits(self):
        self.assertEqual(pseudonym.written_forms("+4915112345678"), ["4915112345678"])
        self.assertEqual(pseudonym.written_forms(""), [])

    def test_patterns_take_signs_for_themselves(self):
        self.assertEqual(pseudonym.like_patterns(["a%b_c", ""]), ["%a\\%b\\_c%"])
