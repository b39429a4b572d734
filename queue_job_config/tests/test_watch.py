import os
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import config

from ..tools import capacity
from .common import OTHER_CHANNEL, SmsJobsCase


@tagged("post_install", "-at_install")
class TestWatch(SmsJobsCase):
    """The three figures by which a supervisor knows that jobs do not keep up."""

    def setUp(self):
        super().setUp()
        self.env["queue.job"].search([("channel", "=like", "root.sms%")]).unlink()

    def _watch(self, channels=None, workers=0, **settings):
        channels = channels or capacity.render_channels(
            capacity.CONFIGURATIONS["threaded"][1]
        )
        settings = {"channels": channels, **settings}
        variables = {f"ODOO_QUEUE_JOB_{k.upper()}": v for k, v in settings.items()}
        with (
            patch.dict(os.environ, variables),
            patch.dict(config.options, {"workers": workers}),
        ):
            return self.env["queue.job"]._sms_jobs_watch()

    def _created(self, job, minutes):
        job.with_context(_job_edit_sentinel=job.EDIT_SENTINEL).write(
            {"date_created": fields.Datetime.now() - timedelta(minutes=minutes)}
        )

    def test_an_empty_queue_is_healthy(self):
        self.assertEqual(
            self._watch(), {"oldest_pending": 0, "failed": 0, "capacity_problems": []}
        )

    def test_the_job_that_waits_longest_counts(self):
        self._created(self.make_job(state="pending"), minutes=10)
        self._created(self.make_job(state="enqueued"), minutes=5)
        self.assertAlmostEqual(self._watch()["oldest_pending"], 600, delta=5)

    def test_a_job_that_is_not_due_does_not_wait(self):
        later = fields.Datetime.now() + timedelta(hours=1)
        self._created(self.make_job(state="pending", eta=later), minutes=10)
        self.assertEqual(self._watch()["oldest_pending"], 0)

    def test_a_postponed_job_waits_from_its_eta_on(self):
        eta = fields.Datetime.now() - timedelta(minutes=1)
        self._created(self.make_job(state="pending", eta=eta), minutes=10)
        self.assertAlmostEqual(self._watch()["oldest_pending"], 60, delta=5)

    def test_failed_jobs_of_sms_are_counted_and_do_not_wait(self):
        jobs = self.make_job() + self.make_job()
        self._created(jobs[0], minutes=10)
        self.make_job(channel=OTHER_CHANNEL)
        watch = self._watch()
        self.assertEqual(watch["failed"], 2)
        self.assertEqual(watch["oldest_pending"], 0)

    def test_jobs_of_other_addons_do_not_count(self):
        self._created(self.make_job(state="pending", channel=OTHER_CHANNEL), minutes=10)
        self.assertEqual(self._watch()["oldest_pending"], 0)

    def test_capacity_problems_name_the_workers(self):
        [problem] = self._watch(workers=2)["capacity_problems"]
        self.assertIn("4 jobs on 2 HTTP workers", problem)

    def test_workers_of_all_servers_behind_a_balancer_count(self):
        balanced = {"nodes": "2", "host": "balancer.example.com"}
        watch = self._watch(workers=3, **balanced)
        self.assertEqual(watch["capacity_problems"], [])
        [problem] = self._watch(workers=2, **balanced)["capacity_problems"]
        self.assertIn("4 jobs on 2 servers with 2 HTTP workers each", problem)

    def test_a_runner_that_asks_its_own_server_has_that_one_only(self):
        own = {"nodes": "2", "host": "127.0.0.1", "port": str(config["http_port"])}
        few, unasked = self._watch(workers=4, **own)["capacity_problems"]
        self.assertIn("4 jobs on 4 HTTP workers", few)
        self.assertIn("asks its own server only", unasked)

    def test_a_number_of_servers_that_cannot_be_read_is_a_problem(self):
        [problem] = self._watch(nodes="both")["capacity_problems"]
        self.assertIn("both", problem)

    def test_capacity_problems_speak_the_users_language(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        module = self.env.ref("base.module_queue_job_config")
        module._update_translations(["pt_BR"])
        self.env = self.env(context={"lang": "pt_BR"})
        [problem] = self._watch(workers=2)["capacity_problems"]
        self.assertIn("4 tarefas em 2 processos HTTP", problem)

    def test_unreadable_channels_are_a_problem_not_an_error(self):
        [problem] = self._watch(channels="root:many")["capacity_problems"]
        self.assertIn("cannot be read", problem)
        self.assertIn("many", problem)
