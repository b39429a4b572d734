from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tools import mute_logger

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.sms_base_sr.models.sms_event import SmsEvent
from odoo.addons.sms_base_sr.models.sms_run_plan import SmsRun as SmsRunPlan
from odoo.addons.sms_base_sr.tools.inbound import StatusItem
from odoo.addons.sms_base_sr.tools.outcomes import NotAttempted

from .campaign_case import CampaignCase

SWEEP_LOG = "odoo.addons.sms_base_sr.models.sms_batch_sweep"
RUN_LOG = "odoo.addons.sms_base_sr.models.sms_run"


class SweepCase(CampaignCase):
    """The sweeper, called as its cron calls it or within the test's transaction."""

    def sweep(self):
        self.env.flush_all()
        self.env["sms.batch"]._sweep()

    def sweep_by_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("sms_base_sr.ir_cron_sweep").method_direct_trigger()

    @property
    def watch(self):
        self.env.invalidate_all()
        return self.env.ref("sms_base_sr.sms_watch")

    def later(self, minutes=2):
        return freeze_time(fields.Datetime.now() + timedelta(minutes=minutes))


class TestSteps(SweepCase):
    """Each step alone: one that fails is written down and stops no other."""

    def fail_events(self):
        def fail(events):
            raise ValueError("boom")

        self.patch(SmsEvent, "_sweep_events", fail)

    def test_a_failing_step_is_logged_and_shown_and_the_others_go_on(self):
        batch = self.queued_batch()
        self.pending_jobs().unlink()
        self.fail_events()
        with self.assertLogs(SWEEP_LOG, "ERROR") as logs:
            self.sweep()
        self.assertIn("sms.event._sweep_events failed", logs.output[0])
        self.assertEqual(len(self.send_jobs(batch)), 1)
        self.assertEqual(self.watch.failed_steps, "sms.event._sweep_events")

    def test_what_a_failing_step_did_is_undone(self):
        name = self.partner.name

        def fail(events):
            self.partner.name = "changed"
            self.env.flush_all()
            raise ValueError("boom")

        self.patch(SmsEvent, "_sweep_events", fail)
        with mute_logger(SWEEP_LOG):
            self.sweep()
        self.env.invalidate_all()
        self.assertEqual(self.partner.name, name)

    def test_the_next_healthy_round_clears_the_note(self):
        self.fail_events()
        with mute_logger(SWEEP_LOG):
            self.sweep()
        self.patch(SmsEvent, "_sweep_events", lambda events: None)
        self.sweep()
        self.assertFalse(self.watch.failed_steps)

    def test_the_cron_commits_step_by_step(self):
        batch = self.queued_batch()
        self.pending_jobs().unlink()

        def fail(watch, steps):
            raise ValueError("the process dies at the very end")

        self.patch(type(self.env["sms.watch"]), "_note_sweep", fail)
        with mute_logger("odoo.addons.base.models.ir_cron"):
            self.sweep_by_cron()
        self.assertEqual(len(self.send_jobs(batch)), 1)

    def test_it_notes_when_it_was_there(self):
        before = fields.Datetime.now()
        self.sweep_by_cron()
        self.assertGreaterEqual(self.watch.swept_at, before)

    def test_every_step_exists_and_a_quiet_system_passes_all(self):
        for model, method in self.env["sms.batch"]._sweep_steps():
            with self.subTest(step=f"{model}.{method}"):
                self.assertTrue(self.env["sms.batch"]._sweep_step(model, method))

    def test_a_busy_system_passes_all_steps_and_is_at_rest_after_one_round(self):
        batch = self.queued_batch(2)
        self.run_batch(batch)
        message = self.new_message()
        message.action_send()
        self.sweep()
        self.assertFalse(self.watch.failed_steps)
        jobs = len(self.pending_jobs())
        self.sweep()
        self.assertEqual(len(self.pending_jobs()), jobs, "no job is made twice")

    def test_a_schedule_that_cannot_start_stops_no_other(self):
        start = fields.Datetime.now() - timedelta(minutes=1)
        broken, good = (self.planned_run(date_start=start) for _run in range(2))
        (broken + good).action_schedule()
        runs = type(self.env["sms.run"])
        begin = runs._start_scheduled

        def fail(run, now):
            if run == broken:
                raise ValueError("boom")
            begin(run, now)

        self.patch(runs, "_start_scheduled", fail)
        with mute_logger(RUN_LOG):
            self.sweep()
        self.assertEqual((broken.state, good.state), ("scheduled", "sending"))


class TestLostJobs(SweepCase):
    """Whatever waits gets a new job when its own is gone: none is ever needed."""

    def sent_batch(self):
        batch = self.queued_batch(1)
        self.messages(batch).partner_id = self.partner
        self.run_batch(batch)
        return batch

    def notes(self, batch):
        return self.env["mail.notification"].search(
            [("sms_message_id", "in", self.messages(batch).ids)]
        )

    def test_a_lost_chatter_note_is_written_after_all(self):
        batch = self.sent_batch()
        self.pending_jobs().unlink()
        self.sweep()
        self.assertFalse(self.pending_jobs("_mirror_chatter"), "it may still come")
        with self.later():
            self.sweep()
            self.sweep()
            self.assertEqual(len(self.pending_jobs("_mirror_chatter")), 1)
            self.run_jobs("_mirror_chatter")
        self.assertEqual(len(self.notes(batch)), 1)
        self.assertFalse(self.env["sms.batch.todo"].search([]))

    def test_a_note_whose_job_lives_gets_no_second_one(self):
        self.sent_batch()
        with self.later():
            self.sweep()
        self.assertEqual(len(self.pending_jobs("_mirror_chatter")), 1)

    def test_a_note_that_was_written_is_not_promised_any_more(self):
        batch = self.sent_batch()
        self.run_jobs("_mirror_chatter")
        self.pending_jobs().unlink()
        with self.later():
            self.sweep()
        self.assertFalse(self.pending_jobs("_mirror_chatter"))
        self.assertEqual(len(self.notes(batch)), 1)

    def test_a_lost_status_shows_in_the_chatter_after_all(self):
        batch = self.sent_batch()
        self.run_jobs("_mirror_chatter", "_recompute_touched", "_mirror_statuses")
        reference = self.messages(batch).reference
        self.tell(StatusItem(message_id="gw", reference=reference, state="delivered"))
        self.run_jobs("_recompute_touched")
        self.pending_jobs().unlink()
        with self.later():
            self.sweep()
            self.run_jobs("_mirror_statuses")
        self.assertEqual(self.notes(batch).notification_status, "sent")

    def test_a_company_without_chatter_notes_is_promised_none(self):
        self.company.sms_chatter_mode = "none"
        self.sent_batch()
        self.assertFalse(self.env["sms.batch.todo"].search([]))

    def test_lost_marks_of_a_cancelled_campaign_are_made_after_all(self):
        run = self.planned_run()
        run.action_cancel()
        self.pending_jobs().unlink()
        with self.later():
            self.sweep()
            self.sweep()
            self.assertEqual(len(self.pending_jobs("_mark_canceled")), 1)
            self.run_jobs("_mark_canceled")
        self.assertEqual(self.states(run), {"canceled": 3})
        with self.later(10):
            self.sweep()
        self.assertFalse(self.pending_jobs("_mark_canceled"))

    def test_a_lost_start_of_the_batches_costs_a_minute(self):
        run = self.planned_run()
        run.action_release()
        self.pending_jobs().unlink()
        self.sweep()
        self.run_jobs("_send_batch")
        self.assertEqual(self.states(run), {"sent": 3})

    def test_lost_counters_are_counted_and_one_job_is_enough(self):
        batch = self.sent_batch()
        self.pending_jobs().unlink()
        self.sweep()
        self.sweep()
        self.assertEqual(len(self.pending_jobs("_recompute_touched")), 1)
        self.run_jobs("_recompute_touched")
        self.assertEqual(batch.run_id.state, "done")

    def test_a_counters_job_that_waits_for_its_next_try_counts_for_nothing(self):
        """Feasibility F5: a postponed job would swallow the wake-up."""
        self.sent_batch()
        job = self.pending_jobs("_recompute_touched")
        job.eta = fields.Datetime.now() + timedelta(minutes=30)
        self.env.flush_all()
        self.sweep()
        self.assertEqual(len(self.pending_jobs("_recompute_touched")), 2)

    def test_events_that_nobody_applies_are_applied(self):
        batch = self.sent_batch()
        item = StatusItem(
            message_id="gw", reference=self.messages(batch).reference, state="delivered"
        )
        self.env["sms.event"]._store_items(self.provider, [item], "webhook")
        self.pending_jobs().unlink()
        self.env.cr.execute("UPDATE sms_event SET create_date = '2020-01-01'")
        self.sweep()
        self.run_jobs("_apply_pending")
        self.assertEqual(self.messages(batch).state, "delivered")


class TestPlanningThatAlwaysFails(SweepCase):
    """Three failed jobs in a row, then the run fails and a person is told."""

    def setUp(self):
        super().setUp()
        self.error = ValueError("the list cannot be read")
        self.page = SmsRunPlan._plan_next_page
        self.patch(SmsRunPlan, "_plan_next_page", lambda run: self.plan_page(run))
        self.run_ = self.new_run()
        self.add_contacts(2)
        self.run_.action_plan()

    def plan_page(self, run):
        if self.error:
            raise self.error
        return self.page(run)

    def plan(self):
        """Run the planning job as queue_job does; return what it raised."""
        job = self.pending_jobs("_plan")
        self.assertEqual(len(job), 1)
        try:
            self.run_job(job)
        except Exception as error:
            job.write({"state": "failed", "exc_name": "builtins.ValueError"})
            self.env.invalidate_all()
            return error
        self.env.invalidate_all()
        return None

    def test_after_three_failed_jobs_the_run_is_failed_with_the_reason(self):
        for failures in (1, 2, 3):
            with self.subTest(failures=failures):
                self.assertEqual(self.plan(), self.error)
                self.assertEqual(self.run_.plan_failures, failures)
                self.sweep()
        self.assertEqual(self.run_.state, "failed")
        self.assertIn("the list cannot be read", self.run_.failure_reason)
        self.assertFalse(self.pending_jobs("_plan"), "and no job comes any more")

    def test_a_page_that_is_planned_begins_the_count_anew(self):
        self.plan()
        self.sweep()
        self.plan()
        self.sweep()
        self.error = None
        self.plan()
        self.assertEqual((self.run_.plan_failures, self.run_.state), (0, "ready"))

    def test_planning_again_begins_the_count_anew(self):
        self.run_.write({"state": "failed", "plan_failures": 3})
        self.pending_jobs().unlink()
        self.run_.action_plan()
        self.error = None
        self.plan()
        self.assertEqual(self.run_.state, "ready")

    def test_a_lost_connection_is_no_fault_of_the_page(self):
        self.error = RetryableJobError("later", seconds=5)
        self.plan()
        self.assertEqual(self.run_.plan_failures, 0)


class TestHealing(SweepCase):
    """*Failed* means *bug*: what a restart of PostgreSQL left is set done."""

    LOST = ("psycopg2.OperationalError", "psycopg2.InterfaceError", "JobFoundDead")

    def fail(self, job, exc_name="psycopg2.OperationalError"):
        job.write({"state": "failed", "exc_name": exc_name, "exc_message": "server"})
        self.env.flush_all()
        return job

    def test_a_job_whose_batch_was_settled_is_set_done_with_a_word_why(self):
        for exc_name in self.LOST:
            with self.subTest(exc_name=exc_name):
                self.campaign.recipients.clear()
                batch = self.queued_batch()
                job = self.send_jobs(batch)
                self.run_job(job)
                self.fail(job, exc_name)
                self.sweep()
                self.assertEqual(job.state, "done")
                self.assertIn("Nothing to repair", job.result)
                self.assertIn(exc_name, job.result)

    def test_a_job_whose_batch_is_queued_again_is_set_done(self):
        batch = self.queued_batch()
        job = self.fail(self.send_jobs(batch))
        self.sweep()
        self.assertEqual(job.state, "done")
        self.assertEqual(len(self.send_jobs(batch)), 1, "another one does it")

    def test_a_job_whose_batch_waits_for_nobody_stays_failed(self):
        batch = self.queued_batch()
        job = self.fail(self.send_jobs(batch))
        self.env["queue.job"]._heal_sms_jobs()
        self.assertEqual(job.state, "failed", "no other job has taken it over yet")

    def test_a_bug_stays_failed(self):
        batch = self.queued_batch()
        job = self.fail(self.send_jobs(batch), "builtins.KeyError")
        self.sweep()
        self.assertEqual(job.state, "failed")

    def test_jobs_of_others_are_left_alone(self):
        job = self.partner.with_delay().exists().db_record()
        self.fail(job)
        self.sweep()
        self.assertEqual(job.state, "failed")

    def test_wake_up_calls_of_every_kind_are_healed(self):
        batch = self.queued_batch()
        self.run_batch(batch)
        methods = ("_mirror_chatter", "_recompute_touched")
        for method in methods:
            with self.subTest(method=method):
                job = self.fail(self.pending_jobs(method)[:1])
                self.sweep()
                self.assertEqual(job.state, "done")

    def test_a_waiting_batchs_job_is_healed_too(self):
        """Paused: no job is needed until somebody resumes."""
        batch = self.queued_batch()
        batch.run_id.action_pause()
        job = self.fail(self.send_jobs(batch))
        self.sweep()
        self.assertEqual(job.state, "done")
        self.assertFalse(self.send_jobs(batch))

    def test_the_batch_that_was_healed_is_sent_once(self):
        batch = self.queued_batch()
        self.gateway.answers = [NotAttempted("connection")]
        self.run_batch(batch)
        self.fail(self.send_jobs(batch))
        batch.not_before = False
        self.sweep()
        self.run_jobs("_send_batch")
        self.assertEqual((batch.state, len(self.gateway.calls)), ("sent", 2))
