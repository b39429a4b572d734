import unittest
from datetime import datetime

from odoo.addons.sms_base_sr.tools import api_input
from odoo.addons.sms_base_sr.tools.api_input import BadInput


class TestApiInput(unittest.TestCase):
    """What programs hand in is read strictly, and refused by name."""

    def test_what_is_refused_names_the_argument(self):
        many = ["+5511912345678"] * 1001
        cases = [
            (api_input.reference, ("",), "reference"),
            (api_input.reference, ("with space",), "reference"),
            (api_input.reference, ("x" * 65,), "reference"),
            (api_input.reference, (7,), "reference"),
            (api_input.references, ("one",), "references"),
            (api_input.references, ([],), "references"),
            (api_input.references, (["a"] * 101,), "references"),
            (api_input.numbers, ([],), "numbers"),
            (api_input.numbers, ("+5511912345678",), "numbers"),
            (api_input.numbers, (many,), "numbers"),
            (api_input.numbers, (["+55", 5511912345678],), "numbers[1]"),
            (api_input.numbers, ([{"number": "+55"}],), "numbers[0]"),
            (api_input.numbers, ([{"phone": "1", "name": "Ana"}],), "numbers[0]"),
            (
                api_input.numbers,
                ([{"phone": "1", "values": {"a": []}}],),
                "numbers[0].values.a",
            ),
            (api_input.values, (["name"],), "values"),
            (api_input.values, ({"a": {"b": [1]}},), "values.a.b"),
            (api_input.text, (None, None), "text"),
            (api_input.text, ("Oi", "code"), "text"),
            (api_input.text, ("  ", None), "text"),
            (api_input.text, (5, None), "text"),
            (api_input.message_class, ("urgent", "service"), "message_class"),
            (api_input.moment, ("tomorrow", "start"), "start"),
            (api_input.moment, (5, "start"), "start"),
            (api_input.domain, ([],), "domain"),
            (api_input.domain, ("[('a', '=', 1)]",), "domain"),
            (api_input.domain, ([["a", "=", "x" * 10_000]],), "domain"),
        ]
        for read, arguments, field in cases:
            with self.subTest(read=read.__name__, arguments=str(arguments)[:60]):
                with self.assertRaises(BadInput) as caught:
                    read(*arguments)
                self.assertEqual(caught.exception.field, field)
                self.assertIn(
                    "give" if "only" not in str(caught.exception) else "",
                    str(caught.exception),
                )

    def test_numbers_come_as_texts_or_with_values(self):
        given = ["+5511912345678", {"phone": "11", "values": {"name": "Ana"}}]
        expected = [("+5511912345678", {}), ("11", {"name": "Ana"})]
        self.assertEqual(api_input.numbers(given), expected)

    def test_moments_are_utc_without_a_zone(self):
        noon = datetime(2026, 11, 30, 12)
        cases = {
            "2026-11-30T12:00:00Z": noon,
            "2026-11-30 12:00:00": noon,
            "2026-11-30T09:00:00-03:00": noon,
            "": None,
        }
        for given, expected in cases.items():
            with self.subTest(given):
                self.assertEqual(api_input.moment(given, "start"), expected)

    def test_the_digest_is_that_of_the_content(self):
        one = api_input.digest({"a": 1, "b": [2]}, "x")
        self.assertEqual(one, api_input.digest({"b": [2], "a": 1}, "x"))
        self.assertNotEqual(one, api_input.digest({"a": 1, "b": [3]}, "x"))
