"""A report on one person tells of no other, and loses nothing of that person's."""

import json
import unittest

from odoo.addons.sms_base_sr.tools.own_part import own_part

ANA, BIA = "11987650001", "11987650002"
WORDS = [ANA, "(11) 98765-0001", "Ana Moreira", "ref-a"]


class TestOwnPart(unittest.TestCase):
    def test_others_go_and_the_frame_stays(self):
        cases = {
            "reports of a batch": (
                {"id": "x", "messages": [{"reference": "ref-a"}, {"reference": "b"}]},
                {"id": "x", "messages": [{"reference": "ref-a"}]},
            ),
            "replies of several": (
                [{"phone": ANA, "text": "Sim"}, {"phone": BIA, "text": "Não"}],
                [{"phone": ANA, "text": "Sim"}],
            ),
            "first lines of a file": (
                [["Ana", "(11) 98765-0001", "SP"], ["Bia", "(11) 98765-0002", "RJ"]],
                [["Ana", "(11) 98765-0001", "SP"]],
            ),
            "a list of numbers": (
                [["phone", "in", [ANA, BIA, "11987650003"]], ["active", "=", True]],
                [["phone", "in", [ANA]]],
            ),
            "one's own row keeps all cells": (["Ana", ANA], ["Ana", ANA]),
            "a single report": ({"reply": {"text": "Sim"}}, {"reply": {"text": "Sim"}}),
            "nobody of them": ([{"phone": BIA}, {"phone": "1"}], []),
            "nothing": (None, None),
        }
        for name, (value, expected) in cases.items():
            with self.subTest(name):
                self.assertEqual(own_part(value, WORDS), expected)

    def test_texts_of_json_are_read(self):
        raw = json.dumps({"replies": [{"name": "José", "n": ANA}, {"n": BIA}]})
        found = own_part(raw, WORDS)
        self.assertEqual(json.loads(found)["replies"], [{"name": "José", "n": ANA}])

    def test_names_with_accents_are_found_in_json(self):
        value = [{"name": "Zoé Conceição"}, {"name": "Bia"}]
        self.assertEqual(own_part(value, ["Zoé Conceição"]), value[:1])

    def test_of_plain_text_the_parts_with_the_person_stay(self):
        cases = {
            f"{ANA}, {BIA}": ANA,
            f"Sent to {ANA}": f"Sent to {ANA}",
            "no list": "no list",
            f"first {BIA}\nthen Ana Moreira": "then Ana Moreira",
            "12": "12",
        }
        for text, expected in cases.items():
            with self.subTest(text):
                self.assertEqual(own_part(text, WORDS), expected)
