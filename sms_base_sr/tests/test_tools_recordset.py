"""Rows that travel as JSON arrive as they were."""

import json
import unittest
from datetime import datetime

from odoo.addons.sms_base_sr.tools.recordset import Recordset

COLUMNS = Recordset(id="int", text="varchar", at="timestamp")


class TestRecordset(unittest.TestCase):
    def test_the_columns_are_named_with_their_types(self):
        self.assertEqual(
            COLUMNS.sql,
            "json_to_recordset(%(rows)s) AS v (id int, text varchar, at timestamp)",
        )

    def test_values_keep_their_kind_and_none_is_left_out(self):
        at = datetime(2026, 3, 10, 12, 0, 0)
        rows = [(1, 'Olá "você" \\ 😀\n', at), (2, None, None)]
        self.assertEqual(
            json.loads(COLUMNS.dump(rows)),
            [
                {"id": 1, "text": rows[0][1], "at": "2026-03-10 12:00:00"},
                {"id": 2},
            ],
        )

    def test_what_postgresql_cannot_store_is_replaced(self):
        cases = {
            "a\0b": "a\ufffdb",
            "half \ud83d": "half \ufffd",
            "written \\u0000": "written \\u0000",
            "\\u0000 and \0": "\\u0000 and \ufffd",
        }
        for text, kept in cases.items():
            with self.subTest(text=text):
                [row] = json.loads(COLUMNS.dump([(1, text, None)]))
                self.assertEqual(row["text"], kept)

    def test_a_row_of_another_length_is_refused(self):
        for row in ((1, "a"), (1, "a", None, "more")):
            with self.subTest(row=row), self.assertRaises(ValueError):
                COLUMNS.dump([row])
