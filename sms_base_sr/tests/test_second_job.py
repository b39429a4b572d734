from odoo.addons.queue_job.job import Job

from .campaign_case import CampaignCase


class TestSecondJob(CampaignCase):
    """Whatever is requeued, at any moment: a second job of a batch changes nothing."""

    def in_the_call(self, batch, act):
        """Do something while the batch's own job is in its call."""

        def call(request):
            act()
            self.env.invalidate_all()
            return self.gateway.accept(request)

        self.gateway.answers = [call]
        self.run_batch(batch)

    def second_job(self, batch):
        """Make a second job of the batch and run it, in a transaction of its own."""
        batch._enqueue()
        uuid = self.send_jobs(batch).sorted("id")[-1:].uuid
        with self.env.registry.cursor() as cr:
            Job.load(self.env(cr=cr), uuid).perform()

    def test_a_second_job_during_the_call_neither_calls_nor_settles(self):
        batch = self.queued_batch()
        seen = []

        def act():
            token = batch.attempt_token
            self.second_job(batch)
            seen.append((batch.attempt, batch.attempt_token == token))

        self.in_the_call(batch, act)
        self.assertEqual(seen, [(1, True)])
        self.assertEqual((batch.state, batch.attempt), ("sent", 1))
        self.assertEqual(self.states(batch), {"sent": 3})
        self.assertEqual(len(self.gateway.calls), 1)
        self.assertFalse(self.gateway.queries, "nobody asks while the call is out")

    def test_a_job_requeued_after_the_answer_does_nothing(self):
        batch = self.queued_batch()
        job = self.send_jobs(batch)
        self.run_job(job)
        job.requeue()
        self.assertEqual(job.state, "pending")
        self.run_job(job)
        self.assertEqual(len(self.gateway.calls), 1)
        self.assertEqual(batch.attempt, 1)

    def test_a_started_job_cannot_be_requeued(self):
        """queue_job leaves it alone: it holds the job's lock while it runs."""
        job = self.send_jobs(self.queued_batch())
        running = Job.load(self.env, job.uuid)
        running.set_started()
        running.store()
        job.requeue()
        self.assertEqual(job.state, "started")

    def test_ten_jobs_of_one_batch_make_one_call(self):
        batch = self.queued_batch()
        for _time in range(9):
            batch._enqueue()
        self.run_jobs("_send_batch")
        self.assertEqual(len(self.gateway.calls), 1)
