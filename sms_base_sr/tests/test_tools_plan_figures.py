"""What a plan comes to: both sizes of each text, and figures that add up."""

import unittest

from odoo.addons.sms_base_sr.tools import plan_figures, planning, text_template


def decide(text, *values, drop_accents=False):
    """Decide for contacts with these values, as the planner does."""
    page = planning.Page(
        text_template.compile_text(text),
        taken=set(),
        suppressed={},
        common={},
        drop_accents=drop_accents,
    )
    recipients = [
        planning.Recipient(n, f"+55119{n:08d}", f"+55119{n:08d}", each)
        for n, each in enumerate(values, start=1)
    ]
    return page.decide(recipients)


class TestPlanFigures(unittest.TestCase):
    def test_each_text_is_measured_with_and_without_accents(self):
        cases = [
            # name, segments with accents, without, whether sent as Unicode
            ("Ana", 1, 1, False),
            ("João", 1, 1, True),
            ("João" + "x" * 70, 2, 1, True),
            ("João" + "x" * 160, 3, 2, True),
            ("José" + "é" * 160, 2, 2, False),
            ("😀" * 71, 3, 3, True),
        ]
        for name, accented, plain, unicode in cases:
            with self.subTest(name=name[:8]):
                [kept] = decide("{{ name }}", {"name": name})
                self.assertEqual((kept.accented, kept.plain), (accented, plain))
                self.assertEqual((kept.segments, kept.unicode), (accented, unicode))
                self.assertEqual(kept.text, name)

    def test_accents_are_dropped_only_in_the_texts_that_become_cheaper(self):
        names = [{"name": "João"}, {"name": "João" + "x" * 70}]
        short, long = decide("{{ name }}", *names, drop_accents=True)
        self.assertEqual((short.text, short.segments), ("João", 1))
        self.assertEqual((long.text, long.segments), ("Joao" + "x" * 70, 1))
        self.assertFalse(long.unicode)
        self.assertEqual((long.accented, long.plain), (2, 1))

    def test_a_page_adds_up_those_that_are_sent_and_names_what_is_missing(self):
        decisions = decide(
            "{{ name }} {{ cpf }}",
            {"name": "Ana", "cpf": "1"},
            {"name": "ã" * 80, "cpf": "1"},
            {"name": "Bia", "cpf": ""},
            {"name": "Eva", "cpf": None},
            {"name": "", "cpf": "1"},
        )
        self.assertEqual(
            plan_figures.of_page(decisions),
            {
                "accented": 3,
                "plain": 2,
                "unicode": 1,
                "parts": {"1": 1, "2": 1},
                "missing": {"cpf": 2, "name": 1},
            },
        )

    def test_pages_add_up(self):
        first = {"accented": 3, "parts": {"1": 3}, "missing": {"cpf": 1}}
        second = {"accented": 4, "parts": {"1": 2, "2": 1}, "missing": {}}
        total = {"accented": 7, "parts": {"1": 5, "2": 1}, "missing": {"cpf": 1}}
        self.assertEqual(plan_figures.add(None, first), first)
        self.assertEqual(plan_figures.add(first, second), total)
        self.assertEqual(plan_figures.add(second, first), total)
