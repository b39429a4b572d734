from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tools import mute_logger

from odoo.addons.sms_base_sr.models.sms_run_alerts import SmsRun

from .alert_case import AlertCase


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
