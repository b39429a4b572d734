import base64
import io
from datetime import date, timedelta

import openpyxl

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from ..models import sms_do_not_disturb_job
from .suppression_case import NUMBER, SuppressionCase

OTHER = "+5521987654321"


class TestDoNotDisturb(SuppressionCase):
    """A register is loaded from a file, holds for its dates, replaces the last one."""

    def setUp(self):
        super().setUp()
        self.company.sms_cap_promotional = 0
        self.company.sms_consent_promotional = False
        groups = "sms_base_sr.group_sms_manager"
        self.supervisor = self.new_user("supervisor", groups)

    def new_list(self, text, name="Não Perturbe", **values):
        """A list with its file, as a supervisor makes it."""
        data = text if isinstance(text, bytes) else text.encode()
        return (
            self.env["sms.do.not.disturb"]
            .with_user(self.supervisor)
            .create(
                {
                    "name": name,
                    "file": base64.b64encode(data),
                    "file_name": "list.csv",
                    **values,
                }
            )
        )

    def load(self, text, **values):
        record = self.new_list(text, **values)
        record.action_load()
        self.assertEqual(record.state, "reading")
        self.run_jobs("_load")
        return record

    def numbers(self, record):
        found = self.env["sms.do.not.disturb.number"].search(
            [("list_id", "=", record.id)]
        )
        return found.mapped("number")

    # -- files -------------------------------------------------------------------------

    def test_a_list_is_read_with_what_was_wrong_in_it(self):
        text = "NOME;TELEFONE\nAna;(11) 90000-0000\nBia;xyz\nAna;11900000000\n"
        record = self.load(text + "Eva;21987654321\n")
        self.assertEqual(record.state, "active", record.failure_reason)
        self.assertEqual(self.numbers(record), [NUMBER, OTHER])
        counts = (record.line_count, record.number_count, record.refused_count)
        self.assertEqual(counts, (5, 2, 1))
        self.assertEqual(record.problems, "Line 3: “xyz”")
        self.assertEqual(record.progress, 100)
        self.assertFalse(record.file)
        self.assertTrue(record.loaded_at)

    def test_spreadsheets_are_lists_too(self):
        book = openpyxl.Workbook()
        for row in (["Telefone"], [11900000000], ["(21) 98765-4321"]):
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        self.assertEqual(self.numbers(self.load(stream.getvalue())), [NUMBER, OTHER])

    def test_files_that_are_none_say_what_to_do(self):
        cases = [
            (b"%PDF-1.4", "neither CSV nor XLSX"),
            (b"nome;cpf\nAna;1\n", "no column holds phone numbers"),
            (b" \n", "it is empty"),
        ]
        for data, words in cases:
            with self.subTest(words):
                record = self.load(data)
                self.assertEqual(record.state, "failed")
                self.assertIn(words, record.failure_reason)
                self.assertFalse(self.pending_jobs("_load"))

    def test_a_better_file_is_loaded_into_the_same_list(self):
        record = self.load("nome\nAna\n")
        record.file = base64.b64encode(b"11900000000\n")
        record.action_load()
        self.run_jobs("_load")
        self.assertEqual(record.state, "active")
        self.assertEqual(self.numbers(record), [NUMBER])
        self.assertFalse(record.failure_reason)

    def test_pages_and_slices_lose_and_double_nothing(self):
        self.patch(sms_do_not_disturb_job, "PAGE", 3)
        self.patch(sms_do_not_disturb_job, "SLICE_SECONDS", 0)
        lines = [f"119{n:08d}" for n in range(10)]
        record = self.load("\n".join([*lines, *lines[:2]]))
        self.assertEqual(record.state, "active")
        self.assertEqual((record.number_count, record.read_count), (10, 12))
        self.assertEqual(len(self.numbers(record)), 10)

    def test_a_lost_job_is_made_anew_and_goes_on(self):
        self.patch(sms_do_not_disturb_job, "PAGE", 2)
        record = self.new_list("11900000000\n11900000001\n11900000002\n")
        record.action_load()
        record.sudo().write({"read_count": 2, "number_count": 2})
        self.pending_jobs("_load").unlink()
        self.env["sms.batch"]._sweep()
        self.run_jobs("_load")
        self.assertEqual(record.state, "active")
        self.assertEqual(self.numbers(record), ["+5511900000002"])
        self.env["sms.batch"]._sweep()
        self.assertFalse(self.pending_jobs("_load"))

    # -- validity ----------------------------------------------------------------------

    def test_a_list_counts_only_once_all_of_it_is_there(self):
        record = self.new_list("11900000000\n")
        record.action_load()
        self.env["sms.do.not.disturb.number"].create(
            {"list_id": record.id, "number": NUMBER}
        )
        self.assertEqual(self.planned_message().state, "draft")

    def test_a_new_list_of_the_same_name_replaces_the_old_one(self):
        first = self.load("11900000000\n")
        self.assertEqual(self.planned_message().failure_type, "do_not_disturb")
        other = self.load("21987654321\n", name="Procon")
        second = self.load("21987654321\n", name="NÃO PERTURBE")
        self.assertEqual((first.state, second.state), ("replaced", "active"))
        self.assertEqual(other.state, "active")
        self.assertTrue(first.replaced_at)
        self.assertEqual(self.planned_message().state, "draft")
        self.env["sms.batch"]._sweep()
        self.assertFalse(self.numbers(first))
        self.assertTrue(self.numbers(second))

    def test_a_list_that_fails_leaves_the_old_one_in_force(self):
        first = self.load("11900000000\n")
        self.assertEqual(self.load("nome\nAna\n").state, "failed")
        self.assertEqual(first.state, "active")
        self.assertEqual(self.planned_message().failure_type, "do_not_disturb")

    def test_a_list_holds_from_its_first_day_to_its_last(self):
        today = date.today()
        day = timedelta(days=2)
        cases = [
            (today - day, today + day, True),
            (False, False, True),
            (today - 2 * day, today - day, False),
            (today + day, today + 2 * day, False),
        ]
        record = self.register(NUMBER)
        for start, end, left_out in cases:
            with self.subTest(start=start, end=end):
                record.write({"valid_from": start, "valid_until": end})
                self.assertEqual(self.planned_message().state == "canceled", left_out)

    def test_it_ends_on_the_last_day_at_midnight_in_brazil(self):
        record = self.register(NUMBER, valid_until=date(2026, 3, 10))
        record.flush_recordset()
        look_up = self.env["sms.suppression"]
        for day, left_out in ((date(2026, 3, 10), True), (date(2026, 3, 11), False)):
            scope = look_up._scope(self.company, self.provider, "promotional", True)
            found = look_up._of_numbers([NUMBER], {**scope, "today": day})
            self.assertEqual(NUMBER in found, left_out)

    def test_which_sms_it_holds_for(self):
        self.register(NUMBER)
        cases = [
            ("promotional", "promotional", True),
            ("promotional", "service", False),
            ("promotional", "transactional", False),
            ("all", "promotional", True),
            ("all", "service", True),
            ("all", "transactional", True),
        ]
        for setting, message_class, left_out in cases:
            with self.subTest(setting=setting, message_class=message_class):
                self.company.sms_do_not_disturb = setting
                self.campaign.recipients.clear()
                self.campaign.add(NUMBER)
                run = self.planned_run(0, message_class=message_class)
                states = self.messages(run).mapped("state")
                self.assertEqual(states, ["canceled" if left_out else "draft"])

    def test_an_answer_by_hand_is_not_stopped(self):
        self.company.sms_do_not_disturb = "all"
        self.register(NUMBER)
        message = self.new_message(partner_id=False, phone=NUMBER)
        message.action_send()
        self.run_jobs("_send_batch")
        self.assertEqual(message.state, "sent")

    def test_lists_of_all_companies_hold_for_each(self):
        self.register(NUMBER, company_id=False)
        self.assertEqual(self.planned_message().failure_type, "do_not_disturb")

    def test_an_ended_list_counts_no_more(self):
        record = self.load("11900000000\n")
        record.action_stop()
        self.assertEqual(record.state, "replaced")
        self.assertEqual(self.planned_message().state, "draft")

    # -- people ------------------------------------------------------------------------

    def test_the_supervisor_s_form(self):
        form = Form(self.env["sms.do.not.disturb"].with_user(self.supervisor))
        form.name = "Não Perturbe"
        form.valid_until = fields.Date.today()
        record = form.save()
        with self.assertRaisesRegex(UserError, "choose a CSV"):
            record.action_load()

    def test_what_people_may_not_write(self):
        record = self.load("11900000000\n")
        for values in ({"state": "draft"}, {"number_count": 5}, {"name": "Other"}):
            with self.subTest(values), self.assertRaises(UserError):
                record.write(values)
        record.valid_until = fields.Date.today()
        with self.assertRaises(UserError):
            record.action_load()
        with self.assertRaises(UserError):
            self.new_list("1", state="active")

    def test_campaign_managers_read_lists_and_load_none(self):
        record = self.new_list("11900000000\n").with_user(self.manager)
        self.assertEqual(record.name, "Não Perturbe")
        for press in (record.action_load, record.action_stop):
            with self.assertRaises(AccessError):
                press()

    def test_a_list_that_is_read_is_not_deleted(self):
        record = self.new_list("11900000000\n")
        record.action_load()
        with self.assertRaisesRegex(UserError, "wait for its end"):
            record.unlink()
