from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.queue_job.job import Job

from .common import OTHER_CHANNEL, SmsJobsCase


@tagged("post_install", "-at_install")
class TestRequeue(SmsJobsCase):
    """What the table of rights cannot say: sentences, selections, superusers."""

    def test_a_requeued_job_starts_with_all_its_tries(self):
        job = self.make_job(retry=5)
        self.assertTrue(self.as_user("operator", job).requeue())
        self.assertEqual(job.state, "pending")
        self.assertEqual(job.retry, 0)

    def test_an_operator_requeues_several_failed_jobs_at_once(self):
        jobs = self.make_job() + self.make_job(channel="root.sms")
        self.as_user("operator", jobs).requeue()
        self.assertEqual(set(jobs.mapped("state")), {"pending"})

    def test_one_unfailed_job_in_the_selection_stops_all(self):
        jobs = self.make_job() + self.make_job(state="done")
        with self.assertRaisesRegex(AccessError, "failed jobs only"):
            self.as_user("operator", jobs).requeue()
        self.assertEqual(jobs.mapped("state"), ["failed", "done"])

    def test_a_viewer_is_told_who_may_requeue(self):
        job = self.as_user("viewer", self.make_job())
        with self.assertRaisesRegex(AccessError, "Only operators of SMS jobs"):
            job.requeue()

    def test_an_operator_is_told_who_may_cancel(self):
        job = self.as_user("operator", self.make_job())
        for method in (job.button_done, job.button_cancelled):
            with self.assertRaisesRegex(AccessError, "Only queue managers"):
                method()

    def test_a_channel_that_only_begins_alike_is_not_ours(self):
        job = self.make_job(channel="root.smsother")
        with self.assertRaises(AccessError):
            self.as_user("operator", job).requeue()
        self.assertEqual(job.state, "failed")

    def test_an_operator_who_reads_other_jobs_still_may_not_requeue_them(self):
        """Another addon may show its jobs to our operators by a rule of its own."""
        self.env["ir.rule"].create(
            {
                "name": "another addon shows its jobs to SMS operators",
                "model_id": self.env.ref("queue_job.model_queue_job").id,
                "domain_force": "[('channel', '=', 'root')]",
                "groups": [(4, self.env.ref("queue_job_config.group_job_viewer").id)],
            }
        )
        job = self.as_user("operator", self.make_job(channel=OTHER_CHANNEL))
        self.assertEqual(job.channel, OTHER_CHANNEL)
        with self.assertRaisesRegex(AccessError, "jobs of SMS only"):
            job.requeue()

    def test_readers_of_another_addon_keep_their_ways_outside_sms(self):
        group = self.env["res.groups"].create({"name": "Readers of another addon"})
        self.users["stranger"].write({"group_ids": [(4, group.id)]})
        self.env["ir.model.access"].create(
            {
                "name": "another addon reads jobs",
                "model_id": self.env.ref("queue_job.model_queue_job").id,
                "group_id": group.id,
                "perm_read": True,
            }
        )
        theirs = self.make_job(channel=OTHER_CHANNEL)
        self.as_user("stranger", theirs).requeue()
        self.assertEqual(theirs.state, "pending")
        ours = self.make_job()
        with self.assertRaisesRegex(AccessError, "Only operators of SMS jobs"):
            self.as_user("stranger", ours).requeue()
        with self.assertRaisesRegex(AccessError, "Only queue managers"):
            self.as_user("stranger", ours).button_cancelled()

    def test_code_that_works_as_superuser_is_never_asked(self):
        for verb, state in (("button_done", "done"), ("button_cancelled", "cancelled")):
            job = self.make_job(state="pending")
            getattr(self.as_user("stranger", job).sudo(), verb)()
            self.assertEqual(job.state, state)

    def test_the_runner_still_stores_and_finishes_jobs(self):
        """A job of an ordinary user is stored and set done by queue_job itself."""
        partner = self.env["res.partner"].create({"name": "Maria"})
        partner = self.as_user("stranger", partner)
        uuid = partner.with_delay(channel="root.sms.now").exists().uuid
        job = Job.load(partner.env, uuid)
        job.perform()
        job.set_done()
        job.store()
        record = self.env["queue.job"].search([("uuid", "=", uuid)])
        self.assertEqual(record.state, "done")
