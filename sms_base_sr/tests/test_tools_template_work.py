"""Every text ends within a fixed amount of work, and so do attacks by values."""

import unittest

from odoo.addons.sms_base_sr.tools import template_work, text_template
from odoo.addons.sms_base_sr.tools.planning import Page, Recipient
from odoo.addons.sms_base_sr.tools.template_check import attempt, check
from odoo.addons.sms_base_sr.tools.template_errors import (
    MissingValue,
    TemplateError,
    TooLong,
)
from odoo.addons.sms_base_sr.tools.text_template import compile_text

LOOP = "{% for i in range(100) %}"
END = "{% endfor %}"
LONG = {"long": "y" * 1900, "x": "abc", "n": 7}

# Texts within all other limits that would keep a worker busy.
BUSY = {
    "long replacements": LOOP + "{% set a = long.replace('y','z') %}" * 100 + END,
    "long searches": LOOP + "{% if long.split('z') %}{% endif %}" * 60 + END,
    "cutting and joining": LOOP + "{% set a = long[1:] ~ 'y' %}" * 60 + END,
    "many filters": (LOOP + "{% set a = long" + "|upper|lower" * 20 + " %}" + END) * 8,
    "many sums": (LOOP + "{% set a = n" + "+1" * 40 + " %}" + END) * 8,
    "many formats": (LOOP + "{% set a = '%s' % long %}" * 9 + END) * 10,
    "case and back": (LOOP + "{% set a = long.title().upper() %}" * 9 + END) * 10,
    "lists of lists": (LOOP + "{% set a = [long, long]|join %}" * 9 + END) * 10,
}
# A customer's data as an attack: it is printed as it is, or cleaned.
NAMES = {
    "{{ 7*7 }}": "{{ 7*7 }}",
    "{% for i in range(9) %}x{% endfor %}": "{% for i in range(9) %}x{% endfor %}",
    "{{ object.env.cr }}": "{{ object.env.cr }}",
    "{# comment #}": "{# comment #}",
    "%(x)s %s %n {0} {x.__class__}": "%(x)s %s %n {0} {x.__class__}",
    "${7*7} #{7*7} <%= 7*7 %>": "${7*7} #{7*7} <%= 7*7 %>",
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    "'; DROP TABLE sms_message; --": "'; DROP TABLE sms_message; --",
    "|CPF| |VI_RM|": "|CPF| |VI_RM|",
    "Ana\x00Bia": "AnaBia",
    "Ana\r\nBcc: x": "Ana\nBcc: x",
    "\x1b[2J\x07Ana\x08": "[2JAna",
    "\u202eanA\u202c": "anA",
    "\u2066Ana\u2069\u200f": "Ana",
    "A\u200bn\u2060a\ufeff": "Ana",
    "Ana \udc80": "Ana ",
    "Zoë Ñandú Ålesund 中文": "Zoë Ñandú Ålesund 中文",
    "a\u0301" * 50: "a\u0301" * 50,
}


class TestWork(unittest.TestCase):
    def test_busy_texts_end_at_the_limit_wherever_they_run(self):
        for name, source in BUSY.items():
            with self.subTest(name):
                template = compile_text(source)
                with self.assertRaises(TooLong) as caught:
                    template.render(LONG)
                self.assertEqual(caught.exception.what, "work")
                self.assertEqual(caught.exception.limit, template_work.WORK_LIMIT)

    def test_nothing_is_computed_while_a_text_is_compiled(self):
        """Jinja would compute what is constant before any limit is there."""
        source = "{{ 'y'" + "|upper" * 40 + " ~ (1 + 1) }}"
        self.assertEqual(compile_text(source).render({}), "Y2")
        self.assertEqual(self.work_of(source), 42)

    def test_usual_texts_use_a_tiny_part_of_it(self):
        source = (
            "Olá {{ name.split()[0]|capitalize }}, R$ {{ vi_rmi or '0,00' }}"
            "{% if n > 5 %} {{ n * 2 }}{% endif %}"
        )
        spent = self.work_of(source, name="ANA DA SILVA", vi_rmi="", n=7)
        self.assertLess(spent, template_work.WORK_LIMIT / 1000)

    def test_nesting_ends_at_the_same_depth_wherever_it_is_compiled(self):
        source = "{{ x" + "|upper" * 70 + " }}"

        def compile_deeper(frames):
            if frames:
                return compile_deeper(frames - 1)
            return text_template.TextTemplate(source)

        for frames in (0, 300):
            with self.subTest(frames), self.assertRaises(TemplateError) as caught:
                compile_deeper(frames)
            self.assertEqual(str(caught.exception), "line 1: too deeply nested")

    def test_each_rendering_begins_with_nothing_spent(self):
        template = compile_text(LOOP + "{{ x|upper|lower }}" * 3 + END)
        for _number in range(3):
            self.assertEqual(len(template.render(LONG)), 900)

    def test_the_counter_is_out_of_reach(self):
        for source in ("{{ :work }}", "{{ self[':work'] }}", "{{ work.spend }}"):
            with self.subTest(source), self.assertRaises(TemplateError):
                compile_text(source).render(LONG)

    def work_of(self, source, **values):
        """The operations that one rendering counts."""
        made = []

        class Counted(template_work.Work):
            def __init__(self):
                super().__init__()
                made.append(self)

        whole = text_template.Work
        text_template.Work = Counted
        self.addCleanup(setattr, text_template, "Work", whole)
        text_template.TextTemplate(source).render(values)
        text_template.Work = whole
        return made[0].spent


class TestHostileValues(unittest.TestCase):
    def test_a_customers_name_is_never_evaluated_nor_disguised(self):
        for name, expected in NAMES.items():
            with self.subTest(name=name):
                text = compile_text("Oi {{ name }}!").render({"name": name})
                self.assertEqual(text, f"Oi {expected}!".replace("\r\n", "\n"))

    def test_a_name_of_nothing_but_invisible_signs_is_missing(self):
        for name in ("\u200b", "\x00", "\u202e\u202c", "\ufeff \u2066"):
            with self.subTest(name=name), self.assertRaises(MissingValue):
                compile_text("Oi {{ name }}").render({"name": name})

    def test_such_a_contact_is_left_out_alone_or_texted_as_is(self):
        names = ["Ana", "y" * 10_000, "{{ 7*7 }}", "\u202eanA", "B\x00ia", "\u200b"]
        recipients = [
            Recipient(number, "x", f"+55119{number:08d}", {"name": name})
            for number, name in enumerate(names)
        ]
        page = Page(compile_text("Oi {{ name }}"), set(), {}, {})
        decisions = page.decide(recipients)
        self.assertEqual(
            [decision.text for decision in decisions],
            ["Oi Ana", None, "Oi {{ 7*7 }}", "Oi anA", "Oi Bia", None],
        )
        self.assertEqual(decisions[1].failure_type, "text_failed")
        self.assertIn("too long", decisions[1].detail)
        self.assertEqual(decisions[5].failure_type, "missing_value")


class TestCheck(unittest.TestCase):
    """What becomes of a text over many recipients."""

    def test_all_missing_values_are_named_at_once(self):
        template = compile_text("{{ a }} {{ b.c }} {{ d or '-' }} {{ a }}")
        outcome = attempt(template, {"a": "", "b": {"c": None}, "d": ""})
        self.assertEqual(outcome.missing, ["a", "b.c"])
        self.assertEqual(outcome.text, "[a] [b.c] - [a]")

    def test_a_missing_part_of_a_value_ends_the_search(self):
        outcome = attempt(compile_text("{{ a[9] }}"), {"a": "x"})
        self.assertEqual(outcome.missing, ["element 9"])

    def test_an_error_is_told(self):
        outcome = attempt(compile_text("{{ 1 // a }}"), {"a": 0})
        self.assertIn("cannot compute", str(outcome.error))

    def test_the_sample_adds_up(self):
        template = compile_text("{{ a }}{{ 1 // n }}{{ b or '' }}")
        rows = [
            ("one", {"a": "x", "n": 1, "b": ""}),
            ("two", {"a": "ã" * 100, "n": 1, "b": ""}),
            ("gap", {"a": "", "n": 1, "b": ""}),
            ("bad", {"a": "x", "n": 0, "b": ""}),
        ]
        sample = check(template, rows)
        self.assertEqual((sample.looked, sample.written), (4, 2))
        self.assertEqual(dict(sample.missing), {"a": 1})
        self.assertEqual(list(sample.errors.values()), [1])
        self.assertEqual(dict(sample.parts), {1: 1, 2: 1})
        self.assertEqual(sample.unicode, 1)
        self.assertEqual(sample.longest[0], "two")
        self.assertEqual(sample.total, 3)
