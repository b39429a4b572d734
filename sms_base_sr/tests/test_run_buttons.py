from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError

from odoo.addons.sms_base_sr.models import sms_run_plan

from .campaign_case import CampaignCase


class TestRunButtons(CampaignCase):
    """Buttons write the run and its batches, never a message, and work at once."""

    def test_releasing_queues_the_batches_and_a_job_makes_their_jobs(self):
        run = self.planned_run()
        run.action_release()
        self.assertEqual(run.state, "sending")
        self.assertTrue(run.started_at)
        self.assertEqual(run.batch_ids.mapped("state"), ["queued"])
        self.assertEqual(self.states(run), {"draft": 3})
        self.run_jobs("_enqueue_batches", "_send_batch")
        self.assertEqual(self.states(run), {"sent": 3})

    def test_only_a_planned_run_can_be_released(self):
        run = self.new_run()
        for state in ("draft", "planning", "sending", "paused", "done", "canceled"):
            run.write({"state": state})
            with (
                self.subTest(state=state),
                self.assertRaisesRegex(UserError, "Natal.*plan it first"),
            ):
                run.action_release()

    def test_pausing_stops_before_the_next_batch_and_resuming_goes_on(self):
        """Pain 12: resuming repeats nobody and forgets nobody."""
        self.provider.batch_size = 2
        run = self.planned_run(6)
        run.action_release()
        self.run_jobs("_enqueue_batches")
        self.run_batch(run.batch_ids.sorted("id")[0])
        run.action_pause()
        self.run_jobs("_send_batch")
        self.assertEqual(self.states(run), {"sent": 2, "draft": 4})
        self.assertFalse(self.pending_jobs("_send_batch"), "a pause keeps no job busy")
        run.action_resume()
        self.run_jobs("_enqueue_batches", "_send_batch")
        self.assertEqual(self.states(run), {"sent": 6})
        self.assertEqual(len(set(self.gateway.phones)), len(self.gateway.phones))

    def test_the_sweeper_leaves_a_paused_run_alone(self):
        """Pain 18: a pause is the campaign's, and no job polls for its end."""
        batch = self.queued_batch()
        self.pending_jobs().unlink()
        batch.run_id.action_pause()
        self.env["sms.batch"]._sweep()
        self.assertFalse(self.send_jobs(batch))
        batch.run_id.action_resume()
        self.run_jobs("_enqueue_batches")
        self.assertTrue(self.send_jobs(batch))

    def test_pausing_while_planning_keeps_the_place(self):
        """Pain 12: planning goes on after the last contact that was planned."""
        self.patch(sms_run_plan, "PAGE", 2)
        self.provider.batch_size = 2
        self.add_contacts(5)
        run = self.new_run()
        run.action_send()
        run._plan_next_page()
        run.action_pause()
        self.run_jobs("_plan", "_send_batch")
        self.assertEqual(run.state, "paused")
        self.assertEqual(self.states(run), {"draft": 2})
        run.action_resume()
        self.assertEqual(run.state, "planning")
        self.run_jobs()
        self.assertEqual(self.states(run), {"sent": 5})
        self.assertEqual(run.state, "done")
        self.assertEqual(len(self.gateway.phones), 5)

    def test_a_plan_that_nobody_released_cannot_be_paused(self):
        run = self.new_run()
        run.action_plan()
        run.action_pause()
        self.assertEqual(run.state, "planning")

    def test_cancelling_before_anything_left_cancels_all(self):
        """Pain 20: cancel changes what the sender reads."""
        for state in ("ready", "sending", "paused", "scheduled"):
            with self.subTest(state=state):
                self.campaign.recipients.clear()
                run = self.planned_run()
                if state in ("sending", "paused"):
                    run.action_release()
                run.write({"state": state})
                run.action_cancel()
                self.assertEqual(run.state, "canceled")
                self.assertEqual(run.batch_ids.mapped("state"), ["canceled"])
                self.run_jobs()
                self.assertEqual(self.states(run), {"canceled": 3})
                reasons = set(self.messages(run).mapped("failure_type"))
                self.assertEqual(reasons, {"campaign_canceled"})
                self.assertFalse(any(self.messages(run).mapped("cost")))
                self.assertFalse(self.gateway.calls)

    def test_cancelling_midway_keeps_what_has_left(self):
        """Pain 20: what had already gone is shown as gone."""
        self.provider.batch_size = 2
        run = self.planned_run(6)
        run.action_release()
        self.run_jobs("_enqueue_batches")
        self.run_batch(run.batch_ids.sorted("id")[0])
        run.action_cancel()
        self.run_jobs()
        self.assertEqual(self.states(run), {"sent": 2, "canceled": 4})
        self.assertEqual(len(self.gateway.phones), 2)
        summary = self.summary(run)
        self.assertEqual(summary["sent"], 2)
        self.assertEqual(summary["excluded"], {"campaign_canceled": 4})

    def test_cancelling_while_planning_stops_the_plan(self):
        self.patch(sms_run_plan, "PAGE", 2)
        self.add_contacts(5)
        run = self.new_run()
        run.action_send()
        run._plan_next_page()
        run.action_cancel()
        self.run_jobs()
        self.assertEqual(self.states(run), {"canceled": 2})
        self.assertFalse(self.gateway.calls)

    def test_a_batch_that_comes_back_after_the_cancel_does_not_leave_again(self):
        batch = self.queued_batch()
        batch.run_id.write({"state": "canceled"})
        self.run_batch(batch)
        self.assertEqual(batch.state, "canceled")
        self.assertEqual(self.states(batch), {"canceled": 3})
        self.assertFalse(self.gateway.calls)

    def test_a_finished_run_has_no_button_that_changes_it(self):
        batch = self.queued_batch()
        self.run_jobs()
        run = batch.run_id
        self.assertEqual(run.state, "done")
        for button in ("action_pause", "action_resume", "action_cancel", "action_send"):
            with self.subTest(button=button):
                getattr(run, button)()
                self.assertEqual(run.state, "done")
        self.run_jobs()
        self.assertEqual(len(self.gateway.calls), 1)

    def test_a_schedule_needs_its_date(self):
        with self.assertRaisesRegex(UserError, "Send from"):
            self.planned_run().action_schedule()

    def test_a_scheduled_run_leaves_when_its_time_has_come(self):
        start = fields.Datetime.now() + timedelta(hours=1)
        run = self.planned_run(date_start=start)
        run.action_schedule()
        self.env["sms.batch"]._sweep()
        self.assertEqual(run.state, "scheduled")
        with freeze_time(start + timedelta(seconds=1)):
            self.env["sms.batch"]._sweep()
            self.assertEqual(run.state, "sending")
            self.run_jobs("_enqueue_batches", "_send_batch")
        self.assertEqual(self.states(run), {"sent": 3})

    def test_past_its_latest_start_a_person_decides(self):
        """Pain 13: a server that was down for hours sends nothing on its own."""
        start = fields.Datetime.now() + timedelta(hours=1)
        latest = start + timedelta(hours=2)
        run = self.planned_run(date_start=start, date_latest_start=latest)
        run.action_schedule()
        with freeze_time(latest + timedelta(minutes=1)):
            self.env["sms.batch"]._sweep()
        self.assertEqual(run.state, "ready")
        self.assertIn("latest start", run.failure_reason)
        self.assertFalse(self.pending_jobs("_send_batch"))
        run.action_release()
        self.assertEqual(run.state, "sending")

    def test_a_cancelled_schedule_does_not_leave(self):
        run = self.planned_run(date_start=fields.Datetime.now())
        run.action_schedule()
        run.action_cancel()
        self.env["sms.batch"]._sweep()
        self.run_jobs()
        self.assertFalse(self.gateway.calls)

    def test_buttons_belong_to_campaign_managers(self):
        run = self.planned_run(date_start=fields.Datetime.now())
        names = ("plan", "send", "release", "schedule", "pause", "resume", "cancel")
        buttons = [f"action_{name}" for name in names]
        stranger = self.new_user("stranger", "base.group_user")
        for user in (self.salesperson, stranger):
            for button in buttons:
                with (
                    self.subTest(user=user.login, button=button),
                    self.assertRaises(AccessError),
                ):
                    getattr(run.with_user(user), button)()
        run.with_user(self.manager).action_release()
        self.assertEqual(run.state, "sending")

    def test_a_manager_of_another_company_cannot_press(self):
        """Pain 5: companies do not touch each other's campaigns."""
        other = self.env["res.company"].create({"name": "B"})
        self.manager.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        run = self.planned_run()
        with self.assertRaises(AccessError):
            run.with_user(self.manager).action_cancel()
        self.assertEqual(run.state, "ready")

    def test_messages_and_batches_of_a_run_open_by_domain_not_by_ids(self):
        run = self.planned_run()
        for name in ("action_view_messages", "action_view_batches"):
            with self.subTest(button=name):
                action = getattr(run, name)()
                self.assertEqual(action["domain"], [("run_id", "in", run.ids)])
