import io
from datetime import date
from unittest.mock import patch

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import Form

from .import_case import ImportCase

NOT_WELCOME = "Bia is not welcome."


class TestImport(ImportCase):
    """Lists of contacts from files: what becomes a contact, and what is refused."""

    # -- the good case -----------------------------------------------------------------

    def test_a_list_becomes_contacts(self):
        record = self.imported(
            self.lines(
                "Ana Exemplo;123.456.789-09;(11) 91234-5678;Sim;1.234,56",
                "João;1234567;11 91234-5679;não;R$ 2000",
            )
        )
        self.assertEqual(
            (record.state, record.line_count, record.imported_count), ("done", 2, 2)
        )
        ana, joao = self.contacts()
        self.assertEqual(
            (ana.name, ana.cpf, ana.sms_phone, ana.updated_limit, ana.vi_rmi),
            ("Ana Exemplo", "12345678909", "+5511912345678", True, 1234.56),
        )
        self.assertEqual((joao.cpf, joao.updated_limit), ("00001234567", False))
        self.assertEqual(record.progress, 100.0)

    def test_imported_contacts_are_texted(self):
        self.imported(self.lines("Ana;;11 91234-5678;sim;10"))
        self.send_campaign()
        self.assertEqual(self.messages().state, "sent")

    def test_columns_are_guessed_from_their_names(self):
        record = self.new_import(
            "Cód;CELULAR;Nome Completo;Limite;UF;Margem Disponível\n"
            "7;11912345678;Ana;1.500,00;SP;12"
        )
        self.assertEqual(
            record.column_ids.mapped("target"),
            [False, "telefone1", "name", "vi_rmi", "uf", "margemDisponivel"],
        )
        record = self.new_import("Limite;Nome;Fone\nSim;Ana;11912345678")
        self.assertEqual(
            record.column_ids.mapped("target"), ["updated_limit", "name", "telefone1"]
        )

    def test_encodings_and_separators(self):
        text = "Nome,Telefone\nJoão Conceição,11 91234-5678\n"
        cases = [
            (text.encode("utf-8"), "utf-8", ","),
            (text.encode("utf-8-sig"), "utf-8-sig", ","),
            (text.replace(",", ";").encode("cp1252"), "cp1252", ";"),
            (text.replace(",", "\t").encode("utf-16"), "utf-16", "\t"),
        ]
        for data, encoding, delimiter in cases:
            with self.subTest(encoding=encoding):
                self.contacts().unlink()
                record = self.imported(data)
                self.assertEqual(
                    (record.encoding, record.delimiter), (encoding, delimiter)
                )
                self.assertEqual(self.contacts().name, "João Conceição")

    def test_a_file_without_a_header(self):
        record = self.new_import("Ana;11912345678\nBia;11912345679")
        self.assertFalse(record.has_header)
        self.assertIn("choose the column", record.preview)
        for column, target in zip(
            record.column_ids, ("name", "telefone1"), strict=True
        ):
            column.target = target
        record.action_import()
        self.run_jobs("_run_import")
        self.assertEqual(self.contacts().mapped("name"), ["Ana", "Bia"])

    def test_a_spreadsheet(self):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["Nome", "Telefone", "Valor", "Margem"])
        sheet.append(["Ana", 11912345678.0, 1234.5, date(2025, 11, 21)])
        sheet.append(["Bia", "+55 11 91234-5679", "2.000,00", None])
        sheet.append([])
        sheet.append(["Caio", "#N/A", 1, None])
        buffer = io.BytesIO()
        book.save(buffer)
        record = self.imported(buffer.getvalue(), name="lista.xlsx")
        self.assertEqual(record.file_kind, "xlsx")
        ana, bia = self.contacts()
        self.assertEqual((ana.sms_phone, ana.vi_rmi), ("+5511912345678", 1234.5))
        self.assertEqual(ana.margemDisponivel, "21/11/2025")
        self.assertEqual((bia.sms_phone, bia.vi_rmi), ("+5511912345679", 2000.0))
        self.assertEqual(self.refusals(record), {5: "value"})

    # -- what is refused ---------------------------------------------------------------

    def test_each_refusal_names_field_and_remedy(self):
        self.new_contact(telefone1="(11) 97777-0000")
        cases = [
            (";;11912345678;;", "missing", "Name: the cell is empty"),
            ("Ana;;;;", "missing", "Phone: the cell is empty"),
            ("Ana;;não tem;;", "invalid_number", "Phone “não tem”"),
            ("Ana;;1133334444;;", "landline", "landline"),
            ("Ana;;1,19E+10;;", "value", "Format the column as text"),
            ("Ana;abc;11912345670;;", "value", "CPF “abc”"),
            ("Ana;;11912345671;talvez;", "value", "Sim or Não"),
            ("Ana;;11912345672;;muito", "value", "1234,56"),
            ("Ana;;11 97777-0000;;", "duplicate_campaign", "in this campaign already"),
            ("Ana;;11912345673;;", None, None),
            ("Bia;;(11) 91234-5673;;", "duplicate_file", "line 11"),
        ]
        record = self.imported(self.lines(*(line for line, _why, _word in cases)))
        expected = {n: why for n, (_l, why, _w) in enumerate(cases, 2) if why}
        self.assertEqual(self.refusals(record), expected)
        reasons = {int(row[-2]): row[-1] for row in self.report(record)[1:]}
        for number, (_line, why, word) in enumerate(cases, 2):
            with self.subTest(line=number):
                self.assertEqual(number in reasons, bool(why))
                if why:
                    self.assertIn(word, reasons[number])
        self.assertEqual((record.imported_count, record.refused_count), (1, 10))
        self.assertIn("A cell cannot be understood</td>", record.refusals)
        self.assertIn(">4<", record.refusals)

    def test_the_preview_says_what_will_be_refused(self):
        record = self.new_import(
            self.lines("Ana;;11912345678;;", "<b>Bia</b>;;12;;", "C;;11912345678;;")
        )
        self.assertIn("Of the first 3 lines 2 will be refused", record.preview)
        self.assertIn("this is no phone number", record.preview)
        self.assertIn("line 2", record.preview)
        self.assertNotIn("<b>Bia", record.preview)
        self.assertFalse(self.contacts())

    def test_the_preview_follows_the_chosen_columns(self):
        record = self.new_import("A;B\nAna;11912345678\n")
        with Form(record) as form:
            self.assertIn("choose the column", form.preview)
            for index, target in enumerate(("name", "telefone1")):
                with form.column_ids.edit(index) as column:
                    column.target = target
            self.assertIn("are in order", form.preview)
        self.assertEqual(record.column_ids.mapped("target"), ["name", "telefone1"])

    def test_without_updated_limits_the_manager_is_told(self):
        record = self.new_import("Nome;Fone\nAna;11912345678")
        self.assertIn("limits are up to date", record.preview)
        record.realcred_limits_updated = True
        self.assertNotIn("limits are up to date", record.preview)
        record.action_import()
        self.run_jobs("_run_import")
        self.assertTrue(self.contacts().updated_limit)

    def test_columns_must_make_sense_before_anything_happens(self):
        record = self.new_import(self.lines("Ana;;11912345678;;"))
        record.column_ids[1].target = "name"
        with self.assertRaisesRegex(UserError, "Name: choose one column only"):
            record.action_import()
        record.column_ids[0].target = record.column_ids[1].target = False
        with self.assertRaisesRegex(UserError, "Name: choose the column"):
            record.action_import()
        self.assertFalse(self.pending_jobs("_run_import"))

    def test_files_that_are_no_table_are_named(self):
        cases = [
            (b"", "choose a CSV or XLSX"),
            (b"  \n", "empty"),
            (b"%PDF-1.7 ...", "neither CSV nor XLSX"),
            (b"\xd0\xcf\x11\xe0old xls", "neither CSV nor XLSX"),
            (b"PK\x03\x04broken", "neither CSV nor XLSX"),
            (b";".join([b"x"] * 101), "101 columns"),
            (b"a" * (20 * 1024 * 1024 + 1), "at most 20 MB"),
        ]
        for data, sentence in cases:
            with (
                self.subTest(sentence=sentence),
                self.assertRaisesRegex(UserError, sentence),
            ):
                self.new_import(data)

    def test_a_line_that_the_app_refuses_stops_no_other(self):
        create = type(self.campaign)._sms_import_create

        def picky(campaign, contact_import, rows):
            create(campaign, contact_import, rows)
            if any(values["name"] == "Bia" for _phone, values in rows):
                raise UserError(NOT_WELCOME)

        with patch.object(type(self.campaign), "_sms_import_create", picky):
            record = self.imported(
                self.lines(
                    *(
                        f"{n};;1191234567{i};;"
                        for i, n in enumerate(("Ana", "Bia", "Caio", "Davi"))
                    )
                )
            )
        self.assertEqual(self.contacts().mapped("name"), ["Ana", "Caio", "Davi"])
        self.assertEqual(self.refusals(record), {3: "rejected"})
        self.assertEqual(self.report(record)[1][-1], NOT_WELCOME)

    # -- the report --------------------------------------------------------------------

    def test_the_report_holds_no_formula_and_can_be_imported_again(self):
        record = self.imported(
            self.lines('"=HYPERLINK(""http://x"")";;12;;', "@Bia;;+55 11 9123;;")
        )
        rows = self.report(record)
        self.assertEqual(rows[0][:3], ["Nome", "CPF", "Telefone"])
        self.assertEqual(rows[1][0], '\'=HYPERLINK("http://x")')
        self.assertEqual((rows[2][0], rows[2][2]), ("'@Bia", "'+55 11 9123"))
        fixed = record._refused_csv().decode("utf-8-sig")
        again = self.imported(fixed.replace("9123;", "91234-5678;").encode())
        self.assertEqual(again.imported_count, 1)
        self.assertEqual(self.contacts().name, "@Bia")

    def test_imported_lines_and_the_file_are_not_kept(self):
        record = self.imported(self.lines("Ana;;11912345678;;", "Bia;;12;;"))
        kept = self.env["sms.contact.import.line"].search(
            [("import_id", "=", record.id)]
        )
        self.assertEqual(kept.mapped("number"), [3])
        self.assertFalse(record.file)
