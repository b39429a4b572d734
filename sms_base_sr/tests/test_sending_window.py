from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .schedule_case import ScheduleCase, utc


class TestSendingWindow(ScheduleCase):
    """Campaigns stop at the edge of their hours and go on the next allowed day."""

    # São Paulo is at -3, Manaus at -4. 4 May 2026 is a Monday, 9 May a Saturday.
    cases = [
        (11, "2026-05-04 10:59:00", "2026-05-04 11:00:00"),
        (11, "2026-05-04 11:00:00", None),
        (11, "2026-05-04 23:00:00", "2026-05-05 11:00:00"),
        (11, "2026-05-09 17:00:00", "2026-05-11 11:00:00"),
        (92, "2026-05-09 17:00:00", None),
        (92, "2026-05-10 15:00:00", "2026-05-11 12:00:00"),
        (97, "2026-05-09 18:00:00", "2026-05-11 13:00:00"),
    ]

    def test_a_batch_waits_for_its_hours_with_one_eta_and_then_leaves(self):
        self.company.sms_sending_window_id = self.office()
        for area, now, opens in self.cases:
            with self.subTest(area=area, now=now):
                self.campaign.recipients.clear()
                self.gateway.calls.clear()
                batch = self.run_at(now, area=area).batch_ids
                with freeze_time(now):
                    error = self.run_batch(batch)
                if not opens:
                    self.assertEqual(batch.state, "sent")
                    continue
                self.assertFalse(self.gateway.calls)
                self.assertEqual(error.seconds, (utc(opens) - utc(now)).total_seconds())
                self.assertTrue(error.ignore_retry, "waiting uses up no try")
                self.assertEqual(batch.not_before, utc(opens))
                self.assertEqual(len(self.send_jobs(batch)), 1)
                with freeze_time(opens):
                    self.run_batch(batch)
                self.assertEqual(batch.state, "sent")

    def test_a_long_campaign_stops_at_the_edge_and_goes_on_on_monday(self):
        """Pain 24: one eta per batch, and nobody polls over the weekend."""
        self.company.sms_sending_window_id = self.office()
        self.provider.batch_size = 2
        run = self.run_at("2026-05-09 16:59:00", count=6)
        first, *rest = run.batch_ids.sorted("id")
        with freeze_time("2026-05-09 16:59:30"):
            self.run_batch(first)
        with freeze_time("2026-05-09 17:00:01"):
            self.assertEqual(len(self.run_jobs("_send_batch")), 2)
            for _minute in range(3):
                self.env["sms.batch"]._sweep()
            self.assertFalse(self.run_jobs("_send_batch"))
            self.assertEqual(len(self.pending_jobs("_send_batch")), 2)
        self.assertEqual(self.states(run), {"sent": 2, "draft": 4})
        self.assertEqual(run.state, "sending")
        self.assertEqual({str(b.not_before) for b in rest}, {"2026-05-11 11:00:00"})
        self.sweep_at("2026-05-11 11:00:00")
        self.assertEqual(self.states(run), {"sent": 6})

    def test_the_next_morning_comes_even_if_all_jobs_are_lost(self):
        self.company.sms_sending_window_id = self.office()
        run = self.run_at("2026-05-04 23:30:00")
        with freeze_time("2026-05-04 23:30:00"):
            self.run_batch(run.batch_ids)
        self.env["queue.job"].sudo().search([]).unlink()
        self.sweep_at("2026-05-05 10:59:00")
        self.assertEqual(run.batch_ids.state, "queued")
        self.sweep_at("2026-05-05 11:00:30")
        self.assertEqual(run.batch_ids.state, "sent")

    def test_a_runs_own_window_goes_before_the_companys(self):
        self.company.sms_sending_window_id = self.office()
        always = self.env.ref("sms_base_sr.sending_window_always")
        sunday = "2026-05-10 15:00:00"
        run = self.run_at(sunday, sending_window_id=always.id)
        with freeze_time(sunday):
            self.run_batch(run.batch_ids)
        self.assertEqual(run.batch_ids.state, "sent")

    def test_without_a_window_campaigns_leave_at_any_time(self):
        self.assertFalse(self.company.sms_sending_window_id)
        run = self.run_at("2026-05-10 05:00:00")
        with freeze_time("2026-05-10 05:00:00"):
            self.run_batch(run.batch_ids)
        self.assertEqual(run.batch_ids.state, "sent")

    def test_single_sms_are_not_held_by_the_window_of_campaigns(self):
        self.company.sms_sending_window_id = self.office()
        with freeze_time("2026-05-10 15:00:00"):
            message = self.new_message()
            message.action_send()
            self.run_jobs("_send_batch")
        self.assertEqual(message.state, "sent")

    def test_quiet_hours_of_the_class_hold_within_the_window(self):
        self.company.sms_sending_window_id = self.new_window({0: (6, 24), 1: (6, 24)})
        run = self.run_at("2026-05-04 09:30:00", message_class="promotional")
        with freeze_time("2026-05-04 09:30:00"):
            self.run_batch(run.batch_ids)
        self.assertEqual(str(run.batch_ids.not_before), "2026-05-04 11:00:00")

    def test_hours_that_never_open_hold_the_batch_and_fail_no_job(self):
        """Somebody changed the hours after the campaign was sent."""
        self.company.sms_sending_window_id = self.new_window({0: (21, 23)})
        now = "2026-05-04 15:00:00"
        run = self.run_at(now, message_class="promotional")
        with freeze_time(now):
            self.run_batch(run.batch_ids)
            self.assertEqual(
                run.summary["waits"], [{"until": None, "batches": 1, "messages": 1}]
            )
            self.company.sms_sending_window_id = False
            self.run_jobs("_look_again", "_send_batch")
        self.assertEqual(run.batch_ids.state, "sent")


class TestHolidays(ScheduleCase):
    """Promotional texts keep off holidays; which ones is the company's choice."""

    # 21 April 2026 (Tiradentes) is a Tuesday, 4 June (Corpus Christi) a Thursday.
    cases = [
        ("national", "promotional", "2026-04-21 15:00:00", "2026-04-22 11:00:00"),
        ("none", "promotional", "2026-04-21 15:00:00", None),
        ("national", "service", "2026-04-21 15:00:00", None),
        ("national", "transactional", "2026-04-21 15:00:00", None),
        ("national", "promotional", "2026-06-04 15:00:00", None),
        ("optional", "promotional", "2026-06-04 15:00:00", "2026-06-05 11:00:00"),
        # Still Monday in Manaus, where the evening is within the hours.
        ("national", "promotional", "2026-04-20 22:30:00", None),
    ]

    def test_holidays_are_kept_as_the_setting_says(self):
        for setting, message_class, now, opens in self.cases:
            with self.subTest(setting=setting, message_class=message_class, now=now):
                self.company.sms_holidays = setting
                self.campaign.recipients.clear()
                batch = self.run_at(now, message_class=message_class).batch_ids
                with freeze_time(now):
                    self.run_batch(batch)
                if opens:
                    self.assertEqual(batch.not_before, utc(opens))
                else:
                    self.assertEqual(batch.state, "sent")

    def test_a_holiday_before_a_weekend_waits_for_monday(self):
        self.company.sms_sending_window_id = self.new_window(
            dict.fromkeys(range(5), (9, 18))
        )
        # Friday, 1 May 2026.
        run = self.run_at("2026-05-01 15:00:00", message_class="promotional")
        with freeze_time("2026-05-01 15:00:00"):
            self.run_batch(run.batch_ids)
        self.assertEqual(str(run.batch_ids.not_before), "2026-05-04 12:00:00")


class TestChangedHours(ScheduleCase):
    """New hours hold at once, for what waits already too."""

    sunday = "2026-05-10 15:00:00"

    def waiting(self, **values):
        run = self.run_at(self.sunday, **values)
        with freeze_time(self.sunday):
            self.run_batch(run.batch_ids)
        self.assertEqual(run.batch_ids.state, "queued")
        return run

    def after(self, change):
        """Change something on Sunday; run what is due."""
        with freeze_time(self.sunday):
            change()
            self.env.flush_all()
            self.run_jobs("_look_again", "_send_batch")

    def test_a_day_more_lets_waiting_batches_go(self):
        window = self.office()
        self.company.sms_sending_window_id = window
        run = self.waiting()
        line = {"weekday": "6", "hour_from": 9, "hour_to": 18}
        self.after(lambda: window.write({"day_ids": [(0, 0, line)]}))
        self.assertEqual(run.batch_ids.state, "sent")
        self.assertEqual(len(self.gateway.calls), 1)

    def test_another_window_lets_waiting_batches_go_once(self):
        self.company.sms_sending_window_id = self.office()
        run = self.waiting()
        self.after(lambda: self.company.write({"sms_sending_window_id": False}))
        self.assertEqual(run.batch_ids.state, "sent")
        # The old job comes on Monday and finds nothing to do.
        self.sweep_at("2026-05-11 11:00:00")
        self.assertEqual(len(self.gateway.calls), 1)
        self.assertFalse(self.pending_jobs("_send_batch"))

    def test_later_hours_give_a_later_eta(self):
        window = self.office()
        self.company.sms_sending_window_id = window
        run = self.waiting()
        monday = window.day_ids.filtered(lambda day: day.weekday == "0")
        self.after(
            lambda: window.write({"day_ids": [(1, monday.id, {"hour_from": 10})]})
        )
        self.assertEqual(str(run.batch_ids.not_before), "2026-05-11 13:00:00")

    def test_other_companies_and_paused_runs_get_no_job(self):
        window = self.office()
        self.company.sms_sending_window_id = window
        run = self.waiting()
        other = self.env["res.company"].create({"name": "B"})
        other.sms_sending_window_id = self.env.ref("sms_base_sr.sending_window_always")
        self.assertFalse(self.pending_jobs("_look_again"))
        run.action_pause()
        self.company.sms_sending_window_id = False
        self.assertFalse(self.pending_jobs("_look_again"))


class TestWindowRecords(ScheduleCase):
    """What may be entered, and by whom."""

    def test_a_new_window_begins_with_office_hours(self):
        window = Form(self.env["sms.sending.window"])
        window.name = "Ours"
        window = window.save()
        self.assertEqual(len(window.day_ids), 6)
        self.assertEqual(window.company_id, self.company)
        self.assertIn("Sat", window.summary)
        self.assertFalse(window._week().always_open)

    def test_the_shipped_windows_may_be_used_by_all_companies(self):
        for name in ("office", "always"):
            window = self.env.ref(f"sms_base_sr.sending_window_{name}")
            self.assertFalse(window.company_id)
        self.assertTrue(window._week().always_open)

    def test_hours_that_make_no_sense_are_refused(self):
        for start, end in ((22, 2), (8, 8), (20, 8), (-1, 8), (8, 24.5)):
            with (
                self.subTest(start=start, end=end),
                self.assertRaisesRegex(ValidationError, "From/Until"),
                self.env.cr.savepoint(),
            ):
                self.new_window({0: (start, end), 1: (8, 20)})

    def test_a_window_needs_a_day_that_both_zones_of_one_area_code_share(self):
        for days in ({}, {0: (8, 9)}):
            with (
                self.subTest(days=days),
                self.assertRaisesRegex(ValidationError, "Days"),
                self.env.cr.savepoint(),
            ):
                self.new_window(days)
        self.new_window({0: (8, 9), 1: (8, 10)})

    @mute_logger("odoo.sql_db")
    def test_a_weekday_stands_once(self):
        window = self.office()
        line = {"weekday": "0", "hour_from": 8, "hour_to": 9}
        with self.assertRaisesRegex(Exception, "weekday"), self.env.cr.savepoint():
            window.day_ids = [(0, 0, line)]
            self.env.flush_all()

    def test_a_window_that_is_in_use_is_archived_not_deleted(self):
        window = self.office()
        self.company.sms_sending_window_id = window
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(Exception, "(?i)restrict|still|another model"),
            self.env.cr.savepoint(),
        ):
            window.unlink()
        window.active = False
        self.assertTrue(self.company.sms_sending_window_id._week())

    def test_supervisors_write_windows_and_others_choose_one(self):
        window = self.office()
        supervisor = self.new_user("super", "sms_base_sr.group_sms_manager")
        window.with_user(supervisor).name = "New name"
        for user in (self.salesperson, self.manager):
            with self.subTest(user=user.login):
                self.assertEqual(window.with_user(user).name, "New name")
                with self.assertRaises(AccessError):
                    window.with_user(user).name = "Mine"

    def test_windows_of_another_company_are_not_seen(self):
        other = self.env["res.company"].create({"name": "B"})
        theirs = self.office()
        theirs.company_id = other
        seen = self.env["sms.sending.window"].with_user(self.manager).search([])
        self.assertNotIn(theirs, seen)
        self.assertIn(self.env.ref("sms_base_sr.sending_window_office"), seen)
        with self.assertRaises(AccessError):
            theirs.with_user(self.manager).read(["name"])

    def test_the_settings_are_the_companys_own(self):
        expected = {
            "sms_sending_window_id": self.office().id,
            "sms_holidays": "optional",
            "sms_cap_promotional": 2,
            "sms_cap_promotional_days": 30,
        }
        self.env["res.config.settings"].create(expected).execute()
        self.assertRecordValues(self.company, [expected])
        other = self.env["res.company"].create({"name": "B"})
        self.assertEqual(other.sms_holidays, "national")
        self.assertFalse(other.sms_sending_window_id)
