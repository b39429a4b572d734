from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import SmsJobsCase

NOW = datetime(2026, 3, 2, 12, 0, 0)


@tagged("post_install", "-at_install")
class TestWaited(SmsJobsCase):
    """A job waits from the moment when it could start until it starts."""

    def setUp(self):
        super().setUp()
        freezer = freeze_time(NOW)
        freezer.start()
        self.addCleanup(freezer.stop)

    def _waited(self, state="pending", created=-60, **seconds):
        values = {key: NOW + timedelta(seconds=n) for key, n in seconds.items()}
        job = self.make_job(state=state, **values)
        job.with_context(_job_edit_sentinel=job.EDIT_SENTINEL).write(
            {"date_created": NOW + timedelta(seconds=created)}
        )
        return job.waited

    def test_a_pending_job_still_waits(self):
        self.assertEqual(self._waited(), 60)

    def test_a_started_job_has_stopped_waiting(self):
        self.assertEqual(self._waited("started", date_started=-20), 40)

    def test_a_postponed_job_waits_from_its_eta_on(self):
        self.assertEqual(self._waited(eta=-10), 10)

    def test_before_its_eta_a_job_does_not_wait(self):
        self.assertEqual(self._waited(eta=300), 0)

    def test_a_cancelled_job_that_never_started_stopped_at_its_end(self):
        self.assertEqual(self._waited("cancelled", date_cancelled=-45), 15)

    def test_a_job_set_done_by_hand_stopped_at_its_end(self):
        self.assertEqual(self._waited("done", date_done=-50), 10)
