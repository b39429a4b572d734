from odoo import fields

from ..models.sms_batch_chatter import STATUS_BATCHES
from ..models.sms_batch_settle import CHATTER_AFTER_SECONDS
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

    def test_they_are_written_while_the_campaign_is_planned(self):
        """No job is a waiting room: those that wait come back again and again."""
        batch = self.sent_batch(state="planning")
        self.give_partners(batch)
        batch._mirror_chatter()
        self.assertEqual(len(self.notes(batch)), 2)

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
