import unittest

from odoo.addons.sms_base_sr.tools import contact_values
from odoo.addons.sms_base_sr.tools.contact_values import CellProblem, Target


class TestToolsContactValues(unittest.TestCase):
    """From cells to values."""

    def check(self, kind, good, bad=()):
        for text, expected in good:
            with self.subTest(kind=kind, text=text):
                self.assertEqual(contact_values.convert(text, kind), expected)
        for text, code in bad:
            with (
                self.subTest(kind=kind, text=text),
                self.assertRaises(CellProblem) as raised,
            ):
                contact_values.convert(text, kind)
            if raised.exception:
                self.assertEqual(raised.exception.code, code)

    def test_phones(self):
        self.check(
            "phone",
            [
                ("(11) 91234-5678", "(11) 91234-5678"),
                ("11912345678.0", "11912345678"),
                ("11912345678,00", "11912345678"),
                ("1.1912345678E+10", "11912345678"),
                ("5,511912345678e+12", "5511912345678"),
                ("", False),
            ],
            [
                ("1,19E+10", "shortened"),
                ("1.19123E+10", "shortened"),
                ("5,51191E+12", "shortened"),
                ("1E+10", "shortened"),
                ("#N/A", "formula"),
            ],
        )

    def test_cpf(self):
        self.check(
            "cpf",
            [
                ("123.456.789-09", "12345678909"),
                ("1234567", "00001234567"),
                ("12345678909.0", "12345678909"),
            ],
            [("123456789012", "cpf"), ("abc", "cpf"), ("1,2E+10", "shortened")],
        )

    def test_money(self):
        self.check(
            "money",
            [
                ("1.234,56", 1234.56),
                ("1,234.56", 1234.56),
                ("R$ 1.234,56", 1234.56),
                ("1234,5", 1234.5),
                ("1234.5", 1234.5),
                ("1.500", 1500.0),
                ("1.234.567", 1234567.0),
                ("-10,00", -10.0),
                ("0", 0.0),
                ("", False),
            ],
            [("muito", "money"), ("NaN", "money"), ("1e400", "money")],
        )

    def test_booleans_and_states(self):
        self.check(
            "boolean",
            [("Sim", True), ("S", True), ("x", True), ("1", True), ("VERDADEIRO", True)]
            + [("Não", False), ("NAO", False), ("0", False), ("", False), ("-", False)],
            [("talvez", "boolean"), ("2", "boolean")],
        )
        self.check("state", [("sp", "SP")], [("São Paulo", "state"), ("XX", "state")])

    def test_columns_are_guessed_by_name_and_by_their_cells(self):
        targets = [
            Target("name", "Name", words=("nome", "cliente")),
            Target("phone", "Phone", kind="phone", words=("telefone", "celular")),
            Target("updated", "Updated", kind="boolean", words=("limite",)),
            Target("amount", "Amount", kind="money", words=("limite", "valor")),
        ]
        mobile = "11912345678"
        cases = [
            (["NOME", "Telefone"], [["Ana", mobile]], ["name", "phone"]),
            (["Nome do cliente", "Tel. Celular"], [["A", mobile]], ["name", "phone"]),
            (["Limite"], [["1.500,00"]], ["amount"]),
            (["Limite"], [["Sim"], [""]], ["updated"]),
            (["Telefone"], [["nenhum"]], ["phone"]),
            (["Código do telefone"], [["7"]], [False]),
            (["Celular", "Telefone"], [[mobile, mobile]], ["phone", False]),
            (["Nome da mãe", "Nome"], [["B", "A"]], [False, "name"]),
            (["x", ""], [], [False, False]),
        ]
        for names, samples, expected in cases:
            with self.subTest(names=names):
                found = contact_values.guess(names, samples, targets)
                self.assertEqual(found, expected)

    def test_no_cell_of_a_report_is_a_formula(self):
        cases = [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+5511", "'+5511"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("Ana = 1", "Ana = 1"),
            (None, ""),
            (7, "7"),
        ]
        for raw, expected in cases:
            with self.subTest(raw=raw):
                self.assertEqual(contact_values.harmless(raw), expected)
