from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError

from odoo.addons.sms_base_sr.tools.outcomes import NotAttempted

from .schedule_case import ScheduleCase, utc


class TestSchedule(ScheduleCase):
    """A run starts when it was told to, or a person is asked."""

    def test_a_plan_that_is_being_made_waits_for_its_start_once_it_is_done(self):
        with freeze_time(self.monday):
            self.add_contacts(2)
            run = self.new_run()
            run.action_plan()
            run._schedule(utc("2026-05-05 12:00"), False)
            self.assertEqual(run.state, "planning")
            self.run_jobs("_plan")
        self.assertEqual(run.state, "scheduled")
        self.sweep_at("2026-05-05 11:59:00")
        self.assertFalse(self.gateway.calls)
        self.sweep_at("2026-05-05 12:00:10")
        self.assertEqual(self.states(run), {"sent": 2})

    def test_a_plan_that_took_until_after_the_latest_start_is_not_sent(self):
        with freeze_time(self.monday):
            self.add_contacts(1)
            run = self.new_run()
            run._schedule(utc("2026-05-04 13:00"), utc("2026-05-04 14:00"))
            run.action_plan()
        with freeze_time("2026-05-04 15:00:00"):
            self.run_jobs("_plan")
            self.env["sms.batch"]._sweep()
        self.assertEqual((run.state, run.schedule_expired), ("ready", True))
        self.assertFalse(self.pending_jobs("_send_batch"))

    def test_dates_that_make_no_sense_are_refused(self):
        cases = [
            ("2026-05-04 11:00:00", None, "to come"),
            ("2026-05-05 12:00:00", "2026-05-05 11:59:59", "after the start"),
        ]
        with freeze_time(self.monday):
            run = self.planned_run(1)
            for start, latest, words in cases:
                with (
                    self.subTest(start=start, latest=latest),
                    self.assertRaisesRegex(UserError, words),
                ):
                    run._schedule(utc(start), latest and utc(latest))
        self.assertEqual(run.state, "ready")

    def test_what_is_on_its_way_cannot_be_scheduled(self):
        batch = self.queued_batch()
        later = fields.Datetime.now() + timedelta(hours=1)
        with self.assertRaisesRegex(UserError, "being sent"):
            batch.run_id._schedule(later, False)

    def test_a_scheduled_run_gets_a_new_date(self):
        run = self.scheduled("2026-05-05 12:00", "2026-05-05 18:00")
        with freeze_time(self.monday):
            run._schedule(utc("2026-05-06 12:00"), False)
        self.sweep_at("2026-05-05 19:00:00")
        self.assertEqual(run.state, "scheduled")
        self.sweep_at("2026-05-06 12:00:10")
        self.assertEqual(self.states(run), {"sent": 1})

    def test_a_scheduled_run_can_be_sent_now(self):
        run = self.scheduled("2026-05-05 12:00", "2026-05-05 18:00")
        with freeze_time("2026-05-04 12:10:00"):
            run.action_release()
            self.run_jobs("_enqueue_batches", "_send_batch")
        self.assertEqual(self.states(run), {"sent": 1})
        self.sweep_at("2026-05-05 12:00:10")
        self.assertEqual(len(self.gateway.calls), 1)

    def test_a_start_within_closed_hours_waits_for_them(self):
        run = self.scheduled("2026-05-10 12:00", sending_window_id=self.office().id)
        self.sweep_at("2026-05-10 12:00:10")
        self.assertEqual(run.state, "sending")
        self.assertEqual(str(run.batch_ids.not_before), "2026-05-11 11:00:00")

    def test_only_campaign_managers_give_dates(self):
        run = self.planned_run(1)
        later = fields.Datetime.now() + timedelta(hours=1)
        with self.assertRaises(AccessError):
            run.with_user(self.salesperson)._schedule(later, False)
        run.with_user(self.manager)._schedule(later, False)
        self.assertEqual(run.state, "scheduled")


class TestLateStart(ScheduleCase):
    """Pain 13: past the latest start nothing leaves before a person has decided."""

    def late(self, run, now="2026-05-05 18:00:01"):
        self.sweep_at(now)
        self.assertEqual((run.state, run.schedule_expired), ("ready", True))
        self.assertFalse(self.gateway.calls)
        self.assertFalse(self.pending_jobs("_send_batch"))
        return run

    def expired(self):
        return self.late(self.scheduled("2026-05-05 12:00", "2026-05-05 18:00"))

    def test_the_very_last_moment_is_in_time(self):
        run = self.scheduled("2026-05-05 12:00", "2026-05-05 18:00")
        self.sweep_at("2026-05-05 18:00:00")
        self.assertEqual(self.states(run), {"sent": 1})

    def test_it_stays_with_the_person_however_often_the_sweeper_comes(self):
        run = self.expired()
        for day in (6, 7, 20):
            self.sweep_at(f"2026-05-{day:02} 12:00:00")
        self.assertEqual(run.state, "ready")
        self.assertFalse(self.gateway.calls)

    def test_send_now_sends_it_and_asks_no_second_time(self):
        run = self.expired()
        with freeze_time("2026-05-06 12:00:00"):
            run.action_release()
            self.run_jobs("_enqueue_batches", "_send_batch")
        self.assertEqual(self.states(run), {"sent": 1})
        self.assertFalse(run.schedule_expired)

    def test_a_new_date_starts_it_then(self):
        run = self.expired()
        with freeze_time("2026-05-06 12:00:00"):
            run._schedule(utc("2026-05-07 12:00"), utc("2026-05-07 13:00"))
        self.assertFalse(run.schedule_expired or run.failure_reason)
        self.sweep_at("2026-05-07 12:00:30")
        self.assertEqual(self.states(run), {"sent": 1})

    def test_cancel_ends_it(self):
        run = self.expired()
        run.action_cancel()
        self.run_jobs()
        self.assertEqual(self.states(run), {"canceled": 1})

    def test_hours_that_open_after_the_latest_start_are_too_late(self):
        """On Sunday nobody may be texted, and Monday is past the latest start."""
        run = self.scheduled(
            "2026-05-10 12:00",
            "2026-05-10 20:00",
            sending_window_id=self.office().id,
        )
        self.late(run, "2026-05-10 12:00:10")
        self.assertIn("5/11/2026", run.failure_reason.replace("05/11", "5/11"))

    def test_started_in_time_but_nothing_left_in_time(self):
        """The runner was down: the first batch's job comes hours too late."""
        run = self.scheduled("2026-05-05 12:00", "2026-05-05 18:00")
        with freeze_time("2026-05-05 12:00:10"):
            self.env["sms.batch"]._sweep()
            self.run_jobs("_enqueue_batches")
        self.assertEqual(run.state, "sending")
        with freeze_time("2026-05-05 18:30:00"):
            self.assertFalse(self.run_jobs("_send_batch"))
            self.assertEqual((run.state, run.schedule_expired), ("ready", True))
            self.assertFalse(self.gateway.calls)
            self.assertEqual(run.batch_ids.state, "queued")
            self.env["sms.batch"]._sweep()
            self.assertFalse(self.pending_jobs("_send_batch"))
            run.action_release()
            self.run_jobs("_enqueue_batches", "_send_batch")
        self.assertEqual(self.states(run), {"sent": 1})

    def test_a_campaign_that_has_begun_goes_on_past_its_latest_start(self):
        """The latest start is no end: a long campaign takes days."""
        self.provider.batch_size = 1
        self.add_contacts(1)
        run = self.scheduled("2026-05-05 12:00", "2026-05-05 18:00")
        first, second = run.batch_ids.sorted("id")
        with freeze_time("2026-05-05 12:00:10"):
            self.env["sms.batch"]._sweep()
            self.run_jobs("_enqueue_batches")
            self.run_batch(first)
        with freeze_time("2026-05-06 12:00:00"):
            self.run_batch(second)
        self.assertEqual(self.states(run), {"sent": 2})

    def test_a_gateway_that_was_down_all_the_time_asks_too(self):
        run = self.scheduled("2026-05-05 12:00", "2026-05-05 12:30")
        self.gateway.answers = [NotAttempted("connection")]
        with freeze_time("2026-05-05 12:00:10"):
            self.env["sms.batch"]._sweep()
            self.run_jobs("_enqueue_batches", "_send_batch")
        self.assertEqual((run.state, run.batch_ids.state), ("sending", "queued"))
        with freeze_time("2026-05-05 13:00:00"):
            self.assertFalse(self.run_batch(run.batch_ids))
        self.assertEqual((run.state, run.schedule_expired), ("ready", True))
        self.assertEqual(self.states(run), {"draft": 1})

    def test_who_resumes_a_pause_past_the_latest_start_has_decided(self):
        run = self.scheduled("2026-05-05 12:00", "2026-05-05 18:00")
        with freeze_time("2026-05-05 12:00:10"):
            self.env["sms.batch"]._sweep()
            run.action_pause()
        with freeze_time("2026-05-06 12:00:00"):
            run.action_resume()
            self.run_jobs("_enqueue_batches", "_send_batch")
        self.assertEqual(self.states(run), {"sent": 1})

    def test_it_costs_nothing_where_no_latest_start_was_given(self):
        run = self.scheduled("2026-05-05 12:00")
        self.sweep_at("2026-05-20 12:00:00")
        self.assertEqual(self.states(run), {"sent": 1})


class TestWaits(ScheduleCase):
    """The form says when what waits goes on, and how much that is."""

    def waits(self, run, now):
        run.invalidate_recordset()
        with freeze_time(now):
            return run.summary["waits"]

    def two_zones(self, now, **values):
        """Two texts to São Paulo and one to Manaus, in office hours."""
        self.company.sms_sending_window_id = self.office()
        self.add_contacts(2)
        self.add_contacts(1, area=92)
        with freeze_time(now):
            run = self.new_run(**values)
            run.action_plan()
            self.run_jobs("_plan")
        return run

    def line(self, until, batches, messages):
        return {"until": until, "batches": batches, "messages": messages}

    def test_each_zone_waits_for_its_own_morning(self):
        run = self.two_zones("2026-05-10 15:00:00")
        expected = [
            self.line("2026-05-11 11:00:00", 1, 2),
            self.line("2026-05-11 12:00:00", 1, 1),
        ]
        self.assertEqual(self.waits(run, "2026-05-10 15:00:00"), expected)
        with freeze_time("2026-05-10 15:00:00"):
            run.action_release()
        self.assertEqual(self.waits(run, "2026-05-10 15:00:00"), expected)
        self.assertEqual(self.waits(run, "2026-05-11 11:30:00"), expected[1:])
        self.assertEqual(self.waits(run, "2026-05-11 12:30:00"), [])

    def test_a_schedule_shows_its_start_where_the_hours_are_open_then(self):
        run = self.two_zones("2026-05-04 15:00:00")
        with freeze_time("2026-05-04 15:00:00"):
            run._schedule(utc("2026-05-05 11:30"), False)
        self.assertEqual(
            self.waits(run, "2026-05-04 15:00:00"),
            [
                self.line("2026-05-05 11:30:00", 1, 2),
                self.line("2026-05-05 12:00:00", 1, 1),
            ],
        )

    def test_who_was_texted_waits_no_more_and_a_pause_waits_for_a_person(self):
        run = self.two_zones("2026-05-09 17:30:00")
        with freeze_time("2026-05-09 17:30:00"):
            run.action_release()
            self.run_jobs("_enqueue_batches", "_send_batch")
        # Saturday 14:30 in São Paulo, 13:30 in Manaus.
        expected = [self.line("2026-05-11 11:00:00", 1, 2)]
        self.assertEqual(self.waits(run, "2026-05-09 17:31:00"), expected)
        run.action_pause()
        self.assertEqual(self.waits(run, "2026-05-09 17:31:00"), [])
        run.action_cancel()
        self.assertEqual(self.waits(run, "2026-05-09 17:31:00"), [])
