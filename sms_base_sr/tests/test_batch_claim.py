from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.sms_base_sr.models.sms_provider import SmsProvider
from odoo.addons.sms_base_sr.tools.outcomes import NotAttempted

from .campaign_case import CampaignCase


class TestBatchClaim(CampaignCase):
    """Before the call: who may be sent, when, and the attempt that is committed."""

    def test_the_call_carries_reference_numbers_and_texts_in_order(self):
        batch = self.queued_batch()
        self.run_batch(batch)
        (call,) = self.gateway.calls
        self.assertEqual(call.reference, f"{batch.reference}-1")
        messages = self.messages(batch)
        self.assertEqual(
            [(m.reference, m.phone, m.text) for m in call.messages],
            [(m.reference, m.phone, m.body) for m in messages],
        )

    def test_the_attempt_is_written_before_the_call(self):
        """Pain 1: the claim is committed before the call."""
        batch = self.queued_batch()
        seen = {}

        def answer(request):
            # Another cursor sees what the sender committed, and rolls nothing back.
            with self.env.registry.cursor() as cr:
                cr.execute(
                    "SELECT state, attempt, attempt_token, job_uuid"
                    " FROM sms_batch WHERE id = %s",
                    [batch.id],
                )
                seen.update(cr.dictfetchone())
            return self.gateway.accept(request)

        self.gateway.answers = [answer]
        job = self.send_jobs(batch)
        self.run_job(job)
        self.assertEqual((seen["state"], seen["attempt"]), ("sending", 1))
        self.assertEqual(seen["job_uuid"], job.uuid)
        self.assertTrue(seen["attempt_token"])

    def test_each_call_gets_a_new_reference_and_token(self):
        batch = self.queued_batch()
        self.gateway.answers = [NotAttempted("connection")]
        self.run_batch(batch)
        first = batch.attempt_token
        self.wait_and_run(batch)
        references = [call.reference for call in self.gateway.calls]
        self.assertEqual(references, [f"{batch.reference}-{n}" for n in (1, 2)])
        self.assertEqual((batch.attempt, batch.state), (2, "sent"))
        self.assertNotEqual(batch.attempt_token, first)

    def test_a_batch_that_needs_no_call_gets_none(self):
        """Pain 15: a job may run again at any moment."""
        cases = ["draft", "sent", "failed", "canceled"]
        for state in cases:
            with self.subTest(state=state):
                self.campaign.recipients.clear()
                batch = self.queued_batch()
                batch.state = state
                self.assertIsNone(self.run_batch(batch))
                self.assertEqual(batch.state, state)
                self.assertFalse(self.gateway.calls)

    def test_a_run_that_a_person_stopped_sends_nothing(self):
        for state in ("paused", "ready", "scheduled", "failed"):
            with self.subTest(state=state):
                self.campaign.recipients.clear()
                batch = self.queued_batch()
                batch.run_id.state = state
                self.assertIsNone(self.run_batch(batch), "the job ends")
                self.assertEqual(batch.state, "queued")
                self.env["sms.batch"]._sweep()
                self.assertFalse(self.send_jobs(batch), "and no other comes")
        self.assertFalse(self.gateway.calls)

    def test_an_opt_out_between_plan_and_call_is_not_texted(self):
        """Pain 23: the blacklist is asked again at the last moment."""
        batch = self.queued_batch(3)
        self.env["phone.blacklist"].create({"number": "+5511900000001"})
        self.run_batch(batch)
        self.assertEqual(self.gateway.phones, ["+5511900000000", "+5511900000002"])
        out = self.messages(batch)[1]
        self.assertEqual((out.state, out.failure_type), ("canceled", "blacklisted"))
        self.assertFalse(out.cost)
        self.assertFalse(out.sent_date)
        summary = self.summary(batch.run_id)
        self.assertEqual(
            (summary["sent"], summary["excluded"]), (2, {"blacklisted": 1})
        )

    def test_a_number_taken_off_the_blacklist_is_texted(self):
        batch = self.queued_batch(1)
        entry = self.env["phone.blacklist"].create({"number": "+5511900000000"})
        entry.active = False
        self.run_batch(batch)
        self.assertEqual(len(self.gateway.calls), 1)

    def test_a_batch_with_nobody_left_is_cancelled_without_a_call(self):
        batch = self.queued_batch(1)
        self.env["phone.blacklist"].create({"number": "+5511900000000"})
        self.run_batch(batch)
        self.assertEqual(batch.state, "canceled")
        self.assertFalse(self.gateway.calls)
        self.run_jobs()
        self.assertEqual(batch.run_id.state, "done")

    def test_a_suspended_provider_waits_for_a_person_not_for_jobs(self):
        """Pain 18: nothing polls while nothing can be sent."""
        batch = self.queued_batch()
        self.provider.health_id._suspend(self.provider.id, "token refused")
        self.env.invalidate_all()
        self.assertIsNone(self.run_batch(batch))
        self.assertEqual(batch.state, "queued")
        self.env["sms.batch"]._sweep()
        self.assertFalse(self.send_jobs(batch))
        self.provider.action_resume()
        self.run_jobs("_wake_batches")
        self.run_batch(batch)
        self.assertEqual(batch.state, "sent")

    def test_a_provider_that_cannot_begin_is_suspended_and_no_job_fails(self):
        batch = self.queued_batch()

        def no_token(provider, request):
            # pylint: disable-next=translation-required
            raise UserError("API token: enter the token")

        self.patch(SmsProvider, "_log_send_batch", no_token)
        self.assertIsNone(self.run_batch(batch))
        self.assertTrue(self.provider.suspended)
        self.assertIn("API token", self.provider.suspended_reason)
        self.assertIn("API token", batch.failure_reason)
        self.assertEqual((batch.state, batch.attempt), ("queued", 0))

    def test_the_hard_limit_of_a_call_lies_before_the_deadline(self):
        batch = self.queued_batch()
        before = fields.Datetime.now()
        self.run_batch(batch)
        self.assertGreaterEqual(batch.attempt_deadline, before + timedelta(seconds=180))


class TestQuietHours(CampaignCase):
    """Pain 24: promotional texts arrive in the recipient's own day."""

    # UTC; São Paulo is at -3, Manaus at -4, and the window is 08:00 to 20:00.
    cases = [
        ("promotional", 11, "2026-05-05 10:59:00", "2026-05-05 11:00:00"),
        ("promotional", 11, "2026-05-05 11:00:00", None),
        ("promotional", 11, "2026-05-05 22:59:59", None),
        ("promotional", 11, "2026-05-05 23:00:00", "2026-05-06 11:00:00"),
        ("promotional", 92, "2026-05-05 11:30:00", "2026-05-05 12:00:00"),
        ("promotional", 92, "2026-05-05 23:30:00", None),
        ("promotional", 97, "2026-05-05 12:30:00", "2026-05-05 13:00:00"),
        ("transactional", 11, "2026-05-05 03:00:00", None),
        ("service", 11, "2026-05-05 03:00:00", None),
    ]

    def test_a_batch_waits_for_its_zones_morning_with_one_eta(self):
        for message_class, area, now, opens in self.cases:
            with self.subTest(message_class=message_class, area=area, now=now):
                self.campaign.recipients.clear()
                self.gateway.calls.clear()
                batch = self.batch_at(now, message_class, area)
                with freeze_time(now):
                    error = self.run_batch(batch)
                if not opens:
                    self.assertEqual(batch.state, "sent")
                    continue
                self.assertFalse(self.gateway.calls)
                wait = datetime.fromisoformat(opens) - datetime.fromisoformat(now)
                self.assertEqual(error.seconds, wait.total_seconds())
                self.assertTrue(error.ignore_retry, "waiting uses up no try")
                self.assertEqual(str(batch.not_before), opens)
                self.assertEqual(len(self.send_jobs(batch)), 1)
                with freeze_time(opens):
                    self.run_batch(batch)
                self.assertEqual(batch.state, "sent")
                self.assertFalse(batch.not_before)

    def batch_at(self, now, message_class, area):
        self.add_contacts(1, area)
        run = self.new_run(message_class=message_class)
        with freeze_time(now):
            run.action_plan()
            self.run_jobs("_plan")
            run.action_release()
            self.run_jobs("_enqueue_batches")
        return run.batch_ids

    def test_the_sweeper_makes_no_second_job_for_one_that_waits(self):
        batch = self.batch_at("2026-05-05 23:30:00", "promotional", 11)
        with freeze_time("2026-05-05 23:30:00"):
            self.run_batch(batch)
            self.env["sms.batch"]._sweep()
            self.assertEqual(len(self.send_jobs(batch)), 1)

    def test_the_companys_hours_count(self):
        self.company.write({"sms_window_start": 10.5, "sms_window_end": 12.5})
        batch = self.batch_at("2026-05-05 12:00:00", "promotional", 11)
        with freeze_time("2026-05-05 12:00:00"):
            self.run_batch(batch)
        self.assertEqual(str(batch.not_before), "2026-05-05 13:30:00")
