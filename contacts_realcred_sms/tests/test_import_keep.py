from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError

from .import_case import ImportCase


class TestImportKeep(ImportCase):
    """Lists of people do not lie about for ever: what goes, when, and what stays."""

    def setUp(self):
        super().setUp()
        self.company = self.campaign.company_id
        self.company.sms_import_days = 30

    def with_refusals(self):
        return self.imported(
            self.lines("Ana;;11912345678;;", "Bia;;12;;", ";;11912345679;;")
        )

    def later(self, days):
        """The clean-up, as it runs so many days from now."""
        now = fields.Datetime.now() + timedelta(days=days)
        with patch.object(fields.Datetime, "now", return_value=now):
            return self.env["sms.contact.import"]._gc_ended_imports()

    def lines_of(self, record):
        lines = self.env["sms.contact.import.line"]
        return lines.search_count([("import_id", "=", record.id)])

    def test_the_form_says_until_when_lines_are_kept(self):
        record = self.with_refusals()
        self.assertEqual(record.kept_until, record.done_at + timedelta(days=30))
        self.company.sms_import_days = 0
        record.invalidate_recordset()
        self.assertFalse(record.kept_until)
        self.assertFalse(self.new_import(self.many()).kept_until)

    def test_an_import_that_ended_keeps_neither_file_nor_sample(self):
        record = self.with_refusals()
        self.assertFalse(record.file or record.sample)
        record = self.new_import(self.many())
        record.action_import()
        record.action_cancel()
        self.assertFalse(record.file or record.sample)

    def test_after_its_days_only_figures_are_left(self):
        record = self.with_refusals()
        refusals = record.refusals
        self.assertEqual(self.later(29), (0, 0))
        self.assertEqual(self.lines_of(record), 2)
        self.assertEqual(self.later(31), (1, 0))
        self.assertEqual(self.lines_of(record), 0)
        self.assertFalse(any(record.column_ids.mapped("examples")))
        self.assertEqual((record.imported_count, record.refused_count), (1, 2))
        record.invalidate_recordset()
        self.assertEqual(record.refusals, refusals)
        self.assertFalse(record.kept_until)
        with self.assertRaisesRegex(UserError, "no longer kept"):
            record.action_download_refused()
        self.assertEqual(len(self.contacts()), 1)
        self.assertEqual(self.later(40), (0, 0))

    def test_one_that_stopped_loses_its_file_too_and_is_over(self):
        record = self.new_import(self.many())
        record.action_import()
        self.step(record)
        record.sudo().write({"state": "failed", "failure_reason": "broken"})
        self.env.flush_all()
        self.assertEqual(self.later(31), (1, 0))
        self.assertEqual((record.state, self.lines_of(record)), ("canceled", 0))
        self.assertFalse(record.file)

    def test_what_is_in_use_or_kept_for_ever_stays(self):
        kept = self.with_refusals()
        running = self.new_import(self.many(4))
        running.action_import()
        self.step(running)
        self.company.sms_import_days = 0
        self.assertEqual(self.later(400), (0, 0))
        self.company.sms_import_days = 30
        self.assertEqual(self.later(31), (1, 0))
        self.assertEqual(running.state, "running")
        self.assertEqual(self.lines_of(running), 4)
        self.assertTrue(kept.forgotten_at)

    def test_each_company_has_days_of_its_own(self):
        record = self.with_refusals()
        other = self.env["res.company"].create({"name": "Other", "sms_import_days": 1})
        self.assertEqual(self.later(2), (0, 0))
        record.sudo().company_id = other
        self.env.flush_all()
        self.assertEqual(self.later(2), (1, 0))

    def test_days_below_zero_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "0 or more"):
            self.company.sms_import_days = -1
