from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.sms_base_sr.models.sms_run_alerts import SmsRun
from odoo.addons.sms_base_sr.tools.outcomes import NotAttempted

from .campaign_case import CampaignCase

ADMIN = "sms_base_sr.group_sms_admin"


class AlertCase(CampaignCase):
    """Campaigns sent by a manager, and two administrators who can be told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref(ADMIN).user_ids = [Command.clear()]
        cls.admin = cls.new_user("admin", ADMIN)
        cls.second_admin = cls.new_user("admin_2", ADMIN)

    def sweep(self):
        """One round of the sweeper, in which no step fails."""
        self.env.flush_all()
        self.env["sms.batch"]._sweep()
        self.assertFalse(self.env.ref("sms_base_sr.sms_watch").failed_steps)

    def told(self, record, user=None):
        """Open activities of a record, of one person where one is given."""
        activities = record.activity_ids
        return activities.filtered(lambda a: not user or a.user_id == user)

    def planned_run(self, count=3, **values):
        """As its parent's, by the campaign manager."""
        return super().planned_run(count, create_uid=self.manager.id, **values)

    def new_run(self, **values):
        creator = values.pop("create_uid", self.manager.id)
        run = super().new_run(**values)
        self.env.cr.execute(
            "UPDATE sms_run SET create_uid = %s WHERE id = %s", [creator, run.id]
        )
        run.invalidate_recordset()
        return run

    def failed_batch(self, count=3, **values):
        """A batch whose last try did not reach the gateway either."""
        batch = self.queued_batch(count, **values)
        self.fail_batch(batch)
        return batch

    def fail_batch(self, batch):
        batch.tries = 5
        self.gateway.answers = [NotAttempted("connection", "refused")]
        self.run_batch(batch)
        self.assertEqual(batch.state, "failed")
        while self.env["sms.batch.stat"]._recompute_page():
            pass


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


class TestRunAlerts(AlertCase):
    """A campaign that stops short is a matter for who sent it."""

    def test_many_failed_batches_are_one_activity_for_who_sent_the_campaign(self):
        self.provider.batch_size = 1
        run = self.planned_run(3)
        run.action_release()
        self.run_jobs("_enqueue_batches")
        for batch in run.batch_ids:
            self.fail_batch(batch)
        self.sweep()
        activity = self.told(run)
        self.assertEqual((len(activity), activity.user_id), (1, self.manager))
        self.assertIn("3 SMS", activity.note)
        self.assertIn("Try again", activity.note)

    def test_who_closed_it_is_told_again_about_a_further_batch_only(self):
        self.provider.batch_size = 1
        run = self.planned_run(2)
        run.action_release()
        self.run_jobs("_enqueue_batches")
        first, second = run.batch_ids
        self.fail_batch(first)
        self.sweep()
        self.told(run).with_user(self.manager).action_feedback()
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            self.sweep()
            self.assertFalse(self.told(run))
        self.fail_batch(second)
        self.sweep()
        self.assertEqual(len(self.told(run)), 1)

    def test_trying_again_closes_it(self):
        run = self.failed_batch().run_id
        self.sweep()
        self.assertTrue(self.told(run))
        run.action_try_again()
        self.sweep()
        self.assertFalse(self.told(run))

    def test_without_a_sender_the_salesperson_and_then_administrators_are_told(self):
        cases = [
            (self.manager, self.salesperson, self.manager),
            (self.env.ref("base.user_root"), self.salesperson, self.salesperson),
            (
                self.env.ref("base.user_root"),
                self.env["res.users"],
                self.admin + self.second_admin,
            ),
        ]
        for creator, salesperson, told in cases:
            with self.subTest(creator=creator.login, salesperson=salesperson.login):
                run = self.new_run(
                    create_uid=creator.id, user_id=salesperson.id, state="failed"
                )
                self.sweep()
                self.assertEqual(self.told(run).user_id, told)

    def test_a_sender_who_has_left_is_not_told(self):
        run = self.new_run(user_id=self.salesperson.id, state="failed")
        self.manager.active = False
        self.sweep()
        self.assertEqual(self.told(run).user_id, self.salesperson)

    def test_a_failed_planning_says_why_and_is_over_when_planned_again(self):
        run = self.new_run(text="Olá {{ nome_errado }}")
        run.action_plan()
        self.run_jobs("_plan")
        self.sweep()
        self.assertIn("nome_errado", self.told(run).note)
        run.text = "Olá {{ name }}"
        run.action_plan()
        self.sweep()
        self.assertFalse(self.told(run))

    def test_a_schedule_that_was_missed_waits_for_a_decision(self):
        start = fields.Datetime.now() + timedelta(hours=1)
        latest = start + timedelta(hours=2)
        run = self.planned_run(date_start=start, date_latest_start=latest)
        run.action_schedule()
        with freeze_time(latest + timedelta(minutes=1)):
            self.sweep()
            self.assertIn("latest start", self.told(run).note)
            run.action_release()
            self.sweep()
        self.assertFalse(self.told(run))

    def test_a_cancelled_campaign_troubles_nobody(self):
        run = self.failed_batch().run_id
        run.write({"state": "sending"})
        run.action_cancel()
        self.sweep()
        self.assertFalse(self.told(run))

    def test_the_responsible_may_open_what_the_activity_is_about(self):
        run = self.failed_batch().run_id
        self.sweep()
        groups = self.env["res.users"].with_user(self.manager)._get_activity_groups()
        self.assertIn("sms.run", [group["model"] for group in groups])
        self.assertEqual(run.with_user(self.manager).read(["name"])[0]["name"], "Natal")

    def test_one_subject_that_fails_does_not_keep_the_others_quiet(self):
        self.provider.health_id._suspend(self.provider.id, "token")

        def fail(runs):
            raise ValueError("boom")

        self.patch(SmsRun, "_alert_matters_failed", fail)
        with mute_logger("odoo.addons.sms_base_sr.models.sms_batch_sweep"):
            self.env["sms.batch"]._sweep()
        self.assertEqual(len(self.told(self.provider)), 2)


class TestBatchAlerts(AlertCase):
    """Single sends that failed, and calls of which nobody can tell."""

    def test_a_single_sms_that_failed_is_told_to_who_sent_it(self):
        values = {"partner_id": self.partner.id, "body": "Olá"}
        messages = self.env["sms.message"].with_user(self.salesperson)
        message = messages.create(values)
        message.action_send()
        batch = message.sudo().batch_id
        self.fail_batch(batch)
        self.sweep()
        activity = self.told(batch)
        self.assertEqual((len(activity), activity.user_id), (1, self.salesperson))
        self.assertIn("Ana Exemplo", activity.summary)
        batch.with_user(self.salesperson).read(["state"])

    def test_trying_the_single_sms_again_closes_it(self):
        message = self.new_message()
        message.action_send()
        batch = message.batch_id
        self.fail_batch(batch)
        self.sweep()
        self.assertTrue(self.told(batch))
        message.action_try_again()
        self.sweep()
        self.assertFalse(self.told(batch))

    def undecided(self):
        batch = self.queued_batch()
        past = fields.Datetime.now() - timedelta(hours=2)
        later = fields.Datetime.now() + timedelta(hours=1)
        batch.write(
            {
                "state": "unknown",
                "needs_decision": True,
                "attempt": 1,
                "attempt_deadline": past,
                "ask_at": later,
            }
        )
        return batch

    def test_a_batch_that_needs_a_decision_is_told_to_the_administrators(self):
        batch = self.undecided()
        self.sweep()
        self.assertEqual(self.told(batch).user_id, self.admin + self.second_admin)
        self.assertIn("Send again", self.told(batch)[0].note)

    def test_one_decision_closes_it_for_all(self):
        batch = self.undecided()
        self.sweep()
        batch.with_user(self.admin).action_count_as_sent()
        self.assertFalse(self.told(batch))

    def test_an_answer_of_the_gateway_closes_it_too(self):
        batch = self.undecided()
        self.sweep()
        batch._conclude_sent()
        self.sweep()
        self.assertFalse(self.told(batch))

    def test_the_next_attempts_question_is_a_new_one(self):
        batch = self.undecided()
        self.sweep()
        self.told(batch, self.admin).with_user(self.admin).action_feedback()
        self.sweep()
        self.assertFalse(self.told(batch, self.admin))
        batch.attempt = 2
        self.sweep()
        self.assertEqual(len(self.told(batch, self.admin)), 1)


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
