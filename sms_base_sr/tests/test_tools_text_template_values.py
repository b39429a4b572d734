"""Which values the template language takes, and what its errors tell of them."""

import unittest
from types import SimpleNamespace

from odoo.addons.sms_base_sr.tools.text_template import (
    MissingValue,
    RenderFailed,
    TemplateError,
    TemplateSyntax,
    compile_text,
)


class Record(SimpleNamespace):
    """What a recordset would be: reachable attributes, a database behind them."""

    def sudo(self):
        raise AssertionError("the database was reached")

    def __getitem__(self, key):
        raise AssertionError("the database was reached")

    def __str__(self):
        raise AssertionError("the record was printed")


class TestValues(unittest.TestCase):
    def test_only_plain_values_are_taken(self):
        for value in (
            object(),
            Record(),
            {1},
            b"x",
            len,
            type,
            SimpleNamespace(a=1),
            1j,
        ):
            with self.subTest(value=type(value).__name__):
                with self.assertRaises(RenderFailed) as caught:
                    compile_text("{{ v }}").render({"v": value})
                self.assertIn("v", str(caught.exception))

    def test_records_that_the_text_does_not_use_do_not_matter(self):
        values = {"x": "abc", "record": Record(), "nested": {"list": [Record()]}}
        self.assertEqual(compile_text("{{ x }}").render(values), "abc")

    def test_template_code_inside_a_value_is_text(self):
        for value in (
            "{{ 7 * 7 }}",
            "{% if %}",
            "{{ x.__class__ }}",
            "%s",
            "{0}",
            "#}",
        ):
            with self.subTest(value=value):
                self.assertEqual(compile_text("{{ v }}").render({"v": value}), value)

    def test_values_with_odd_keys_are_out_of_reach(self):
        values = {"object": {"__class__": "a", "_b": "c", 1: "d"}}
        for source in (
            "{{ object.__class__ }}",
            "{{ object._b }}",
            "{{ object['_b'] }}",
        ):
            with self.subTest(source=source), self.assertRaises(TemplateSyntax):
                compile_text(source).render(values)

    def test_names_of_a_dict_s_methods_may_be_keys(self):
        values = {"object": {"items": "three", "get": "", "name": "Ana"}}
        self.assertEqual(compile_text("{{ object.items }}").render(values), "three")
        with self.assertRaises(MissingValue):
            compile_text("{{ object.get }}").render(values)

    def test_errors_never_hold_the_values(self):
        for source in (
            *(
                "{{ v + 1 }}",
                "{{ v / 2 }}",
                "{{ v.nope }}",
                "{{ v ~ o }}",
                "{{ v|int }}",
            ),
            *("{{ v % 1 }}", "{{ ('%r' ~ v) % 1 }}", "{{ v|float }}", "{{ '%d' % v }}"),
            *("{{ [v] }}", "{{ v|round }}", "{{ v < 1 }}", "{{ range(v) }}"),
        ):
            with self.subTest(source=source):
                with self.assertRaises(TemplateError) as caught:
                    compile_text(source).render({"v": "PRIVATE", "o": ""})
                self.assertNotIn("PRIVATE", str(caught.exception))
                self.assertIsNone(caught.exception.__cause__)
