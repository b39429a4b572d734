from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user

from .import_case import ImportCase


class TestImportJobs(ImportCase):
    """Imports that crash, fail or are cancelled; and who may do what with them."""

    # -- crashes and buttons -----------------------------------------------------------

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

    def test_its_jobs_are_known_to_the_ledger(self):
        ours = ("sms.contact.import", "_run_import")
        self.assertIn(ours, self.env["queue.job"]._sms_ledger_jobs())

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

    def test_an_import_begins_in_a_campaign(self):
        with self.assertRaisesRegex(UserError, "Open a campaign"):
            self.imports.create({})

    def test_the_button_opens_an_import_of_this_campaign(self):
        action = self.campaign.with_user(self.manager).action_sms_import()
        form = Form(self.imports.with_context(**action["context"]))
        record = form.save()
        self.assertEqual(record._campaign(), self.campaign)
        self.assertEqual(record.company_id, self.company)
