import io
import unittest
from datetime import date, datetime
from unittest.mock import patch

import openpyxl

from odoo.addons.sms_base_sr.tools import contact_file
from odoo.addons.sms_base_sr.tools.contact_file import FileProblem, open_file


def sheet_of(*rows):
    """The bytes of an XLSX with these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


class TestToolsContactFile(unittest.TestCase):
    """Lists of contacts as people have them."""

    def rows_of(self, data):
        return [cells for _line, cells in open_file(data).rows()]

    def problem(self, data):
        """The code of what is wrong with a file."""
        with self.assertRaises(FileProblem) as raised:
            list(open_file(data).rows())
        return raised.exception.code

    def test_encodings(self):
        text = "Nome;João"
        cases = {
            "utf-8": text.encode(),
            "utf-8-sig": text.encode("utf-8-sig"),
            "utf-16": text.encode("utf-16"),
            "cp1252": text.encode("cp1252"),
        }
        for encoding, data in cases.items():
            with self.subTest(encoding=encoding):
                self.assertEqual(open_file(data).encoding, encoding)
                self.assertEqual(self.rows_of(data), [["Nome", "João"]])

    def test_bytes_that_windows_does_not_know_stop_nothing(self):
        self.assertEqual(self.rows_of(b"Jo\xe3o;a\x81b"), [["João", "a\ufffdb"]])

    def test_delimiters(self):
        cases = [
            ("nome;fone\nAna;1,5\nBia;2,5", ";"),
            ("nome,fone\nAna,11", ","),
            ("nome\tfone\nAna\t11", "\t"),
            ("nome|fone\nAna|11", "|"),
            ("valor;nome\n1.234,56;Ana\n2.000,00;Bia", ";"),
            ('"Silva; Ana",11\n"Lima; Bia",12', ","),
            ("fone\n11912345678", ";"),
        ]
        for text, delimiter in cases:
            with self.subTest(text=text):
                self.assertEqual(contact_file.detect_delimiter(text), delimiter)

    def test_a_persons_own_choice_wins(self):
        chosen = open_file(b"a;b,c", delimiter=",", encoding="cp1252")
        self.assertEqual((chosen.delimiter, chosen.encoding), (",", "cp1252"))
        self.assertEqual(list(chosen.rows()), [(1, ["a;b", "c"])])

    def test_lines_are_those_that_a_person_counts(self):
        data = b'nome;obs\n\nAna;"duas\nlinhas"\n;\nBia;x'
        lines = [line for line, _cells in open_file(data).rows()]
        self.assertEqual(lines, [1, 3, 6])

    def test_a_spreadsheet_has_whole_numbers_and_dates_as_people_write_them(self):
        data = sheet_of(
            ["Nome", "Fone", "Valor", "Data", "Sim"],
            ["Ana", 11912345678.0, 1234.5, date(2025, 11, 21), True],
            [None, None],
            ["Bia", 1.1912345678e10, 2, datetime(2025, 11, 21, 9, 30), False],
        )
        self.assertEqual(
            list(open_file(data).rows())[1:],
            [
                (2, ["Ana", "11912345678", "1234.5", "21/11/2025", "1"]),
                (4, ["Bia", "11912345678", "2", "21/11/2025 09:30", "0"]),
            ],
        )

    def test_a_formula_without_a_result_is_empty_and_never_run(self):
        [row] = self.rows_of(sheet_of(["Ana", "=1+1", "x"]))
        self.assertEqual(row, ["Ana", "", "x"])

    def test_the_first_line_names_columns_or_is_a_contact(self):
        self.assertTrue(contact_file.has_header(["Nome", "Telefone 2"]))
        self.assertFalse(contact_file.has_header(["Ana", "(11) 91234-5678"]))

    def test_what_no_field_can_hold_is_taken_out(self):
        cases = [
            (" a\0b\xa0 ", "ab"),
            ("'=1+1", "=1+1"),
            ("'+55 11", "+55 11"),
            ("d'Ávila", "d'Ávila"),
            ("'Ana'", "'Ana'"),
            ("x" * 5000, "x" * 2000),
        ]
        for raw, expected in cases:
            with self.subTest(raw=raw[:10]):
                self.assertEqual(contact_file.clean(raw), expected)

    def test_limits_are_named(self):
        with patch.object(contact_file, "MAX_LINES", 2):
            self.assertEqual(len(self.rows_of(b"n;f\na;1\nb;2")), 3)
            self.assertEqual(self.problem(b"n;f\na;1\nb;2\nc;3"), "too_many_lines")
        with patch.object(contact_file, "MAX_BYTES", 10):
            self.assertEqual(self.problem(b"x" * 11), "too_large")
        with patch.object(contact_file, "MAX_UNPACKED", 10):
            self.assertEqual(self.problem(sheet_of(["Ana"])), "too_large")
        self.assertEqual(self.problem(b";".join([b"x"] * 101)), "too_wide")

    def test_what_is_no_table_is_named(self):
        cases = {
            b" \n ": "empty",
            b"%PDF-1.7": "not_a_table",
            b"\xd0\xcf\x11\xe0": "not_a_table",
            b"PK\x03\x04...": "not_a_table",
            b"\x89PNG\0\0": "not_a_table",
            b'a;"' + b"x" * 200_000 + b'"': "damaged",
        }
        for data, code in cases.items():
            with self.subTest(code=code, data=data[:8]):
                self.assertEqual(self.problem(data), code)
