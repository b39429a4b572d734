from odoo.addons.sms_base_sr.tools.outcomes import NotAttempted

from .campaign_case import CampaignCase


class TestSweep(CampaignCase):
    """The ledger is the queue: losing every job delays, and loses nothing."""

    def sweep(self):
        self.env.flush_all()
        self.env["sms.batch"]._sweep()

    def test_a_queued_batch_without_a_job_gets_one(self):
        """Pain 16: jobs die in many ways; batches are looked at, not jobs."""
        cases = ["deleted", "done", "cancelled", "failed"]
        for fate in cases:
            with self.subTest(fate=fate):
                self.campaign.recipients.clear()
                batch = self.queued_batch()
                if fate == "deleted":
                    self.pending_jobs().unlink()
                else:
                    self.send_jobs(batch).write({"state": fate})
                self.sweep()
                self.run_batch(batch)
                self.assertEqual(batch.state, "sent")

    def test_a_batch_whose_job_lives_gets_no_second_one(self):
        """Pain 15: the sweeper does not multiply jobs minute by minute."""
        batch = self.queued_batch()
        for state in ("pending", "enqueued", "started", "wait_dependencies"):
            with self.subTest(state=state):
                job = (
                    self.env["queue.job"]
                    .sudo()
                    .search([("method_name", "=", "_send_batch")])
                )
                job.write({"state": state})
                self.sweep()
                self.sweep()
                found = (
                    self.env["queue.job"]
                    .sudo()
                    .search_count([("method_name", "=", "_send_batch")])
                )
                self.assertEqual(found, 1)
        self.assertEqual(batch.state, "queued")

    def test_a_batch_that_waits_for_its_next_try_keeps_its_job(self):
        batch = self.queued_batch()
        self.gateway.answers = [NotAttempted("rate_limited", retry_after=120)]
        self.run_batch(batch)
        self.sweep()
        self.assertEqual(len(self.send_jobs(batch)), 1)

    def test_a_plan_without_a_job_gets_one_and_goes_on(self):
        self.add_contacts(3)
        run = self.new_run()
        run.action_send()
        self.pending_jobs().unlink()
        self.sweep()
        self.assertEqual(len(self.pending_jobs("_plan")), 1)
        self.sweep()
        self.assertEqual(len(self.pending_jobs("_plan")), 1)
        self.run_jobs()
        self.assertEqual(self.states(run), {"sent": 3})

    def test_jobs_of_one_run_do_not_stand_for_another(self):
        first, second = self.new_run(), self.new_run()
        (first + second).action_plan()
        self.pending_jobs("_plan").filtered(lambda j: j.records == first).unlink()
        self.sweep()
        records = [job.records for job in self.pending_jobs("_plan")]
        self.assertEqual(sorted(r.id for r in records), (first + second).ids)

    def test_batches_that_are_still_filled_are_left_to_the_planner(self):
        self.add_contacts(3)
        run = self.new_run()
        run.action_send()
        run._plan_next_page()
        self.sweep()
        self.assertFalse(self.pending_jobs("_send_batch"))

    def test_a_single_send_without_a_job_gets_one(self):
        message = self.new_message()
        message.action_send()
        self.pending_jobs().unlink()
        self.sweep()
        job = self.pending_jobs("_send_batch")
        self.assertEqual(job.channel, "root.sms.now")
        self.run_job(job)
        self.assertEqual(message.state, "sent")

    def test_an_attempt_that_lost_its_job_is_recovered(self):
        """Pain 7 and 14: asked about, never sent again blindly."""
        batch = self.queued_batch()
        self.pending_jobs().unlink()
        self.begin_attempt(batch, over_since=5)
        self.sweep()
        self.run_jobs("_recover")
        self.assertEqual(self.gateway.queries, [f"{batch.reference}-1"])
        self.assertFalse(self.gateway.calls)

    def test_a_run_whose_batches_are_final_is_done(self):
        batch = self.queued_batch()
        run = batch.run_id
        batch.state = "failed"
        self.sweep()
        self.assertEqual(run.state, "done")
        self.assertTrue(run.done_at)

    def test_a_run_with_an_open_batch_is_not_done(self):
        batch = self.queued_batch()
        for state in ("draft", "queued", "sending", "unknown"):
            with self.subTest(state=state):
                batch.state = state
                self.sweep()
                self.assertEqual(batch.run_id.state, "sending")

    def test_one_runs_trouble_does_not_stop_the_others(self):
        """Pain 4: companies and providers are swept side by side."""
        other = self.env["res.company"].create({"name": "B"})
        provider = self.provider.create({"name": "B", "company_id": other.id})
        paused = self.queued_batch()
        paused.run_id.action_pause()
        self.campaign.recipients.clear()
        batch = self.queued_batch(company_id=other.id, provider_id=provider.id)
        self.pending_jobs().unlink()
        self.sweep()
        self.run_jobs("_send_batch")
        self.assertEqual((paused.state, batch.state), ("queued", "sent"))

    def test_the_cron_calls_the_sweeper(self):
        batch = self.queued_batch()
        self.pending_jobs().unlink()
        with self.enter_registry_test_mode():
            self.env.ref("sms_base_sr.ir_cron_sweep").method_direct_trigger()
        self.assertEqual(len(self.send_jobs(batch)), 1)
