from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .campaign_model import NAME, add_campaign_model
from .schedule_case import ScheduleCase, utc


class TestScheduleDialog(ScheduleCase):
    """*Schedule* asks when, and says when the first SMS would leave."""

    sunday = "2026-05-10 15:00:00"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_campaign_model(cls)
        cls.manager.tz = "America/Sao_Paulo"
        cls.template = cls.env["sms.template"].create(
            {
                "name": "Test",
                "code": "test_schedule",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "message_template": "Olá {{ name }}!",
            }
        )
        cls.env["res.partner"].create(
            [
                {"name": "SP", "phone": "(11) 90000-0001", "ref": "campaign"},
                {"name": "AM", "phone": "(92) 90000-0001", "ref": "campaign"},
            ]
        )

    def setUp(self):
        super().setUp()
        self.record = self.env[NAME].create(
            {"name": "Natal", "sms_template_id": self.template.id}
        )
        campaigns = self.env[NAME]
        self.patch(
            type(self.env["sms.run"]),
            "_campaign",
            lambda run: campaigns.browse(run.res_id),
        )

    def dialog(self, record=None, user=None):
        """Press the button; return the dialog that opens."""
        record = (record or self.record).with_user(user or self.manager)
        record = record.with_context(tz="America/Sao_Paulo", lang="en_US")
        button = (
            "action_new_date" if record._name == "sms.run" else "action_sms_schedule"
        )
        action = getattr(record, button)()
        self.assertEqual(action["target"], "new")
        return record.env["sms.schedule"].browse(action["res_id"])

    def test_a_draft_is_planned_now_and_sent_then(self):
        with freeze_time("2026-05-04 12:00:00"):
            dialog = self.dialog()
            dialog.date_start = utc("2026-05-05 12:00")
            dialog.action_schedule()
            run = self.record.sms_run_id
            self.assertEqual(run.state, "planning")
            self.run_jobs("_plan")
        self.assertEqual((run.state, run.planned_count), ("scheduled", 2))
        self.assertEqual(self.record.sms_date_start, utc("2026-05-05 12:00"))
        self.sweep_at("2026-05-05 12:00:30")
        self.assertEqual(len(self.gateway.phones), 2)

    def test_a_plan_that_was_looked_at_is_scheduled_as_it_is(self):
        self.record.action_sms_plan()
        self.run_jobs("_plan")
        run = self.record.sms_run_id
        dialog = self.dialog()
        dialog.action_schedule()
        self.assertEqual(self.record.sms_run_id, run)
        self.assertEqual(run.state, "scheduled")

    def test_a_campaign_that_was_missed_gets_its_new_date_from_its_form_or_the_runs(
        self,
    ):
        for source in ("campaign", "run"):
            with self.subTest(source):
                record = self.record.copy()
                with freeze_time("2026-05-04 12:00:00"):
                    record._sms_schedule(
                        utc("2026-05-04 13:00"), utc("2026-05-04 14:00")
                    )
                    self.run_jobs("_plan")
                self.sweep_at("2026-05-04 15:00:00")
                run = record.sms_run_id
                self.assertTrue(record.sms_schedule_expired)
                self.assertIn("latest start", record.sms_failure_reason)
                with freeze_time("2026-05-04 15:10:00"):
                    dialog = self.dialog(run if source == "run" else record)
                    self.assertEqual(dialog.date_start, utc("2026-05-04 16:00"))
                    dialog.action_schedule()
                self.assertEqual(run.state, "scheduled")
                record.invalidate_recordset()
                self.assertFalse(record.sms_schedule_expired)

    def test_the_dialog_proposes_the_next_full_hour(self):
        with freeze_time("2026-05-04 12:17:33"):
            self.assertEqual(self.dialog().date_start, utc("2026-05-04 13:00"))

    def test_it_says_when_the_first_sms_leave(self):
        self.company.sms_sending_window_id = self.office()
        with freeze_time(self.sunday):
            form = Form(self.dialog())
            self.assertIn("Monday, 11 May 2026, 08:00", form.hint)
            form.date_start = utc("2026-05-12 15:00")
            self.assertIn("Tuesday, 12 May 2026, 12:00", form.hint)

    def test_with_a_plan_it_says_how_many_leave_when(self):
        self.company.sms_sending_window_id = self.office()
        with freeze_time(self.sunday):
            self.record.action_sms_plan()
            self.run_jobs("_plan")
            lines = self.dialog().hint.split("\n")
        self.assertEqual(len(lines), 2)
        self.assertIn("1 SMS leave on Monday, 11 May 2026, 08:00", lines[0])
        self.assertIn("1 SMS leave on Monday, 11 May 2026, 09:00", lines[1])

    def test_it_names_the_holiday(self):
        self.patch(type(self.record), "_sms_message_class", lambda _c: "promotional")
        with freeze_time("2026-04-20 12:00:00"):
            form = Form(self.dialog())
            form.date_start = utc("2026-04-21 15:00")
            self.assertIn("Tiradentes' Day is a holiday", form.hint)
            self.assertIn("Wednesday, 22 April 2026, 08:00", form.hint)

    def test_a_latest_start_before_the_hours_open_is_refused(self):
        self.company.sms_sending_window_id = self.office()
        with freeze_time(self.sunday):
            dialog = self.dialog()
            dialog.date_latest_start = utc("2026-05-10 20:00")
            self.assertTrue(dialog.too_late)
            with self.assertRaisesRegex(UserError, "latest start"):
                dialog.action_schedule()
            dialog.date_latest_start = utc("2026-05-11 12:00")
            self.assertFalse(dialog.too_late)
            dialog.action_schedule()
        self.assertTrue(self.record.sms_run_id)

    def test_hours_that_never_open_are_refused(self):
        self.patch(type(self.record), "_sms_message_class", lambda _c: "promotional")
        self.record.sms_sending_window_id = self.new_window({0: (21, 23)})
        with freeze_time(self.sunday):
            dialog = self.dialog()
            self.assertIn("never open", dialog.hint)
            with self.assertRaises(UserError):
                dialog.action_schedule()

    def test_who_may_not_send_may_not_schedule(self):
        run = self.planned_run(1)
        start = fields.Datetime.now() + timedelta(hours=1)
        for record in (self.record, run):
            with self.subTest(record=record), self.assertRaises(AccessError):
                self.dialog(record, self.salesperson)
        dialog = self.env["sms.schedule"].with_user(self.manager)
        stranger = dialog.create(
            {"campaign_model": "res.users", "campaign_id": 2, "date_start": start}
        )
        with self.assertRaisesRegex(UserError, "Open the campaign"):
            stranger.action_schedule()

    def test_a_campaigns_own_window_is_its_runs_and_follows_a_change(self):
        office = self.office()
        always = self.env.ref("sms_base_sr.sending_window_always")
        self.record.sms_sending_window_id = office
        self.assertIn("Mon–Fri", self.record.sms_sending_hours)
        with freeze_time(self.sunday):
            self.record.action_sms_plan()
            self.run_jobs("_plan")
            self.record.action_sms_release()
            self.run_jobs("_enqueue_batches", "_send_batch")
            self.assertEqual(self.record.sms_run_id.sending_window_id, office)
            self.assertFalse(self.gateway.calls)
            self.record.with_user(self.manager).sms_sending_window_id = always
            self.run_jobs("_look_again", "_send_batch")
        self.assertEqual(len(self.gateway.phones), 2)

    def test_without_its_own_a_campaign_shows_the_companys_hours(self):
        self.assertFalse(self.record.sms_sending_hours)
        self.company.sms_sending_window_id = self.office()
        self.record.invalidate_recordset()
        self.assertIn("Sat", self.record.sms_sending_hours)
