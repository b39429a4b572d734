"""Attacks on the template language: escapes, bombs, loops, odd values."""

import tracemalloc
import unittest
from types import SimpleNamespace

from odoo.addons.sms_base_sr.tools import template_errors
from odoo.addons.sms_base_sr.tools.text_template import (
    TemplateError,
    TemplateSyntax,
    TooLong,
    compile_text,
)

from .template_attacks import REFUSED, STOPPED


class Record(SimpleNamespace):
    """What a recordset would be: reachable attributes, a database behind them."""

    def sudo(self):
        raise AssertionError("the database was reached")

    def __getitem__(self, key):
        raise AssertionError("the database was reached")

    def __str__(self):
        raise AssertionError("the record was printed")


VALUES = {
    "x": "abc",
    "n": 7,
    "long": "y" * 1900,
    "object": {"name": "Ana", "city": {"name": "Recife"}},
    "items": ["a", "b"],
    "many": ["a"] * 1000,
    "rows": [{"a": 1}],
    "record": Record(env="secret"),
    "nested": {"record": Record(env="secret"), "list": [Record(env="secret")]},
}


def doubling(step, times=40):
    """A text that would double its value again and again."""
    return "{% set a = 'ab' %}" + step * times + "{{ a }}"


class TestRefused(unittest.TestCase):
    def test_each_attack_is_refused_when_the_text_is_saved(self):
        self.assertGreaterEqual(len(set(REFUSED)), 170)
        for source in REFUSED:
            with self.subTest(source=source):
                with self.assertRaises(TemplateSyntax) as caught:
                    compile_text(source)
                self.assertTrue(caught.exception.detail)

    def test_each_attack_is_stopped_when_the_text_is_rendered(self):
        self.assertGreaterEqual(len(set(STOPPED)), 90)
        for source, name in STOPPED:
            error = getattr(template_errors, name)
            with self.subTest(source=source):
                template = compile_text(source)
                with self.assertRaises(error):
                    template.render(VALUES)

    def test_an_attack_hidden_in_any_construction_is_found(self):
        for attack in (
            "''.__class__",
            "object.items()",
            "lipsum()",
            "2 ** 99",
            "x|attr('a')",
        ):
            for around in (
                *("{{ A or 'x' }}", "{{ 'x' ~ A }}", "{{ x|default(A) }}", "{{ [A] }}"),
                *(
                    "{{ (A, 1) }}",
                    "{{ x if A else 1 }}",
                    "{{ A if x else 1 }}",
                    "{{ -(A) }}",
                ),
                *("{% if A %}{% endif %}", "{% if x %}{% elif A %}{% endif %}"),
                *("{% for i in A %}{% endfor %}", "{% set a = A %}", "{{ not A }}"),
                *("{{ x.split(A) }}", "{{ range(A) }}", "{{ x == A }}", "{{ (A)[0] }}"),
                *(
                    "{% for i in items %}{{ A }}{% else %}{% endfor %}",
                    "{{ (A)|upper }}",
                ),
                *(
                    "{% for i in items %}{% else %}{{ A }}{% endfor %}",
                    "{{ (A) is none }}",
                ),
                *("{{ x|truncate(9, end=A) }}", "{{ 1 < A }}", "{{ (A)['b'] }}"),
            ):
                source = around.replace("A", attack)
                with self.subTest(source=source), self.assertRaises(TemplateSyntax):
                    compile_text(source)


class TestBombs(unittest.TestCase):
    def test_doubling_ends_as_too_long(self):
        for step in (
            "{% set a = a ~ a %}",
            "{% set a = a + a %}",
            "{% set a = [a, a]|join(a) %}",
            "{% set a = a.replace('a', a) %}",
            "{% set a = a|replace('b', a) %}",
            "{% set a = '%s%s' % (a, a) %}",
            "{% set a = '%s%s'|format(a, a) %}",
        ):
            with self.subTest(step=step):
                template = compile_text(doubling(step))
                with self.assertRaises(TooLong):
                    template.render({})

    def test_a_replacement_is_measured_before_it_is_made(self):
        template = compile_text("{{ long.replace('', long) }}")
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        with self.assertRaises(TooLong):
            template.render(VALUES)
        self.assertLess(tracemalloc.get_traced_memory()[1], 10**6)

    def test_squaring_ends_as_too_long(self):
        source = "{% set a = 9 %}" + "{% set a = a * a %}" * 60 + "{{ a }}"
        with self.assertRaises(TooLong):
            compile_text(source).render({})

    def test_constants_are_bounded(self):
        for source in ("{{ " + "9" * 100 + " }}", "{{ 1e300 }}", "{% set a = 1e99 %}"):
            with self.subTest(source=source[:20]), self.assertRaises(TooLong):
                compile_text(source)
        with self.assertRaises(TemplateSyntax):
            compile_text("{{ " + "9" * 4900 + " }}")

    def test_deep_nesting_is_a_mistake_not_a_crash(self):
        for source in (
            "{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}",
            "{{ " + "not " * 1200 + "x }}",
            "{{ " + "-" * 4000 + "1 }}",
            "{{ " + "[" * 2000 + "]" * 2000 + " }}",
            "{{ x" + "|upper" * 800 + " }}",
            "{{ x" + " or x" * 900 + " }}",
            "{{ 1" + "+1" * 2000 + " }}",
            "{{ x" + ".upper()" * 600 + " }}",
            "{% if x %}" * 200 + "{% endif %}" * 200,
        ):
            with self.subTest(source=source[:20]), self.assertRaises(TemplateError):
                compile_text(source).render(VALUES)

    def test_a_source_has_a_largest_length(self):
        self.assertEqual(len(compile_text("a" * 2000).render({})), 2000)
        with self.assertRaises(TooLong) as caught:
            compile_text("a" * 5001)
        self.assertEqual(
            (caught.exception.what, caught.exception.limit), ("source", 5000)
        )

    def test_a_text_has_a_largest_length_that_can_be_chosen(self):
        template = compile_text("{{ x }}{{ x }}")
        self.assertEqual(template.render(VALUES, limit=6), "abcabc")
        with self.assertRaises(TooLong):
            template.render(VALUES, limit=5)
        with self.assertRaises(TooLong):
            compile_text("a" * 2001).render({})
        with self.assertRaises(TooLong):
            compile_text("{{ v }}").render({"v": "a" * 10**6})

    def test_a_text_has_a_largest_number_of_loops(self):
        loop = "{% for i in range(2) %}{{ i }}{% endfor %}"
        self.assertEqual(compile_text(loop * 10).render({}), "01" * 10)
        with self.assertRaises(TooLong):
            compile_text(loop * 11)
