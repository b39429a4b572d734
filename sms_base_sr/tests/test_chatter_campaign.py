from odoo import fields

from ..models import sms_run_chatter
from ..models.sms_batch_chatter import STATUS_BATCHES
from ..models.sms_batch_settle import CHATTER_AFTER_SECONDS
from ..models.sms_batch_todo import PATIENCE
from .campaign_case import CampaignCase


class TestChatterOfCampaigns(CampaignCase):
    """A campaign's notes come after its batch, and their statuses in few jobs."""

    def sent_batch(self, **run_values):
        batch = self.queued_batch(2)
        self.run_batch(batch)
        batch.run_id.write(run_values)
        return batch

    def notes(self, batch):
        domain = [("sms_message_id.batch_id", "=", batch.id)]
        return self.env["mail.notification"].search(domain)

    def give_partners(self, batch):
        batch.message_ids.partner_id = self.company.partner_id
        self.env.flush_all()

    def test_notes_of_a_campaign_come_a_moment_after_the_batch(self):
        before = fields.Datetime.now()
        self.sent_batch()
        [job] = self.pending_jobs("_mirror_chatter")
        wait = (job.eta - before).total_seconds()
        self.assertGreaterEqual(wait, CHATTER_AFTER_SECONDS - 1)
        self.assertLess(wait, 60)

    def planned_batch(self):
        """A batch that has left while its campaign was still being planned."""
        batch = self.queued_batch(2)
        self.give_partners(batch)
        batch.run_id.state = "planning"
        self.run_batch(batch)
        return batch

    def test_while_a_campaign_is_planned_they_have_no_job(self):
        """No job is a waiting room: those that wait come back again and again."""
        batch = self.planned_batch()
        self.assertFalse(self.pending_jobs("_mirror_chatter"))
        self.assertFalse(self.notes(batch))

    def test_the_end_of_planning_makes_one_job_for_all_of_them(self):
        batch = self.planned_batch()
        other = self.planned_batch()
        other.run_id = batch.run_id
        batch.run_id._finish_planning()
        self.assertEqual(len(self.pending_jobs("_write_notes_planned")), 1)
        self.run_jobs("_write_notes_planned")
        for each in batch, other:
            self.assertEqual(len(self.notes(each)), len(each.message_ids))
        self.assertFalse(self.promises(batch | other))

    def test_a_campaign_without_any_has_no_job(self):
        batch = self.queued_batch(2)
        batch.run_id.state = "planning"
        batch.run_id._finish_planning()
        self.assertFalse(self.pending_jobs("_write_notes_planned"))

    def test_that_job_ends_in_time_and_another_goes_on(self):
        batch = self.planned_batch()
        self.patch(sms_run_chatter, "SLICE_SECONDS", -1)
        batch.run_id._write_notes_planned()
        self.assertFalse(self.notes(batch))
        self.assertEqual(len(self.pending_jobs("_write_notes_planned")), 1)

    def test_where_planning_never_ends_the_sweeper_has_them_written(self):
        batch = self.planned_batch()
        batch.run_id.state = "paused"
        self.promises(batch).promised_at -= 2 * PATIENCE
        self.env["sms.batch.todo"]._sweep_mirrors()
        self.run_jobs("_mirror_chatter")
        self.assertEqual(len(self.notes(batch)), 2)

    def promises(self, batches):
        domain = [("batch_id", "in", batches.ids), ("method", "=", "_mirror_chatter")]
        return self.env["sms.batch.todo"].search(domain)

    def test_statuses_of_many_batches_are_the_work_of_few_jobs(self):
        batch = self.sent_batch()
        others = [batch.copy({"run_id": batch.run_id.id}) for _n in range(12)]
        batches = batch.union(*others)
        batches.write({"sent_date": fields.Datetime.now(), "state": "sent"})
        self.pending_jobs("_mirror_statuses").unlink()
        batches._enqueue_status_mirror()
        jobs = self.pending_jobs("_mirror_statuses")
        self.assertEqual(
            sorted(len(job.records) for job in jobs),
            [len(batches) - STATUS_BATCHES, STATUS_BATCHES],
        )
        # Each of them is known to have a job, not only the first of each job.
        self.assertEqual(batches._with_living_job("_mirror_statuses"), batches)

    def test_a_single_sms_is_shown_by_a_job_of_its_own(self):
        first, second = (self.sent_batch() for _n in range(2))
        batches = first | second
        batches.write({"run_id": False})
        self.pending_jobs("_mirror_statuses").unlink()
        batches._enqueue_status_mirror()
        self.assertEqual(len(self.pending_jobs("_mirror_statuses")), 2)
