from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .alert_case import AlertCase


class TestProviderAlerts(AlertCase):
    """A refused token or permission: only an administrator can mend it."""

    def suspend(self):
        self.provider.health_id._suspend(self.provider.id, "forbidden: IP not allowed")
        self.env.invalidate_all()

    def test_every_administrator_gets_one_activity_that_says_what_to_do(self):
        self.suspend()
        self.sweep()
        for user in (self.admin, self.second_admin):
            activity = self.told(self.provider, user)
            self.assertEqual(len(activity), 1, user.login)
            for words in ("IP not allowed", "token", "Resume sending", "server's IP"):
                self.assertIn(words, activity.note)
        self.assertFalse(self.told(self.provider, self.manager))

    def test_the_activity_is_of_our_own_type_and_due_today(self):
        self.suspend()
        self.sweep()
        activity = self.told(self.provider, self.admin)
        self.assertEqual(activity.activity_type_id.name, "SMS needs attention")
        self.assertEqual(activity.date_deadline, fields.Date.today())

    def test_today_is_the_readers_own_day(self):
        """At ten in the evening in São Paulo it is tomorrow in UTC."""
        self.admin.tz, self.second_admin.tz = "America/Sao_Paulo", "UTC"
        with freeze_time("2026-11-22 01:00:00"):
            self.suspend()
            self.sweep()
        for user, day in (
            (self.admin, "2026-11-21"),
            (self.second_admin, "2026-11-22"),
        ):
            with self.subTest(user=user.login):
                activity = self.told(self.provider, user)
                self.assertEqual(str(activity.date_deadline), day)

    def test_nobody_is_told_twice_however_often_the_sweeper_looks(self):
        self.suspend()
        for _time in range(3):
            self.sweep()
        self.assertEqual(len(self.told(self.provider)), 2)

    def test_resuming_closes_the_activities_of_all(self):
        self.suspend()
        self.sweep()
        self.provider.with_user(self.admin).action_resume()
        self.assertFalse(self.told(self.provider))

    def test_what_was_resumed_by_other_means_is_closed_by_the_sweeper(self):
        self.suspend()
        self.sweep()
        self.provider.health_id._resume()
        self.sweep()
        self.assertFalse(self.told(self.provider))

    def test_a_second_suspension_is_told_anew(self):
        self.suspend()
        self.sweep()
        self.provider.action_resume()
        self.suspend()
        self.sweep()
        self.assertEqual(len(self.told(self.provider)), 2)

    def test_who_has_put_it_aside_is_reminded_the_next_day_only(self):
        self.suspend()
        self.sweep()
        self.told(self.provider, self.admin).with_user(self.admin).action_feedback()
        self.sweep()
        self.assertFalse(self.told(self.provider, self.admin))
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self.sweep()
            self.assertEqual(len(self.told(self.provider, self.admin)), 1)
        self.assertEqual(len(self.told(self.provider, self.second_admin)), 1)

    def test_a_cancelled_activity_is_put_aside_as_a_done_one_is(self):
        self.suspend()
        self.sweep()
        self.told(self.provider, self.admin).with_user(self.admin).unlink()
        self.sweep()
        self.assertFalse(self.told(self.provider, self.admin))

    def test_who_hands_it_to_a_colleague_does_not_get_it_back(self):
        self.suspend()
        self.sweep()
        activity = self.told(self.provider, self.admin)
        activity.with_user(self.admin).user_id = self.second_admin
        self.sweep()
        self.assertFalse(self.told(self.provider, self.admin))

    def test_nobody_is_mailed(self):
        """Core mails each activity to its user: an outage would flood them."""
        before = self.env["mail.mail"].search_count([])
        self.suspend()
        self.sweep()
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_administrators_of_other_companies_are_left_alone(self):
        other = self.env["res.company"].create({"name": "B"})
        self.second_admin.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self.suspend()
        self.sweep()
        self.assertEqual(self.told(self.provider).user_id, self.admin)

    def test_people_read_it_in_their_language(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.env.ref("base.module_sms_base_sr")._update_translations(["pt_BR"])
        self.admin.lang = "pt_BR"
        self.suspend()
        self.sweep()
        self.assertIn("suspenso", self.told(self.provider, self.admin).summary)
        self.assertIn("suspended", self.told(self.provider, self.second_admin).summary)

    def test_an_outage_is_told_when_it_lasts_and_is_over_with_the_first_success(self):
        now = fields.Datetime.now()
        for minutes, told in ((14, 0), (15, 2)):
            with self.subTest(minutes=minutes):
                since = now - timedelta(minutes=minutes)
                later = now + timedelta(minutes=5)
                self.provider.health_id.write(
                    {"circuit_since": since, "circuit_reason": "503", "probe_at": later}
                )
                with freeze_time(now):
                    self.sweep()
                self.assertEqual(len(self.told(self.provider)), told)
        self.assertIn("503", self.told(self.provider)[0].note)
        self.provider.health_id._close_circuit()
        self.sweep()
        self.assertFalse(self.told(self.provider))

    def test_an_alert_that_cannot_be_closed_stops_no_button(self):
        """Whoever resumes a provider is not to pay for an activity's trouble."""
        self.suspend()
        self.sweep()

        def fail(activities):
            raise ValueError("boom")

        self.patch(type(self.env["mail.activity"]), "_close_sms_alerts", fail)
        with mute_logger("odoo.addons.sms_base_sr.models.sms_alert_mixin"):
            self.provider.action_resume()
        self.assertFalse(self.provider.suspended)


class TestActivitiesWithoutChatter(AlertCase):
    """Core takes a chatter for granted: our records do without."""

    def test_an_activity_that_is_not_ours_is_left_alone(self):
        run = self.new_run()
        activity = run.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.manager.id, summary="Look"
        )
        self.sweep()
        self.assertTrue(activity.exists().active, "not ours: left alone")
        activity.with_user(self.manager).action_feedback()
        self.assertFalse(run.activity_ids)

    def test_giving_one_to_a_colleague_notifies_her(self):
        run = self.new_run()
        user = new_test_user(
            self.env,
            login="sms_colleague",
            groups="sms_base_sr.group_sms_campaign",
            notification_type="inbox",
        )
        activity = run.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.manager.id
        )
        activity.with_user(self.manager).user_id = user
        notified = self.env["mail.notification"].search(
            [("res_partner_id", "=", user.partner_id.id)]
        )
        self.assertEqual(notified.mail_message_id.model, "sms.run")
