from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import OTHER_CHANNEL, SmsJobsCase


@tagged("post_install", "-at_install")
class TestVisibility(SmsJobsCase):
    """Who sees which jobs, and that seeing them gives no other right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ours = cls.make_job() + cls.make_job(channel="root.sms")
        cls.theirs = cls.make_job(channel=OTHER_CHANNEL) + cls.make_job(
            channel="root.smsother"
        )
        cls.all = cls.ours + cls.theirs

    def _seen_by(self, role):
        jobs = self.as_user(role, self.env["queue.job"])
        return jobs.search([("id", "in", self.all.ids)]).sudo()

    def test_viewers_and_operators_see_the_jobs_of_sms_only(self):
        for role in ("viewer", "operator"):
            with self.subTest(role=role):
                self.assertEqual(self._seen_by(role), self.ours.sorted())

    def test_a_manager_sees_all_jobs_even_as_an_operator(self):
        for role in ("manager", "both"):
            with self.subTest(role=role):
                self.assertEqual(self._seen_by(role), self.all.sorted())

    def test_a_stranger_sees_no_job(self):
        with self.assertRaises(AccessError):
            self._seen_by("stranger")

    def test_the_rule_of_companies_stays(self):
        company = self.env["res.company"].create({"name": "Another company"})
        hidden = self.make_job(company_id=company.id)
        with self.assertRaises(AccessError):
            self.as_user("operator", hidden).read(["state"])

    def test_an_operator_writes_and_deletes_no_job(self):
        job = self.as_user("operator", self.ours[0])
        with self.assertRaises(AccessError):
            job.write({"state": "pending"})
        with self.assertRaises(AccessError):
            job.write({"eta": False})
        with self.assertRaises(AccessError):
            job.unlink()

    def test_an_operator_reads_channels_and_functions_but_changes_none(self):
        for model in ("queue.job.channel", "queue.job.function"):
            with self.subTest(model=model):
                record = self.env[model].search([], limit=1)
                record = self.as_user("operator", record)
                self.assertTrue(record.read(["display_name"]))
                with self.assertRaises(AccessError):
                    record.unlink()
                self.assertFalse(record.browse().has_access("create"))

    def test_an_operator_is_a_viewer_and_a_manager_is_none(self):
        viewer = "queue_job_config.group_job_viewer"
        self.assertTrue(self.users["operator"].has_group(viewer))
        self.assertFalse(self.users["manager"].has_group(viewer))
