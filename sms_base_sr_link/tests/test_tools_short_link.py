"""Keys that nobody can guess, and the addresses that become short."""

import unittest

from odoo.addons.sms_base_sr.tools import segments
from odoo.addons.sms_base_sr_link.tools import short_link
from odoo.addons.sms_base_sr_link.tools.short_link import (
    KEY_WIDTH,
    encode,
    fixed_urls,
    make_key,
    read_key,
    shorten,
)

SECRET = "0123456789abcdef"


class TestKeys(unittest.TestCase):
    """A key names one message below one link, and is of our making."""

    def test_a_key_is_read_as_it_was_made(self):
        for number in (0, 1, 61, 62, 3843, 10**6, 62**5 - 1):
            with self.subTest(number=number):
                key = make_key(SECRET, "abc", number)
                self.assertEqual(len(key), KEY_WIDTH)
                self.assertEqual(read_key(SECRET, "abc", key), number)

    def test_numbers_that_no_five_digits_hold_take_one_more(self):
        for number in (62**5, 2**31 - 1):
            with self.subTest(number=number):
                key = make_key(SECRET, "abc", number)
                self.assertEqual(len(key), KEY_WIDTH + 1)
                self.assertEqual(read_key(SECRET, "abc", key), number)

    def test_a_key_is_worth_nothing_elsewhere(self):
        key = make_key(SECRET, "abc", 42)
        self.assertIsNone(read_key("another secret", "abc", key))
        self.assertIsNone(read_key(SECRET, "abd", key))
        self.assertIsNone(read_key(SECRET, "ABC", key))

    def test_the_neighbours_keys_cannot_be_counted(self):
        key = make_key(SECRET, "abc", 42)
        for number in (41, 43, 0, 62 * 42):
            forged = encode(number) + key[-short_link.SIGNATURE_WIDTH :]
            with self.subTest(number=number):
                self.assertIsNone(read_key(SECRET, "abc", forged))

    def test_no_other_letter_of_a_key_is_right(self):
        key = make_key(SECRET, "abc", 42)
        for place in range(len(key)):
            for letter in short_link.ALPHABET:
                changed = key[:place] + letter + key[place + 1 :]
                if changed != key:
                    self.assertIsNone(read_key(SECRET, "abc", changed))

    def test_whatever_else_comes_is_no_key(self):
        key = make_key(SECRET, "abc", 42)
        hostile = ["", " ", key[:-1], "0" + key, key + "0", key.lower(), "z" * 11]
        hostile += [f" {key}", f"{key}\n", "../../web", "%00" * 4, "é" * 10, "٣" * 10]
        hostile += ["0" * 10, "0" * 11, "x" * 5000, "\ud800" * 10, "-" * 10, "' OR 1=1"]
        for text in hostile:
            with self.subTest(text=text[:20]):
                self.assertIsNone(read_key(SECRET, "abc", text))

    def test_a_strange_code_breaks_nothing(self):
        for code in ("", "é", "\ud800", "x" * 5000, "a/b", "\x00"):
            with self.subTest(code=code[:10]):
                self.assertIsNone(read_key(SECRET, code, "0" * 10))


class TestAddresses(unittest.TestCase):
    """Which parts of a text become short links."""

    CASES = [
        # text, addresses
        ("Veja https://a.br/x", ["https://a.br/x"]),
        ("Veja https://a.br/x.", ["https://a.br/x"]),
        ("(https://a.br/x)!", ["https://a.br/x"]),
        (
            "http://a.br e HTTPS://B.br/?a=1&b=2#c",
            ["http://a.br", "HTTPS://B.br/?a=1&b=2#c"],
        ),
        ("https://a.br https://a.br", ["https://a.br"]),
        ("https://a.br\nhttps://a.br/2", ["https://a.br", "https://a.br/2"]),
        ("a.br, mailto:x@a.br, ftp://a.br, https://", []),
        # A variable is part of it.
        ("https://a.br/?c={{ cpf }}", []),
        ("https://{{ host }}/x", []),
        ("https://a.br/{% if x %}1{% endif %}", []),
        ("https://a.br/x {{ name }}", ["https://a.br/x"]),
        ("{{ name }} https://a.br/x", ["https://a.br/x"]),
        ("", []),
        (None, []),
    ]

    def test_addresses_that_are_the_same_for_everybody(self):
        for text, expected in self.CASES:
            with self.subTest(text=text):
                self.assertEqual(fixed_urls(text), expected)

    def test_they_are_replaced_and_nothing_else_is(self):
        links = {"https://a.br": "S1", "https://a.br/x": "S2"}
        cases = [
            ("Oi https://a.br/x.", "Oi S2."),
            ("https://a.br, https://a.br/x", "S1, S2"),
            ("https://a.br/xy https://a.br", "https://a.br/xy S1"),
            ("https://a.brx", "https://a.brx"),
            ("Oi", "Oi"),
        ]
        for text, expected in cases:
            with self.subTest(text=text):
                self.assertEqual(shorten(text, links), expected)

    def test_a_short_link_keeps_a_text_in_the_cheap_alphabet(self):
        for number in (0, 7, 10**8):
            key = make_key(SECRET, "aZ9", number)
            size = segments.measure(f"https://s.example.com.br/r/aZ9/{key}")
            self.assertEqual(size.encoding, segments.GSM7)
            self.assertEqual(size.units, size.characters)
