from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SmsJobsCase

HIDDEN = ("args", "kwargs", "func_string", "result", "exc_info", "dependency_graph")


@tagged("post_install", "-at_install")
class TestHiddenFields(SmsJobsCase):
    """Arguments and traces may name customers: leaving a view out hides nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.make_job(exc_info="Traceback about +55 81 99999-0000")

    def test_operators_cannot_ask_for_what_a_job_works_on(self):
        job = self.as_user("operator", self.job)
        for field in HIDDEN:
            with self.subTest(field=field), self.assertRaises(AccessError):
                job.read([field])

    def test_operators_cannot_guess_it_by_searching(self):
        jobs = self.as_user("operator", self.env["queue.job"])
        for field in ("func_string", "result", "exc_info"):
            with self.subTest(field=field), self.assertRaises(AccessError):
                jobs.search([(field, "ilike", "81")])

    def test_reading_everything_leaves_the_hidden_fields_out(self):
        [values] = self.as_user("operator", self.job).read()
        self.assertFalse(set(HIDDEN) & set(values))
        self.assertEqual(values["channel"], "root.sms.send")

    def test_managers_still_read_them(self):
        [values] = self.as_user("manager", self.job).read(HIDDEN)
        self.assertIn("99999-0000", values["exc_info"])

    def test_queue_job_itself_still_reads_them(self):
        """Loading a job for an operator's requeue needs its arguments."""
        self.as_user("operator", self.job).requeue()
        self.assertEqual(self.job.state, "pending")

    def test_the_form_of_queue_job_does_not_ask_operators_for_them(self):
        view = self.env.ref("queue_job.view_queue_job_form")
        jobs = self.as_user("operator", self.env["queue.job"])
        arch = jobs.get_view(view.id, "form")["arch"]
        for field in HIDDEN:
            self.assertNotIn(f'name="{field}"', arch)

    def test_the_form_of_queue_job_stays_whole_for_managers(self):
        view = self.env.ref("queue_job.view_queue_job_form")
        jobs = self.as_user("manager", self.env["queue.job"])
        arch = jobs.get_view(view.id, "form")["arch"]
        for field in ("result", "exc_info", "dependency_graph"):
            self.assertIn(f'name="{field}"', arch)
