"""Money, dates, tax numbers and names, as customers in Brazil read them."""

import unittest
from datetime import date, datetime
from decimal import Decimal

from odoo.addons.sms_base_sr.tools import template_formats
from odoo.addons.sms_base_sr.tools.template_errors import TemplateError
from odoo.addons.sms_base_sr.tools.template_variables import (
    Variable,
    dotted_names,
    examples,
    fill,
    merge,
)
from odoo.addons.sms_base_sr.tools.text_template import compile_text

WRITTEN = [
    ("money", 1234.5, "1.234,50"),
    ("money", 1234567.891, "1.234.567,89"),
    ("money", 0.5, "0,50"),
    ("money", -12.3, "-12,30"),
    ("money", Decimal("99.90"), "99,90"),
    ("money", "1.234,50", "1.234,50"),
    ("money", float("nan"), ""),
    ("money", float("inf"), ""),
    ("money", 0, ""),
    ("money", None, ""),
    ("money", False, ""),
    ("date", date(2026, 12, 1), "01/12/2026"),
    ("date", datetime(2026, 12, 1, 23, 59), "01/12/2026"),
    ("date", "2026-12-01", "01/12/2026"),
    ("date", "2026-12-01 10:00:00", "01/12/2026"),
    ("date", "01/12", "01/12"),
    ("date", False, ""),
    ("name", "  ANA \n DE\tSOUZA ", "ANA DE SOUZA"),
    ("name", "Ana\x00\x1b[31m", "Ana[31m"),
    ("name", "\u202eanA", "anA"),
    ("name", "A\u200bna\ufeff", "Ana"),
    ("name", "Ana \ud83d", "Ana"),
    ("name", "João 👨\u200d👩\u200d👧", "João 👨\u200d👩\u200d👧"),
    ("name", None, ""),
    ("first_name", "MARIA DE SOUZA", "Maria"),
    ("first_name", "", ""),
    ("number", 12, 12),
    ("number", "12\x00", "12"),
    ("number", None, ""),
    ("phone", "(11) 91234-5678", "(11) 91234-5678"),
    ("text", " two\nlines ", "two\nlines"),
    ("text", 7, "7"),
]
# A tax number, with its ends hidden, and whole.
TAX = [
    ("123.456.789-09", "***.456.789-**", "123.456.789-09"),
    ("12345678909", "***.456.789-**", "12345678909"),
    ("12.345.678/0001-95", "***", "12.345.678/0001-95"),
    ("1", "***", "1"),
    ("", "", ""),
    (None, "", ""),
]
FILTERED = [
    ("{{ v|reais }}", 1234.5, "R$ 1.234,50"),
    ("{{ v|reais }}", "1.234,50", "R$ 1.234,50"),
    ("{{ v|reais }}", "R$ 1,00", "R$ 1,00"),
    ("{{ (v or 0)|money }}", 1234.5, "1.234,50"),
    ("{{ (v * 2)|reais }}", 10, "R$ 20,00"),
    ("{{ v|date }}", date(2026, 1, 2), "02/01/2026"),
    ("{{ v|date }}", "2026-01-02", "02/01/2026"),
    ("{{ v|cpf }}", "12345678909", "123.456.789-09"),
    ("{{ v|cpf }}", "***.456.789-**", "***.456.789-**"),
    ("{{ v|first_name }}", "ANA DE SOUZA", "Ana"),
]


class TestFormats(unittest.TestCase):
    def test_each_kind_is_written_as_in_brazil(self):
        for kind, value, expected in WRITTEN:
            with self.subTest(kind=kind, value=value):
                self.assertEqual(template_formats.write(kind, value), expected)

    def test_every_kind_has_a_case(self):
        kinds = {kind for kind, _value, _expected in WRITTEN} | {"cpf"}
        self.assertEqual(kinds, set(template_formats.KINDS))

    def test_a_tax_number_is_hidden_unless_it_shall_be_whole(self):
        for value, hidden, whole in TAX:
            with self.subTest(value=value):
                self.assertEqual(template_formats.write("cpf", value), hidden)
                self.assertEqual(template_formats.write("cpf", value, True), whole)

    def test_filters_write_like_the_kinds(self):
        for source, value, expected in FILTERED:
            with self.subTest(source=source, value=value):
                text = compile_text(source).render({"v": value})
                self.assertEqual(text, expected)

    def test_a_filter_refuses_what_it_cannot_print(self):
        for name in ("money", "reais", "date", "cpf", "first_name"):
            template = compile_text("{{ v|%s }}" % name)
            with self.subTest(name), self.assertRaises(TemplateError):
                template.render({"v": [1]})


class TestVariables(unittest.TestCase):
    def test_a_variable_has_a_kind_that_is_known(self):
        with self.assertRaisesRegex(ValueError, "v: no kind colour"):
            Variable("v", "colour", "A colour", "red")

    def test_values_are_nested_and_written(self):
        declared = [
            Variable("name", "name", "", "ANA", "full"),
            Variable("object.name", "name", "", "ANA", "full"),
            Variable("object.due", "date", "", "2026-12-01", "due"),
            Variable("later", "money", "", 10),
        ]
        values = fill(declared, {"full": " Bia ", "due": date(2026, 1, 2)})
        expected = {"name": "Bia", "object": {"name": "Bia", "due": "02/01/2026"}}
        self.assertEqual(values, {**expected, "later": ""})
        shown = examples(declared)
        expected = {"name": "ANA", "object": {"name": "ANA", "due": "01/12/2026"}}
        self.assertEqual(shown, {**expected, "later": "10,00"})

    def test_merging_keeps_what_only_one_has(self):
        self.assertEqual(
            merge({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 4}, "e": 5}),
            {"a": {"b": 4, "c": 2}, "d": 3, "e": 5},
        )

    def test_nested_names_are_dotted(self):
        names = list(dotted_names({"a": {"b": {"c": 1}}, "d": 2}))
        self.assertEqual(names, ["a", "a.b", "a.b.c", "d"])
