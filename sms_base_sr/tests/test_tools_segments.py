"""Sizes of texts: a table with known answers, borders, accents."""

import unittest

from odoo.addons.sms_base_sr.tools import segments
from odoo.addons.sms_base_sr.tools.segments import (
    GSM7_BASIC,
    GSM7_EXTENSION,
    culprits,
    drop_accents,
    measure,
    normalize_newlines,
    shorten,
)

# text, encoding, units, segments
TABLE = [
    ("", "gsm7", 0, 0),
    (None, "gsm7", 0, 0),
    (" ", "gsm7", 1, 1),
    ("a", "gsm7", 1, 1),
    ("Ola, tudo bem?", "gsm7", 14, 1),
    ("a" * 159, "gsm7", 159, 1),
    ("a" * 160, "gsm7", 160, 1),
    ("a" * 161, "gsm7", 161, 2),
    ("a" * 305, "gsm7", 305, 2),
    ("a" * 306, "gsm7", 306, 2),
    ("a" * 307, "gsm7", 307, 3),
    ("a" * 459, "gsm7", 459, 3),
    ("a" * 460, "gsm7", 460, 4),
    ("a" * 1530, "gsm7", 1530, 10),
    ("a" * 1531, "gsm7", 1531, 11),
    ("é", "gsm7", 1, 1),
    ("àèéìòùÇÑñÄÖÜäöü", "gsm7", 15, 1),
    ("ÅåÆæØøß", "gsm7", 7, 1),
    ("@£$¥¤§¿¡_", "gsm7", 9, 1),
    ("ΔΦΓΛΩΠΨΣΘΞ", "gsm7", 10, 1),
    ("é" * 160, "gsm7", 160, 1),
    ("é" * 161, "gsm7", 161, 2),
    ("€", "gsm7", 2, 1),
    ("{}[]~|^\\", "gsm7", 16, 1),
    ("\f", "gsm7", 2, 1),
    ("€" * 80, "gsm7", 160, 1),
    ("€" * 80 + "a", "gsm7", 161, 2),
    ("a" + "€" * 80, "gsm7", 161, 2),
    # 76 pairs are 152 septets: the last septet of each part stays empty.
    ("€" * 152, "gsm7", 304, 2),
    ("€" * 153, "gsm7", 306, 3),
    ("€" * 228, "gsm7", 456, 3),
    ("€" * 229, "gsm7", 458, 4),
    ("a" * 152 + "€" + "a" * 151, "gsm7", 305, 2),
    ("a" * 152 + "€" + "a" * 152, "gsm7", 306, 3),
    ("a" * 151 + "€" + "a" * 153, "gsm7", 306, 2),
    ("a" * 153 + "€" + "a" * 151, "gsm7", 306, 2),
    ("a" * 158 + "€", "gsm7", 160, 1),
    ("a" * 159 + "€", "gsm7", 161, 2),
    ("a" * 305 + "€", "gsm7", 307, 3),
    ("a" * 304 + "€", "gsm7", 306, 2),
    ("\n", "gsm7", 1, 1),
    ("\r\n", "gsm7", 1, 1),
    ("\r", "gsm7", 1, 1),
    ("a\r\nb\rc\nd", "gsm7", 7, 1),
    ("a" * 159 + "\r\n", "gsm7", 160, 1),
    ("\t", "ucs2", 1, 1),
    ("`", "ucs2", 1, 1),
    ("ç", "ucs2", 1, 1),
    ("ã", "ucs2", 1, 1),
    ("Olá", "ucs2", 3, 1),
    ("ê" * 69, "ucs2", 69, 1),
    ("ê" * 70, "ucs2", 70, 1),
    ("ê" * 71, "ucs2", 71, 2),
    ("ê" * 134, "ucs2", 134, 2),
    ("ê" * 135, "ucs2", 135, 3),
    ("ê" * 201, "ucs2", 201, 3),
    ("ê" * 202, "ucs2", 202, 4),
    ("ã" + "a" * 69, "ucs2", 70, 1),
    ("ã" + "a" * 70, "ucs2", 71, 2),
    ("a" * 160 + "ã", "ucs2", 161, 3),
    # In UCS-2 the extension table no longer costs twice.
    ("ã€", "ucs2", 2, 1),
    ("ã" + "€" * 69, "ucs2", 70, 1),
    ("ã\r\n", "ucs2", 2, 1),
    ("😀", "ucs2", 2, 1),
    ("😀" * 35, "ucs2", 70, 1),
    ("😀" * 35 + "a", "ucs2", 71, 2),
    # 33 pairs are 66 units: the last unit of each part stays empty.
    ("😀" * 66, "ucs2", 132, 2),
    ("😀" * 67, "ucs2", 134, 3),
    ("ã" + "😀" * 66, "ucs2", 133, 2),
    ("ã" + "😀" * 66 + "a", "ucs2", 134, 2),
    ("ã" + "😀" * 66 + "aa", "ucs2", 135, 3),
    ("a" * 66 + "😀" + "a" * 66, "ucs2", 134, 3),
    ("a" * 65 + "😀" + "a" * 67, "ucs2", 134, 2),
    ("a" * 67 + "😀" + "a" * 65, "ucs2", 134, 2),
    ("👨‍👩‍👧", "ucs2", 8, 1),
    ("“aspas”", "ucs2", 7, 1),
    ("a – b", "ucs2", 5, 1),
    ("a\u0303", "ucs2", 2, 1),
    ("α", "ucs2", 1, 1),
    ("中" * 70, "ucs2", 70, 1),
    ("中" * 71, "ucs2", 71, 2),
    ("\ud83d", "ucs2", 1, 1),
    # Of the two cedillas GSM-7 has the capital one only.
    ("Ç" * 160, "gsm7", 160, 1),
    ("Ç" * 161, "gsm7", 161, 2),
    ("ç" * 160, "ucs2", 160, 3),
    ("AÇÕES", "ucs2", 5, 1),
    ("CRÉDITO", "gsm7", 7, 1),
    ("à" * 160, "gsm7", 160, 1),
    ("á" * 160, "ucs2", 160, 3),
    # What Word and web pages bring along.
    ("R$\u00a01.234,56", "ucs2", 11, 1),
    ("a" * 159 + "\u00a0", "ucs2", 160, 3),
    ("“" + "a" * 69, "ucs2", 70, 1),
    ("“" + "a" * 69 + "”", "ucs2", 71, 2),
    ("a" * 159 + "’", "ucs2", 160, 3),
    ("fim…", "ucs2", 4, 1),
    ("\u200b", "ucs2", 1, 1),
    ("\ufeffOla", "ucs2", 4, 1),
    ("\x1b", "ucs2", 1, 1),
    ("º", "ucs2", 1, 1),
    # Line ends count once each, whoever typed them, in parts too.
    ("a" * 158 + "\r\n\r\n", "gsm7", 160, 1),
    ("a" * 159 + "\r\n\r\n", "gsm7", 161, 2),
    ("a\r\n" * 80, "gsm7", 160, 1),
    ("ã" + "\r\n" * 69, "ucs2", 70, 1),
    ("ã" + "\r\n" * 70, "ucs2", 71, 2),
    # An escape pair and the border between the second part and the third.
    ("a" * 305 + "€" + "a" * 151, "gsm7", 458, 3),
    ("a" * 305 + "€" + "a" * 152, "gsm7", 459, 4),
    ("a" * 304 + "€" + "a" * 153, "gsm7", 459, 3),
    ("a" * 152 + "[" + "a" * 151 + "]" + "a" * 2, "gsm7", 309, 3),
    ("[" * 76 + "aa" + "]" * 76, "gsm7", 306, 2),
    # A pair of surrogates and the border between the second part and the third.
    ("ã" * 133 + "😀" + "ã" * 66, "ucs2", 201, 4),
    ("ã" * 133 + "😀" + "ã" * 65, "ucs2", 200, 3),
    ("ã" * 132 + "😀" + "ã" * 67, "ucs2", 201, 3),
    # A flag is two pairs, a family four joined: nothing keeps them together.
    ("🇧🇷", "ucs2", 4, 1),
    ("a" * 65 + "🇧🇷" + "a" * 2, "ucs2", 71, 2),
    ("a" * 66 + "🇧🇷" + "a" * 65, "ucs2", 135, 3),
    ("👍🏽", "ucs2", 4, 1),
    ("1️⃣", "ucs2", 3, 1),
]

# text, the same without what costs more
FOLDED = [
    ("", ""),
    (None, ""),
    ("Ola", "Ola"),
    ("Olá, João! Você não está só.", "Ola, Joao! Voce nao esta so."),
    ("ação", "acao"),
    ("AÇÃO", "AÇAO"),
    ("crédito", "crédito"),
    ("à è é ì ò ù ñ ö ü ä", "à è é ì ò ù ñ ö ü ä"),
    ("á â ã ê í ó ô õ ú ç", "a a a e i o o o u c"),
    ("Á Â Ã À Ê Í Ó Ô Õ Ú", "A A A A E I O O O U"),
    ("“aspas” ‘simples’ «duplas»", '"aspas" \'simples\' "duplas"'),
    ("a – b — c ‑ d − e", "a - b - c - d - e"),
    ("fim…", "fim..."),
    ("a\u00a0b\tc\u202fd", "a b c d"),
    ("zero\u200blargura\ufeff", "zerolargura"),
    ("1º, 2ª", "1o, 2a"),
    ("• item", "- item"),
    ("½", "1/2"),
    ("m²", "m2"),
    ("R$ 1.234,56 €", "R$ 1.234,56 €"),
    ("joa\u0303o", "joao"),
    ("e\u0301", "é"),
    ("x\u0303", "x"),
    ("´`", "''"),
    ("Łódź", "Lodz"),
    ("cœur", "coeur"),
    ("１２３", "123"),
    ("linha\r\noutra", "linha\noutra"),
    ("oferta 😀", "oferta 😀"),
    ("não 👨‍👩‍👧", "nao 👨‍👩‍👧"),
    ("中文", "中文"),
    ("Ωmega α", "Ωmega α"),
]


class TestMeasure(unittest.TestCase):
    def test_each_text_of_the_table_has_its_known_size(self):
        for text, encoding, units, count in TABLE:
            with self.subTest(text=(text or "")[:20], units=units):
                result = measure(text)
                self.assertEqual(
                    (result.encoding, result.units, result.segments),
                    (encoding, units, count),
                )

    def test_the_table_is_a_good_one(self):
        self.assertGreaterEqual(len(TABLE), 60)

    def test_the_basic_alphabet_has_127_characters_of_one_septet(self):
        self.assertEqual(len(set(GSM7_BASIC)), 127)  # the 128th is the escape
        for character in GSM7_BASIC:
            with self.subTest(character=character):
                self.assertEqual(measure(character)[:2], ("gsm7", 1))

    def test_each_character_of_the_extension_table_takes_two_septets(self):
        self.assertEqual(len(set(GSM7_EXTENSION)), 10)
        for character in GSM7_EXTENSION:
            with self.subTest(character=character):
                self.assertEqual(measure(character)[:2], ("gsm7", 2))

    def test_every_other_latin_character_makes_the_text_ucs2(self):
        known = set(GSM7_BASIC + GSM7_EXTENSION)
        for character in map(chr, range(0x20, 0x250)):
            if character not in known:
                with self.subTest(character=character):
                    self.assertEqual(measure(character).encoding, "ucs2")

    def test_characters_are_code_points_of_the_normalised_text(self):
        for text, expected in [("😀", 1), ("€", 1), ("a\r\nb", 3), ("a" * 200, 200)]:
            with self.subTest(text=text[:9]):
                self.assertEqual(measure(text).characters, expected)
        self.assertEqual(measure("€" * 100).characters, 100)

    def test_a_slow_reference_agrees_on_every_length_and_mixture(self):
        for alphabet in ("a", "€", "a€", "aa€", "ê", "😀", "ê😀", "ã😀a", "a[b"):
            for length in (1, 66, 67, 68, 69, 133, 134, 135, 160, 161, 305, 306, 463):
                text = (alphabet * length)[:length]
                with self.subTest(alphabet=alphabet, length=length):
                    self.assertEqual(measure(text).segments, _slowly(text))


class TestDropAccents(unittest.TestCase):
    def test_each_text_becomes_its_plain_form(self):
        for text, expected in FOLDED:
            with self.subTest(text=text):
                self.assertEqual(drop_accents(text), expected)

    def test_what_was_dropped_once_stays_as_it_is(self):
        for text, _expected in FOLDED:
            with self.subTest(text=text):
                once = drop_accents(text)
                self.assertEqual(drop_accents(once), once)

    def test_every_accented_latin_letter_becomes_gsm7(self):
        for character in map(chr, range(0xC0, 0x180)):
            if character.isalpha() and character not in "ÐðÞþĦħĸŁłŊŋŦŧſ×÷":
                with self.subTest(character=character):
                    self.assertEqual(measure(drop_accents(character)).encoding, "gsm7")

    def test_a_portuguese_offer_saves_segments(self):
        text = "Olá, João! Você não precisa de avalista: crédito já aprovado. " * 2
        self.assertEqual(measure(text)[::3], ("ucs2", 2))
        self.assertEqual(measure(drop_accents(text))[::3], ("gsm7", 1))

    def test_accents_go_only_where_that_saves_an_sms(self):
        cases = [
            ("Olá, você!", "Olá, você!"),  # one SMS either way
            ("ã" * 70, "ã" * 70),
            ("ã" * 71, "a" * 71),
            ("ã" + "a" * 160, "a" * 161),  # three become two
            ("é" * 200, "é" * 200),  # GSM-7 as it is
            ("não 😀" + "a" * 80, "não 😀" + "a" * 80),  # stays UCS-2, so why
            # A longer look-alike may cost more than it saves.
            ("½" * 70, "½" * 70),
            ("", ""),
            (None, ""),
        ]
        for text, expected in cases:
            with self.subTest(text=(text or "")[:12]):
                self.assertEqual(shorten(text), expected)

    def test_a_shortened_text_never_costs_more(self):
        for text, _encoding, _units, count in TABLE:
            with self.subTest(text=(text or "")[:20]):
                self.assertLessEqual(measure(shorten(text)).segments, count)

    def test_the_characters_that_make_a_text_ucs2_are_named_once(self):
        cases = [
            ("Olá, você não está só: “ç”", ["á", "ê", "ã", "ó", "“", "ç", "”"]),
            ("crédito à vista € ^", []),
            ("a\r\nb", []),
            ("😀😀", ["😀"]),
            (None, []),
        ]
        for text, expected in cases:
            with self.subTest(text=text):
                self.assertEqual(culprits(text), expected)

    def test_line_ends_become_one_character(self):
        for text in ("a\r\nb", "a\rb", "a\nb"):
            self.assertEqual(normalize_newlines(text), "a\nb")


def _slowly(text):
    """Count segments character by character, as the standard words it."""
    encoding = measure(text).encoding
    if encoding == "gsm7":
        sizes = [2 if c in GSM7_EXTENSION else 1 for c in text]
    else:
        sizes = [2 if ord(c) > 0xFFFF else 1 for c in text]
    if sum(sizes) <= segments.SINGLE[encoding]:
        return 1
    count, room = 1, segments.PART[encoding]
    for size in sizes:
        if size > room:
            count, room = count + 1, segments.PART[encoding]
        room -= size
    return count
