import uuid
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase


class TestOwnerLock(TransactionCase):
    """Whether the job that owns an attempt is running: its lock row says so.

    On connections of their own, as another process would see it.
    """

    def setUp(self):
        super().setUp()
        self.job_uuid = str(uuid.uuid4())
        with self.registry.cursor() as cr:
            cr.execute(
                "INSERT INTO queue_job (uuid, name, model_name, method_name, state,"
                " channel) VALUES (%s, 'x', 'sms.batch', '_send_batch', 'started',"
                " 'root.sms.send') RETURNING id",
                [self.job_uuid],
            )
            self.job_id = cr.fetchone()[0]
            cr.execute(
                "INSERT INTO queue_job_lock (queue_job_id) VALUES (%s)", [self.job_id]
            )
        self.addCleanup(self.forget_job)

    def forget_job(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM queue_job WHERE id = %s", [self.job_id])

    @contextmanager
    def job_running(self):
        """Hold the lock row, as queue_job does while a job runs."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT 1 FROM queue_job_lock WHERE queue_job_id = %s FOR UPDATE",
                [self.job_id],
            )
            yield

    def owner_is_alive(self, owner, asking=None):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"job_uuid": asking})
            return env["sms.batch"].new({"job_uuid": owner})._owner_is_alive()

    def test_a_running_job_is_alive_and_a_killed_one_is_not(self):
        with self.job_running():
            self.assertTrue(self.owner_is_alive(self.job_uuid))
        self.assertFalse(self.owner_is_alive(self.job_uuid))

    def test_a_job_that_runs_again_is_not_the_one_that_died(self):
        """The runner makes a dead job pending: it then holds its own lock."""
        with self.job_running():
            self.assertFalse(self.owner_is_alive(self.job_uuid, asking=self.job_uuid))
            self.assertTrue(self.owner_is_alive(self.job_uuid, asking="another"))

    def test_a_job_that_is_gone_is_dead(self):
        for owner in (str(uuid.uuid4()), False):
            with self.subTest(owner=bool(owner)):
                self.assertFalse(self.owner_is_alive(owner))
