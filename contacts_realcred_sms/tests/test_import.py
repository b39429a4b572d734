import base64
import csv
import io
from datetime import date
from unittest.mock import patch

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user

from odoo.addons.sms_base_sr.models import sms_contact_import_job

from .common import CampaignCase

HEADER = "Nome;CPF;Telefone;Limite atualizado;Valor"
NOT_WELCOME = "Bia is not welcome."


class TestImport(CampaignCase):
    """Lists of contacts from files, as a campaign manager brings them in."""

    def setUp(self):
        super().setUp()
        self.imports = self.env["sms.contact.import"].with_user(self.manager)
        self.patch(sms_contact_import_job, "PAGE", 3)

    def new_import(self, content, name="lista.csv", **values):
        """An import whose file was looked at."""
        data = content.encode() if isinstance(content, str) else content
        record = self.imports.create(
            {
                "res_model": self.campaign._name,
                "res_id": self.campaign.id,
                "file": base64.b64encode(data),
                "file_name": name,
                **values,
            }
        )
        record.action_read_file()
        return record

    def imported(self, content, **values):
        """An import that has run."""
        record = self.new_import(content, **values)
        record.action_import()
        self.run_jobs("_run_import")
        return record

    def lines(self, *lines):
        return "\n".join([HEADER, *lines])

    def contacts(self):
        return self.env["contacts.realcred.batch"].search(
            [("campaing_id", "=", self.campaign.id)], order="id"
        )

    def refusals(self, record):
        """{line: reason} of what was refused."""
        lines = self.env["sms.contact.import.line"].search(
            [("import_id", "=", record.id), ("state", "=", "refused")]
        )
        return {line.number: line.reason for line in lines}

    def report(self, record):
        """The rows of the report."""
        text = record._refused_csv().decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text), delimiter=";"))

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

    # -- crashes and buttons -----------------------------------------------------------

    def many(self, count=8):
        return self.lines(*(f"C{n};;1191234567{n};;" for n in range(count)))

    def step(self, record):
        """One transaction of the job."""
        more = record._next_step()
        self.env.flush_all()
        return more

    def test_after_a_crash_it_goes_on_and_imports_no_line_twice(self):
        record = self.new_import(self.many())
        record.action_import()
        self.step(record)
        self.step(record)
        self.assertEqual(len(self.contacts()), 3)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.step(record)
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertEqual((len(self.contacts()), record.imported_count), (3, 3))
        self.pending_jobs().unlink()
        self.env["sms.contact.import"]._sweep_imports()
        self.assertEqual(self.pending_jobs("_run_import").user_id, self.manager)
        self.run_jobs("_run_import")
        self.assertEqual((record.state, record.imported_count), ("done", 8))
        self.assertEqual(len(set(self.contacts().mapped("name"))), 8)

    def test_the_sweeper_makes_no_second_job(self):
        self.new_import(self.many()).action_import()
        self.env["sms.contact.import"]._sweep_imports()
        self.assertEqual(len(self.pending_jobs("_run_import")), 1)
        steps = self.env["sms.batch"]._sweep_steps()
        self.assertIn(("sms.contact.import", "_sweep_imports"), steps)

    def test_cancelling_keeps_what_is_there_and_reports_the_rest(self):
        record = self.new_import(self.many())
        record.action_import()
        self.step(record)
        self.step(record)
        record.action_cancel()
        self.run_jobs("_run_import")
        self.assertEqual((record.state, len(self.contacts())), ("canceled", 3))
        rows = self.report(record)[1:]
        self.assertEqual([row[0] for row in rows], ["C3", "C4", "C5", "C6", "C7"])
        self.assertEqual(record.left_count, 5)
        with self.assertRaisesRegex(UserError, "gone on meanwhile"):
            record.action_continue()

    def error_of_job(self):
        """Run the job and return what it raised; assertRaises would undo its work."""
        try:
            self.run_job(self.pending_jobs("_run_import")[:1])
        except RuntimeError as error:
            return str(error)
        finally:
            self.env.invalidate_all()
        return None

    def test_what_always_fails_stops_and_can_be_continued(self):
        record = self.new_import(self.many())
        record.action_import()
        with patch.object(
            type(self.campaign), "_sms_import_taken", side_effect=RuntimeError("broken")
        ):
            for failures in (1, 2, 3):
                self.assertEqual(self.error_of_job(), "broken")
                self.assertEqual(record.failures, failures)
        self.assertEqual((record.state, record.failure_reason), ("failed", "broken"))
        record.action_continue()
        self.run_jobs("_run_import")
        self.assertEqual((record.state, record.imported_count), ("done", 8))

    def test_a_right_that_was_withdrawn_stops_the_import(self):
        record = self.new_import(self.many())
        record.action_import()
        self.manager.group_ids = self.env.ref("base.group_user")
        self.run_jobs("_run_import")
        self.assertFalse(self.contacts())
        self.assertEqual(record.sudo().state, "failed")

    # -- rights ------------------------------------------------------------------------

    def test_only_campaign_managers_of_the_company_import(self):
        values = {"res_model": self.campaign._name, "res_id": self.campaign.id}
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            login="import_stranger",
            groups="sms_base_sr.group_sms_campaign",
            company_id=company.id,
            company_ids=[company.id],
        )
        for user in (self.salesperson, stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.imports.with_user(user).create(values)
        record = self.new_import(self.lines("Ana;;12;;"))
        for user in (self.salesperson, stranger):
            theirs = record.with_user(user)
            for verb in ("action_import", "action_cancel", "_refused_csv"):
                with (
                    self.subTest(user=user.login, verb=verb),
                    self.assertRaises(AccessError),
                ):
                    getattr(theirs, verb)()

    def test_nobody_writes_what_the_job_reports(self):
        record = self.new_import(self.lines("Ana;;12;;"))
        for values in ({"state": "done"}, {"imported_count": 9}, {"res_id": 1}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaises(AccessError):
            record.column_ids[0].position = 2
        record.action_import()
        with self.assertRaises(UserError):
            record.column_ids[0].target = False
        with self.assertRaisesRegex(UserError, "Cancel the import first"):
            record.unlink()

    def test_only_campaigns_are_imported_into(self):
        for model in ("res.partner", "no.such.model"):
            with self.subTest(model=model), self.assertRaises(UserError):
                self.imports.create({"res_model": model, "res_id": self.partner.id})

    def test_the_button_opens_an_import_of_this_campaign(self):
        action = self.campaign.with_user(self.manager).action_sms_import()
        form = Form(self.imports.with_context(**action["context"]))
        record = form.save()
        self.assertEqual(record._campaign(), self.campaign)
        self.assertEqual(record.company_id, self.company)
