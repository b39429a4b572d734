import os
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tools import config

from odoo.addons.queue_job_config.tests.test_watch import capacity

from .alert_case import AlertCase

GOOD = capacity.render_channels(capacity.CONFIGURATIONS["threaded"][1])


class TestWatchdog(AlertCase):
    """The sweeper is a cron: it lives when the job runner does not, and says so."""

    def setUp(self):
        super().setUp()
        self.channels(GOOD)
        self.pending_jobs().unlink()

    def channels(self, text, workers=0):
        """Let the server be started with these channels."""
        for patcher in (
            patch.dict(os.environ, {"ODOO_QUEUE_JOB_CHANNELS": text}),
            patch.dict(config.options, {"workers": workers}),
        ):
            self.startPatcher(patcher)

    @property
    def watch(self):
        self.env.invalidate_all()
        return self.env.ref("sms_base_sr.sms_watch")

    def waiting_job(self):
        """A job that nobody runs."""
        self.new_message().action_send()
        return self.pending_jobs("_send_batch")

    def later(self, **passed):
        return freeze_time(fields.Datetime.now() + timedelta(**passed))

    def test_a_job_that_waits_too_long_is_told_to_the_administrators(self):
        self.waiting_job()
        with self.later(minutes=11):
            self.sweep()
        self.assertTrue(self.watch.silent)
        self.assertGreaterEqual(self.watch.oldest_pending, 600)
        told = self.told(self.watch)
        self.assertEqual(told.user_id, self.admin + self.second_admin)
        self.assertIn("no job runs", told[0].summary)
        self.assertIn("job runner", told[0].note)

    def test_a_job_that_has_just_been_made_is_no_news(self):
        self.waiting_job()
        with self.later(minutes=9):
            self.sweep()
        self.assertFalse(self.watch.silent)
        self.assertFalse(self.told(self.watch))

    def test_it_is_over_when_the_jobs_run_again(self):
        self.waiting_job()
        with self.later(minutes=11):
            self.sweep()
            self.assertTrue(self.told(self.watch))
            self.run_jobs()
            self.pending_jobs().unlink()
            self.sweep()
        self.assertFalse(self.watch.silent)
        self.assertFalse(self.told(self.watch))

    def test_how_long_is_too_long_is_a_setting(self):
        settings = self.env["res.config.settings"].create({"sms_watch_minutes": 30})
        settings.execute()
        self.waiting_job()
        for minutes, silent in ((29, False), (31, True)):
            with self.subTest(minutes=minutes), self.later(minutes=minutes):
                self.sweep()
                self.assertEqual(self.watch.silent, silent)

    def test_a_setting_that_says_nothing_means_ten_minutes(self):
        for value in ("", "0", "soon", "-5", False):
            with self.subTest(value=value):
                parameters = self.env["ir.config_parameter"]
                parameters.set_param("sms_base_sr.watch_minutes", value)
                self.assertEqual(self.env["sms.watch"]._limit_seconds(), 600)

    def test_channels_that_starve_people_are_told(self):
        self.channels(GOOD, workers=2)
        self.sweep()
        self.assertIn("4 jobs on 2 HTTP workers", self.watch.capacity_problems)
        self.assertIn(
            "4 jobs on 2 HTTP workers", self.told(self.watch, self.admin).note
        )
        self.channels(GOOD, workers=8)
        self.sweep()
        self.assertFalse(self.told(self.watch))

    def test_who_put_it_aside_is_reminded_the_next_day(self):
        self.channels(GOOD, workers=2)
        self.sweep()
        self.told(self.watch, self.admin).with_user(self.admin).action_feedback()
        self.sweep()
        self.assertFalse(self.told(self.watch, self.admin))
        with self.later(days=1):
            self.sweep()
            self.assertTrue(self.told(self.watch, self.admin))

    def test_a_silent_queue_is_not_filled_by_the_sweeper(self):
        """Ten hours without a runner: the sweeper's own jobs must not pile up."""
        batch = self.queued_batch(2)
        self.run_batch(batch)
        self.sweep()
        jobs = len(self.pending_jobs())
        for minutes in range(2, 6):
            with self.later(minutes=minutes):
                self.sweep()
        self.assertEqual(len(self.pending_jobs()), jobs)

    def test_a_person_may_open_it_and_goes_on_to_the_overview(self):
        action = self.watch.with_user(self.admin).action_open_overview()
        self.assertEqual(action["tag"], "sms_overview")
