from itertools import product

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import OTHER_CHANNEL, SMS_CHANNEL, STATES, SmsJobsCase

VERBS = {"requeue": "pending", "button_done": "done", "button_cancelled": "cancelled"}
UNFINISHED = ("wait_dependencies", "pending", "enqueued", "failed")
# What queue_job itself does: the states that a verb changes; others stay.
CHANGED_BY = {
    "requeue": ("failed", "done", "cancelled"),
    "button_done": UNFINISHED,
    "button_cancelled": UNFINISHED,
}


@tagged("post_install", "-at_install")
class TestRightsMatrix(SmsJobsCase):
    """Role × verb × channel × state: the whole table, as a remote caller meets it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jobs = {
            (channel, state): cls.make_job(state=state, channel=channel)
            for channel, state in product((SMS_CHANNEL, OTHER_CHANNEL), STATES)
        }

    def _press(self, role, verb, channel, state):
        """Return the state after ``role`` called ``verb``, or False when refused."""
        job = self.jobs[channel, state]
        model = self.as_user(role, job.browse())
        savepoint = self.env.cr.savepoint()
        try:
            call_kw(model, verb, [job.ids], {})
            self.env.flush_all()
            return job.state
        except AccessError:
            return False
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _cells(self):
        return product(VERBS, (SMS_CHANNEL, OTHER_CHANNEL), STATES)

    def test_a_manager_keeps_everything_that_queue_job_gives(self):
        for role in ("manager", "both"):
            for verb, channel, state in self._cells():
                with self.subTest(role=role, verb=verb, channel=channel, state=state):
                    expected = VERBS[verb] if state in CHANGED_BY[verb] else state
                    self.assertEqual(self._press(role, verb, channel, state), expected)

    def test_an_operator_requeues_failed_sms_jobs_and_nothing_else(self):
        for verb, channel, state in self._cells():
            with self.subTest(verb=verb, channel=channel, state=state):
                allowed = (verb, channel, state) == ("requeue", SMS_CHANNEL, "failed")
                self.assertEqual(
                    self._press("operator", verb, channel, state),
                    "pending" if allowed else False,
                )

    def test_a_viewer_changes_nothing(self):
        for verb, channel, state in self._cells():
            with self.subTest(verb=verb, channel=channel, state=state):
                self.assertFalse(self._press("viewer", verb, channel, state))

    def test_a_stranger_changes_nothing(self):
        for verb, channel, state in self._cells():
            with self.subTest(verb=verb, channel=channel, state=state):
                self.assertFalse(self._press("stranger", verb, channel, state))
