"""Texts with variables: what they can do, what is missing, what is refused."""

import unittest
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from odoo.addons.sms_base_sr.tools.text_template import (
    MissingValue,
    RenderFailed,
    TemplateError,
    TemplateSyntax,
    TooLong,
    UndeclaredName,
    compile_text,
    translate_placeholders,
)

VALUES = {
    "name": "ANA DA SILVA",
    "cpf": "000.000.000-00",
    "vi_rmi": "1.234,56",
    "limit": 1500,
    "rate": 1.75,
    "price": Decimal("0.10"),
    "zero": 0,
    "day": date(2026, 11, 21),
    "object": {"name": "Ana", "phone": False, "city": {"name": "Recife"}},
    "user": {"name": "Bia", "company_id": {"phone": "11 4000-0000"}},
    "campaign": {"name": "Natal"},
    "empty": "",
    "none": None,
    "no": False,
    "blank": "  ",
    "nowhere": False,
    "items": ["a", "b", "c"],
    "rows": [{"due": "01/12", "amount": "10,00"}, {"due": "01/01", "amount": ""}],
    "safe": Markup("<b>&</b>"),
}
EMPTY = ("empty", "no", "blank", "object.phone", "nowhere.name.x")

RENDERED = [
    ("", ""),
    ("plain text", "plain text"),
    ("{{ name }}", "ANA DA SILVA"),
    ("Oi {{ object.name }}!", "Oi Ana!"),
    ("{{ object['name'] }}", "Ana"),
    ("{{ object.city.name }}", "Recife"),
    ("{{ object['city']['name'] }}", "Recife"),
    ("{{ object.city['name'] }}", "Recife"),
    ("{{ user.company_id.phone }}", "11 4000-0000"),
    ("{{ name.split()[0] }}", "ANA"),
    ("{{ name.split(' ')[0]|capitalize }}", "Ana"),
    ("{{ name.split()[-1].title() }}", "Silva"),
    ("{{ (name|title).replace('Da', 'da') }}", "Ana da Silva"),
    ("{{ name|replace('ANA', 'EVA') }}", "EVA DA SILVA"),
    ("{{ name|lower|upper|title }}", "Ana Da Silva"),
    ("{{ name[:3] }}{{ name[4] }}{{ name[-1] }}", "ANADA"),
    ("{{ name[::2] }}", "AAD IV"),
    ("{{ name|first }}{{ name|last }}", "AA"),
    ("{{ name|length }}", "12"),
    ("{{ name|truncate(8) }}", "ANA D..."),
    ("{{ name|truncate(8, '') }}", "ANA DA S"),
    ("{{ name|truncate(99) }}", "ANA DA SILVA"),
    ("{{ limit }} {{ rate }} {{ price }} {{ zero }}", "1500 1.75 0.10 0"),
    ("{{ day }}", "2026-11-21"),
    ("{{ limit + 1 }} {{ limit - 1 }} {{ limit * 2 }}", "1501 1499 3000"),
    (
        "{{ limit / 4 }} {{ limit // 7 }} {{ limit % 7 }} {{ -limit }}",
        "375.0 214 2 -1500",
    ),
    ("{{ 'R$ ' + vi_rmi }}", "R$ 1.234,56"),
    ("{{ 'R$ ' ~ vi_rmi ~ '/' ~ limit }}", "R$ 1.234,56/1500"),
    ("{{ '%.2f' % rate }} {{ '%05d' % limit }}", "1.75 01500"),
    (
        "{{ '%.2f'|format(rate) }} {{ '%s-%s'|format(name, limit) }}",
        "1.75 ANA DA SILVA-1500",
    ),
    ("{{ '%d%%' % limit }}", "1500%"),
    ("{{ '%s/%s' % (name, limit) }}", "ANA DA SILVA/1500"),
    ("{{ rate|round(1) }} {{ '12'|int + 1 }} {{ '1.5'|float }}", "1.8 13 1.5"),
    ("{{ (0 - 3)|abs }}", "3"),
    ("{% if limit > 1000 %}alto{% else %}baixo{% endif %}", "alto"),
    ("{% if limit < 9 %}a{% elif limit == 1500 %}b{% else %}c{% endif %}", "b"),
    ("{{ 'sim' if limit >= 1500 else 'nao' }}", "sim"),
    ("{{ 'sim' if limit < 0 }}", ""),
    ("{% if 'ANA' in name and not no %}x{% endif %}", "x"),
    ("{% if name.startswith('ANA') %}x{% endif %}", "x"),
    ("{% if limit in [1, 1500] %}x{% endif %}", "x"),
    ("{% if zero %}x{% else %}y{% endif %}", "y"),
    ("{% set first = name.split()[0] %}Oi {{ first }}, {{ first }}", "Oi ANA, ANA"),
    ("{% for i in range(3) %}{{ i }}{% endfor %}", "012"),
    ("{% for i in range(1, 7, 2) %}{{ i }}{% endfor %}", "135"),
    (
        "{% for x in items %}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}",
        "a, b, c",
    ),
    ("{% for x in items %}{{ loop.index }}{{ x }}{% endfor %}", "1a2b3c"),
    ("{% for x in name.split() %}{{ x[0] }}{% endfor %}", "ADS"),
    ("{% for x in empty %}x{% else %}nada{% endfor %}", "nada"),
    (
        "{% for r in rows %}{{ r.due }}={{ r.amount or '-' }};{% endfor %}",
        "01/12=10,00;01/01=-;",
    ),
    ("{{ items|join('+') }} {{ items|first }} {{ items|length }}", "a+b+c a 3"),
    ("{{ [name, limit]|join('/') }}", "ANA DA SILVA/1500"),
    ("{# comment #}x", "x"),
    ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
    ("a\r\nb\nc", "a\nb\nc"),
    ("{{ '{{' }}", "{{"),
    ("{{ safe ~ '<' }}", "<b>&</b><"),
    ("<b>{{ campaign.name }} & co</b>", "<b>Natal & co</b>"),
    ("{{ name if name is string }} {{ limit is number }}", "ANA DA SILVA True"),
]
# With an empty value that has a default, or is only asked about.
DEFAULTED = [
    ("{{ X or '0,00' }}", "0,00"),
    ("{{ X|default('y') }}", "y"),
    ("{{ X|d('y') }}", "y"),
    ("{{ X|default('y', true) }}", "y"),
    ("{{ X if X else 'y' }}", "y"),
    ("{{ 'x' if X }}", ""),
    ("{% if X %}{{ X }}{% else %}y{% endif %}", "y"),
    ("{% if not X %}y{% endif %}", "y"),
    ("{% if X is defined %}{{ X }}{% endif %}y", "y"),
    ("{% if X is none %}y{% endif %}", "y"),
    ("{% if X == '' %}y{% endif %}", "y"),
    ("{% if X == none %}y{% endif %}", "y"),
    ("{% if X == false %}y{% endif %}", "y"),
    ("{% if X != 'a' %}y{% endif %}", "y"),
    ("{{ X and 'x' or 'y' }}", "y"),
    ("{{ X|upper or 'y' }}", "y"),
    ("{{ X.split()[0] or 'y' }}", "y"),
    ("{{ X.split()[0]|title|default('y') }}", "y"),
    ("{{ X[:3] or 'y' }}", "y"),
    ("{{ ('R$ ' ~ X) or 'y' }}", "y"),
    ("{{ ('R$ ' + X) or 'y' }}", "y"),
    ("{{ (X * 2) or 'y' }}", "y"),
    ("{{ ('%s' % X) or 'y' }}", "y"),
    ("{{ ('%s'|format(X)) or 'y' }}", "y"),
    ("{% set v = X or 'y' %}{{ v }}", "y"),
    ("{% for c in X %}x{% endfor %}y", "y"),
    ("{{ X or empty or none or 'y' }}", "y"),
]
PRINTED = [
    *(
        "{{ X }}",
        "a {{ X }} b",
        "{{ X|upper }}",
        "{{ X|title|trim }}",
        "{{ X.upper() }}",
    ),
    *("{{ 'R$ ' ~ X }}", "{{ 'R$ ' + X }}", "{{ X + 1 }}", "{{ X * 2 }}", "{{ -X }}"),
    *("{{ '%s' % X }}", "{{ '%s'|format(X) }}", "{{ X.split()[0] }}", "{{ X[0] }}"),
    *(
        "{{ X[:2] }}",
        "{{ X|int }}",
        "{{ X|round(2) }}",
        "{{ X or X }}",
        "{{ X and 'a' }}",
    ),
    *("{% if X > 3 %}{% endif %}", "{% if 1 < X %}{% endif %}", "{{ X|length }}"),
    *(
        "{% set v = X %}{{ v }}",
        "{{ [X, 'a']|join }}",
        "{{ X if true }}",
        "{{ X|string }}",
    ),
    *("{{ name.replace('A', X) }}", "{{ name ~ (X or X) }}", "{{ X|default(X) }}"),
]


class TestRendering(unittest.TestCase):
    def test_each_template_gives_its_text(self):
        for source, expected in RENDERED:
            with self.subTest(source=source):
                self.assertEqual(compile_text(source).render(VALUES), expected)

    def test_no_source_is_an_empty_text(self):
        for source in (None, False, ""):
            self.assertEqual(compile_text(source).render({}), "")

    def test_a_text_is_compiled_once(self):
        self.assertIs(compile_text("{{ name }} once"), compile_text("{{ name }} once"))

    def test_rendering_leaves_no_trace_for_the_next_recipient(self):
        template = compile_text("{% set v = name %}{{ v }} {{ object.name }}")
        for name in ("Ana", "Bia", "Ana"):
            values = {"name": name, "object": {"name": name}}
            self.assertEqual(template.render(values), f"{name} {name}")

    def test_the_values_are_not_changed(self):
        before = repr(VALUES)
        for source, _expected in RENDERED:
            compile_text(source).render(VALUES)
        self.assertEqual(repr(VALUES), before)


class TestMissingValues(unittest.TestCase):
    def test_a_default_replaces_an_empty_value(self):
        for path in EMPTY:
            for source, expected in DEFAULTED:
                source = source.replace("X", path)
                with self.subTest(source=source):
                    self.assertEqual(compile_text(source).render(VALUES), expected)

    def test_an_empty_value_without_a_default_leaves_the_contact_out(self):
        for path in EMPTY:
            for source in PRINTED:
                source = source.replace("X", path)
                with self.subTest(source=source):
                    with self.assertRaises(MissingValue) as caught:
                        compile_text(source).render(VALUES)
                    self.assertEqual(caught.exception.name, path)
                    self.assertIn(path, str(caught.exception))

    def test_zero_is_a_value(self):
        for value in (0, 0.0, Decimal(0)):
            text = compile_text("{{ v }}").render({"v": value})
            self.assertEqual(text, str(value))

    def test_what_is_not_reached_is_not_missing(self):
        source = "{% if limit > 0 %}x{% else %}{{ empty }}{% endif %}"
        self.assertEqual(compile_text(source).render(VALUES), "x")

    def test_an_element_that_is_not_there_is_missing(self):
        for source in ("{{ name.split()[9] }}", "{{ items[3] }}", "{{ items[-4] }}"):
            with self.subTest(source=source), self.assertRaises(MissingValue):
                compile_text(source).render(VALUES)
        self.assertEqual(compile_text("{{ items[9] or 'y' }}").render(VALUES), "y")


class TestNames(unittest.TestCase):
    def test_the_names_of_a_template_are_found(self):
        for source, names in [
            ("text", set()),
            ("{{ name }} {{ name|upper }}", {"name"}),
            ("{{ object.name }}", {"object.name"}),
            ("{{ object['name'] }}", {"object.name"}),
            ("{{ user.company_id.phone }}", {"user.company_id.phone"}),
            ("{{ name.upper() }} {{ cpf[0] }} {{ cpf[:2] }}", {"name", "cpf"}),
            ("{{ object.name.split()[0] }}", {"object.name"}),
            ("{% if a %}{{ b or c }}{% else %}{{ d ~ e }}{% endif %}", set("abcde")),
            ("{{ a if b else c }}{{ d|default(e) }}", set("abcde")),
            (
                "{% for x in a %}{{ x }}{{ x.y }}{{ loop.index }}{{ b }}{% endfor %}",
                set("ab"),
            ),
            ("{% set x = a %}{{ x }}{{ x.y }}", {"a"}),
            ("{% for x in a %}{% endfor %}{{ x }}", {"a", "x"}),
            ("{{ loop }}", {"loop"}),
            ("{{ range }}", {"range"}),
            ("{{ object }}", {"object"}),
            ("{{ name.upper }}", {"name.upper"}),
            ("{{ object.items }}", {"object.items"}),
            ("{{ a in b }}{{ [c, (d, e)]|join }}", set("abcde")),
            ("{% raw %}{{ a }}{% endraw %}{# {{ b }} #}", set()),
        ]:
            with self.subTest(source=source):
                self.assertEqual(compile_text(source).names, names)

    def test_names_that_are_not_allowed_are_listed_in_order(self):
        template = compile_text("{{ z }}{{ object.sudo }}{{ name }}{{ object.name }}")
        self.assertEqual(
            template.missing({"name", "object.name"}), ["object.sudo", "z"]
        )
        self.assertEqual(
            template.missing(["name", "object.name", "object.sudo", "z"]), []
        )
        self.assertEqual(compile_text("x").missing([]), [])

    def test_allowing_an_object_does_not_allow_its_parts(self):
        self.assertEqual(
            compile_text("{{ object.x }}").missing(["object"]), ["object.x"]
        )

    def test_an_undeclared_name_is_an_error_when_rendered(self):
        for source, name in [
            ("{{ nope }}", "nope"),
            ("{{ object.nope }}", "object.nope"),
            ("{{ object.name.nope }}", "object.name.nope"),
            ("{{ object.items }}", "object.items"),
            ("{{ object.keys }}", "object.keys"),
            ("{{ nope or 'x' }}", "nope"),
            ("{{ nope ~ 'x' }}", "nope"),
            ("{{ nope + 1 }}", "nope"),
            ("{{ nope|upper }}", "nope"),
            ("{% if nope %}{% endif %}", "nope"),
            ("{% for x in nope %}{% endfor %}", "nope"),
            ("{% if nope == 1 %}{% endif %}", "nope"),
        ]:
            with self.subTest(source=source):
                with self.assertRaises(UndeclaredName) as caught:
                    compile_text(source).render(VALUES)
                self.assertEqual(caught.exception.names, (name,))

    def test_every_error_is_a_template_error(self):
        for kind in (
            MissingValue,
            UndeclaredName,
            TemplateSyntax,
            TooLong,
            RenderFailed,
        ):
            self.assertTrue(issubclass(kind, TemplateError))


class TestSyntax(unittest.TestCase):
    def test_mistakes_are_told_with_their_line(self):
        for source, line in [
            ("{{ name", 1),
            ("a\nb {% if x %}", 2),
            ("a\n\n{{ 1 + }}", 3),
            ("{% endif %}", 1),
            ("{% nonsense %}", 1),
            ("x\n{{ a b }}", 2),
            ("{{ 'unfinished }}", 1),
            ("a\n{{ x|nofilter }}", 2),
            ("a\n{{ x.nomethod() }}", 2),
        ]:
            with self.subTest(source=source):
                with self.assertRaises(TemplateSyntax) as caught:
                    compile_text(source)
                self.assertEqual(caught.exception.line, line)
                self.assertIn(f"line {line}", str(caught.exception))

    def test_what_cannot_be_computed_fails_clearly(self):
        for source in (
            *("{{ 1 / zero }}", "{{ name + 1 }}", "{{ name * 2 }}", "{{ name - 1 }}"),
            *("{{ object.city + 1 }}", "{{ object }}", "{{ items }}", "{{ none }}"),
            *("{{ name|int }}", "{{ name|round }}", "{{ name > 1 }}", "{{ -name }}"),
            *("{% for x in name %}{% endfor %}", "{% for x in limit %}{% endfor %}"),
            *(
                "{{ limit[0] }}",
                "{{ '%d' % name }}",
                "{{ '%s %s' % name }}",
                "{{ range(0.5) }}",
            ),
            *("{% for x in items %}{{ loop }}{% endfor %}", "{{ name.split(1) }}"),
            *("{{ rate|round(99) }}", "{{ name[::0] }}", "{{ range(1, 2, 0)|join }}"),
        ):
            with self.subTest(source=source):
                values = {**VALUES, "none": {}}
                with self.assertRaises(RenderFailed) as caught:
                    compile_text(source).render(values)
                self.assertTrue(str(caught.exception))


class TestPlaceholders(unittest.TestCase):
    def test_old_placeholders_become_variables(self):
        for text, expected in [
            ("Oi |NOME|!", "Oi {{ name }}!"),
            ("|nome| |Cpf| |vi_rm|", "{{ name }} {{ cpf }} {{ vi_rmi }}"),
            ("|NOME||CPF|", "{{ name }}{{ cpf }}"),
            ("| NOME |", "{{ name }}"),
            ("|VI_RMI|", "{{ vi_rmi }}"),
            ("|OUTRO| a|b NOME |", "|OUTRO| a|b NOME |"),
            ("50% & <b> {x} 'y'", "50% & <b> {x} 'y'"),
            ("{{ name }}", "{{ name }}"),
            ("", ""),
            (None, ""),
        ]:
            with self.subTest(text=text):
                self.assertEqual(translate_placeholders(text), expected)

    def test_a_translated_text_renders(self):
        source = translate_placeholders("Oi |NOME|, margem |VI_RM|, CPF |CPF|")
        self.assertEqual(
            compile_text(source).render(VALUES),
            "Oi ANA DA SILVA, margem 1.234,56, CPF 000.000.000-00",
        )
        self.assertEqual(compile_text(source).missing(["name", "cpf", "vi_rmi"]), [])
