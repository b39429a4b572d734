"""Attacks on the template language: escapes, bombs, loops, odd values."""

import tracemalloc
import unittest
from types import SimpleNamespace

from odoo.addons.sms_base_sr.tools.text_template import (
    RenderFailed,
    TemplateError,
    TemplateSyntax,
    TooLong,
    UndeclaredName,
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

# Refused when compiled: no such text can be saved.
REFUSED = [
    *("{{ ''.__class__ }}", "{{ x.__class__.__mro__ }}", "{{ x['__class__'] }}"),
    *("{{ ().__class__.__base__.__subclasses__() }}", "{{ [].__class__ }}"),
    *("{{ x|attr('__class__') }}", "{{ x|map(attribute='__class__')|list }}"),
    *(
        "{{ object._x }}",
        "{{ _x }}",
        "{{ a__b }}",
        "{{ object.a__b }}",
        "{{ object['_x'] }}",
    ),
    *("{{ self }}", "{{ self._TemplateReference__context }}", "{{ self.__init__ }}"),
    *("{{ cycler.__init__.__globals__.os.popen('id') }}", "{{ cycler('a') }}"),
    *("{{ joiner() }}", "{{ namespace(a=1) }}", "{{ lipsum() }}", "{{ dict(a=1) }}"),
    *(
        "{{ lipsum.__globals__ }}",
        "{{ get_flashed_messages() }}",
        "{{ x() }}",
        "{{ x()() }}",
    ),
    *("{{ object.items() }}", "{{ object.keys() }}", "{{ object.get('name') }}"),
    *(
        "{{ object.clear() }}",
        "{{ object.update({'a': 1}) }}",
        "{{ object.sudo().env.cr }}",
    ),
    *("{{ items.append(1) }}", "{{ items.pop() }}", "{{ items.sort() }}"),
    *("{{ '{0.__class__}'.format(x) }}", "{{ '{0}'.format_map(object) }}"),
    *(
        "{{ x.format() }}",
        "{{ x.encode() }}",
        "{{ x.join(items) }}",
        "{{ x.zfill(9) }}",
    ),
    *(
        "{{ x.center(9) }}",
        "{{ x.ljust(9) }}",
        "{{ x.expandtabs(9) }}",
        "{{ x.translate({}) }}",
    ),
    *("{{ x.split(*items) }}", "{{ x.split(**object) }}", "{{ x.split(sep='a') }}"),
    *(
        "{{ range(*items) }}",
        "{{ range() }}",
        "{{ (x.upper)() }}".replace("upper", "casefold"),
    ),
    *(
        "{{ 2 ** 9 }}",
        "{{ x ** 2 }}",
        "{{ {'a': 1} }}",
        "{{ object[x] }}",
        "{{ items[n] }}",
    ),
    *(
        "{{ items[1.0] }}",
        "{{ items[true] }}",
        "{{ x[n:] }}",
        "{{ x[:n] }}",
        "{{ x[none] }}",
    ),
    *(
        "{{ x|center(9) }}",
        "{{ x|indent(9) }}",
        "{{ x|wordwrap(9) }}",
        "{{ x|pprint }}",
    ),
    *(
        "{{ x|list }}",
        "{{ x|batch(2) }}",
        "{{ x|slice(2) }}",
        "{{ x|xmlattr }}",
        "{{ x|safe }}",
    ),
    *("{{ x|tojson }}", "{{ x|urlize }}", "{{ x|filesizeformat }}", "{{ x|random }}"),
    *("{{ items|map('upper') }}", "{{ items|select }}", "{{ items|groupby('a') }}"),
    *(
        "{{ items|sum }}",
        "{{ items|sort }}",
        "{{ items|reverse }}",
        "{{ x|upper(*items) }}",
    ),
    *(
        "{{ x is callable }}",
        "{{ x is filter }}",
        "{{ x is divisibleby(0) }}",
        "{{ x is in x }}",
    ),
    *(
        "{{ x|:concat }}",
        "{{ x|.upper }}",
        "{{ x is sameas(x) }}",
        "{{ x is mapping }}",
    ),
    *("{% import 'a' as b %}", "{% from 'a' import b %}", "{% include 'a' %}"),
    *(
        "{% extends 'a' %}",
        "{% block a %}{% endblock %}",
        "{% macro a() %}{% endmacro %}",
    ),
    *("{% call x() %}{% endcall %}", "{% filter upper %}{% endfilter %}", "{% do x %}"),
    *("{% with a = 1 %}{% endwith %}", "{% autoescape true %}{% endautoescape %}"),
    *("{% set a %}b{% endset %}", "{% set a, b = 1, 2 %}", "{% set a.b = 1 %}"),
    *("{% set _a = 1 %}", "{% set a__b = 1 %}", "{% set ns = namespace() %}"),
    *("{% for a, b in rows %}{% endfor %}", "{% for a in items if a %}{% endfor %}"),
    *("{% for a in items recursive %}{{ loop(items) }}{% endfor %}", "{% break %}"),
    *(
        "{% for a in items %}{% for b in items %}{% endfor %}{% endfor %}",
        "{% debug %}",
    ),
    *("{% for a in x %}{% if a %}{% for b in x %}{% endfor %}{% endif %}{% endfor %}",),
    *(
        "{% for a in items %}{{ loop.cycle('a') }}{% endfor %}",
        "{% trans %}{% endtrans %}",
    ),
    *(
        "{% for loop in items %}{{ loop.index }}{% endfor %}",
        "{% for _ in items %}{% endfor %}",
    ),
]
# Compiled, but stopped by a limit, or undeclared, when rendered.
STOPPED = [
    ("{{ range(1000000000)|join }}", TooLong),
    ("{% for i in range(101) %}{% endfor %}", TooLong),
    ("{% for i in range(0, -101, -1) %}{% endfor %}", TooLong),
    ("{% for i in many %}{% endfor %}", TooLong),
    ("{{ many|join }}", TooLong),
    ("{{ x * 1000000000 }}", RenderFailed),
    ("{{ 1000000000 * x }}", RenderFailed),
    ("{{ [x] * 1000000000 }}", RenderFailed),
    ("{{ (1, 2) * 1000000000 }}", RenderFailed),
    ("{{ items + items }}", RenderFailed),
    ("{{ '%1000000000d' % 1 }}", RenderFailed),
    ("{{ '%*d' % (1000000000, 1) }}", RenderFailed),
    ("{{ '%.1000000000f' % 1 }}", RenderFailed),
    ("{{ '%999999999s'|format(x) }}", RenderFailed),
    ("{{ '%(a)s' % object }}", RenderFailed),
    ("{{ '%r' % x }}", RenderFailed),
    ("{{ '%s' % object }}", RenderFailed),
    ("{{ '%c' % 1114111 }}", RenderFailed),
    ("{{ 1|round(1000000000) }}", RenderFailed),
    ("{{ 1|round(-1000000000) }}", RenderFailed),
    ("{{ long ~ long }}", TooLong),
    ("{{ long + long + long }}", TooLong),
    ("{{ long }}{{ long }}", TooLong),
    ("{{ long.replace('', long) }}", TooLong),
    ("{{ long|replace('y', long) }}", TooLong),
    ("{{ '%s%s%s'|format(long, long, long) }}", TooLong),
    ("{{ [long, long, long]|join(long) }}", TooLong),
    ("{% for i in range(100) %}{{ long }}{% endfor %}", TooLong),
    ("{{ 999999999 * 999999999 }}", TooLong),
    ("{{ '1e400'|float }}", TooLong),
    ("{{ '9'|int * 999999999999999 }}", TooLong),
    ("{{ long.split('') }}", RenderFailed),
    ("{{ (long ~ 'z').replace('y', 'y ').split() }}", TooLong),
    ("{{ object.items }}", UndeclaredName),
    ("{{ object.keys }}", UndeclaredName),
    ("{{ object.values }}", UndeclaredName),
    ("{{ object.city.get }}", UndeclaredName),
    ("{{ x.upper }}", UndeclaredName),
    ("{{ items.append }}", UndeclaredName),
    ("{{ x.format }}", UndeclaredName),
    ("{% for r in rows %}{{ r.items }}{% endfor %}", UndeclaredName),
    ("{% for r in items %}{{ r.upper }}{% endfor %}", UndeclaredName),
    ("{% for r in rows %}{{ r }}{% endfor %}", RenderFailed),
    ("{% for r in items %}{{ loop }}{% endfor %}", RenderFailed),
    ("{% for r in items %}{{ loop.nextitem }}{% endfor %}", UndeclaredName),
    ("{% for r in items %}{{ loop.cycle }}{% endfor %}", UndeclaredName),
    ("{% set o = object %}{{ o.items }}", UndeclaredName),
    ("{% set o = object %}{{ o }}", RenderFailed),
    ("{{ loop }}", UndeclaredName),
    ("{{ caller }}", UndeclaredName),
    ("{{ varargs }}", UndeclaredName),
    ("{{ kwargs }}", UndeclaredName),
    ("{{ super }}", UndeclaredName),
    ("{{ request }}", UndeclaredName),
    ("{{ config }}", UndeclaredName),
    ("{{ range }}", UndeclaredName),
    ("{{ dict }}", UndeclaredName),
    ("{{ lipsum }}", UndeclaredName),
    ("{{ cycler }}", UndeclaredName),
    ("{{ context }}", UndeclaredName),
    ("{{ environment }}", UndeclaredName),
    ("{{ resolve }}", UndeclaredName),
    ("{{ record }}", RenderFailed),
    ("{{ record.env }}", UndeclaredName),
    ("{{ record.sudo }}", UndeclaredName),
    ("{% if record %}{% endif %}", RenderFailed),
    ("{{ nested.record }}", RenderFailed),
    ("{{ nested.record.env }}", UndeclaredName),
    ("{% for r in nested.list %}{{ r.env }}{% endfor %}", RenderFailed),
    ("{{ nested.list[0] }}", RenderFailed),
    ("{{ nested.list|first }}", RenderFailed),
    ("{{ nested.list|join }}", RenderFailed),
    (
        "{% set l = nested.list[:1] %}{% for r in l %}{{ r.env }}{% endfor %}",
        RenderFailed,
    ),
    ("{% set d = nested %}{{ d.record }}", RenderFailed),
]


def doubling(step, times=40):
    """A text that would double its value again and again."""
    return "{% set a = 'ab' %}" + step * times + "{{ a }}"


class TestRefused(unittest.TestCase):
    def test_each_attack_is_refused_when_the_text_is_saved(self):
        self.assertGreaterEqual(len(REFUSED), 40)
        for source in REFUSED:
            with self.subTest(source=source):
                with self.assertRaises(TemplateSyntax) as caught:
                    compile_text(source)
                self.assertTrue(caught.exception.detail)

    def test_each_attack_is_stopped_when_the_text_is_rendered(self):
        for source, error in STOPPED:
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
