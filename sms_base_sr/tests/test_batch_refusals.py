from datetime import timedelta

from odoo import fields

from odoo.addons.sms_base_sr.tools.outcomes import (
    NotAttempted,
    RefusedContent,
    Unknown,
)

from .campaign_case import CampaignCase


class TestNotAttempted(CampaignCase):
    """Nothing was accepted for certain: the same messages leave later."""

    def test_a_lost_connection_is_tried_again_by_the_pattern(self):
        batch = self.queued_batch()
        self.gateway.answers = [NotAttempted("connection", "refused")]
        error = self.run_batch(batch)
        self.assertTrue(error.ignore_retry, "the ledger counts, not the job")
        self.assertAlmostEqual(error.seconds, 60, delta=5)
        self.assertEqual((batch.state, batch.tries), ("queued", 1))
        self.assertEqual(batch.failure_reason, "connection: refused")
        self.assertEqual(self.states(batch), {"draft": 3})
        self.assertFalse(any(self.messages(batch).mapped("sent_date")))
        self.wait_and_run(batch)
        self.assertEqual(self.states(batch), {"sent": 3})

    def test_the_waits_grow_from_a_minute_to_half_an_hour(self):
        """Each key of the pattern is used, whatever happens to the jobs meanwhile."""
        batch = self.queued_batch()
        self.gateway.answers = [NotAttempted("connection")] * 6
        waits = [round(self.run_batch(batch).seconds, -1)]
        for lost in (False, True, False, True):
            if lost:
                self.send_jobs(batch).unlink()
            waits.append(round(self.wait_and_run(batch).seconds, -1))
        self.assertEqual(waits, [60, 180, 600, 600, 1800])
        self.assertIsNone(self.wait_and_run(batch))
        self.assertEqual((batch.state, batch.attempt), ("failed", 6))

    def test_a_job_made_anew_waits_as_long_as_the_lost_one(self):
        """The wait is in the ledger: the sweeper does not call too early."""
        batch = self.queued_batch()
        self.gateway.answers = [NotAttempted("connection")]
        self.run_batch(batch)
        self.send_jobs(batch).unlink()
        self.env["sms.batch"]._sweep()
        self.assertFalse(self.send_jobs(batch))
        batch._enqueue()
        self.assertAlmostEqual(self.run_batch(batch).seconds, 60, delta=5)
        self.assertEqual(len(self.gateway.calls), 1)

    def test_a_limit_uses_up_no_try_and_waits_as_long_as_asked(self):
        cases = [(None, 60), (7.5, 7.5), (300, 300)]
        for retry_after, seconds in cases:
            with self.subTest(retry_after=retry_after):
                self.campaign.recipients.clear()
                self.pass_time()
                batch = self.queued_batch()
                limited = NotAttempted("rate_limited", retry_after=retry_after)
                self.gateway.answers = [limited]
                error = self.run_batch(batch)
                self.assertTrue(error.ignore_retry)
                self.assertAlmostEqual(error.seconds, seconds, delta=2)
                self.assertEqual((batch.state, batch.tries), ("queued", 0))
                self.assertEqual(self.send_jobs(batch).retry, 0)

    def test_a_limit_may_last_longer_than_all_tries(self):
        batch = self.queued_batch()
        self.gateway.answers = [NotAttempted("rate_limited")] * 20
        self.run_batch(batch)
        for _call in range(20):
            self.wait_and_run(batch)
        self.assertEqual(self.states(batch), {"sent": 3})

    def test_a_refused_token_suspends_until_a_person_resumes(self):
        for reason in ("unauthorized", "forbidden"):
            with self.subTest(reason=reason):
                self.campaign.recipients.clear()
                batch = self.queued_batch()
                self.gateway.answers = [NotAttempted(reason, "check the token")]
                self.assertIsNone(self.run_batch(batch), "the job ends, done")
                self.assertEqual((batch.state, batch.tries), ("queued", 0))
                self.assertTrue(self.provider.suspended)
                self.assertIn("check the token", self.provider.suspended_reason)
                self.assertFalse(self.send_jobs(batch))
                self.provider.action_resume()
                self.assertFalse(self.provider.suspended)
                self.run_jobs("_wake_batches")
                self.run_batch(batch)
                self.assertEqual(self.states(batch), {"sent": 3})

    def test_the_other_reasons_do_not_suspend(self):
        for reason in ("connection", "rate_limited", "address", "too_large"):
            with self.subTest(reason=reason):
                self.campaign.recipients.clear()
                batch = self.queued_batch()
                self.gateway.answers = [NotAttempted(reason)]
                self.run_batch(batch)
                self.assertFalse(self.provider.suspended)

    def test_after_the_last_try_the_batch_is_failed_and_the_job_is_not(self):
        batch = self.queued_batch()
        self.gateway.answers = [NotAttempted("connection", "refused")] * 6
        self.assertTrue(self.run_batch(batch))
        for _try in range(4):
            self.assertTrue(self.wait_and_run(batch))
        self.assertIsNone(self.wait_and_run(batch), "no failed job, no mail")
        self.assertEqual(batch.state, "failed")
        self.assertEqual(self.states(batch), {"error": 3})
        for message in self.messages(batch):
            self.assertEqual(message.failure_type, "not_attempted")
            self.assertIn("refused", message.error_message)
            self.assertFalse(message.sent_date)
            self.assertFalse(message.cost)
        failed = self.env["queue.job"].sudo().search_count([("state", "=", "failed")])
        self.assertFalse(failed)
        self.run_jobs()
        self.assertEqual(batch.run_id.state, "done")
        summary = self.summary(batch.run_id)
        self.assertEqual((summary["sent"], summary["failed"]), (0, 0))
        self.assertEqual(summary["excluded"], {"not_attempted": 3})

    def test_the_health_remembers_the_failure(self):
        self.gateway.answers = [NotAttempted("connection", "refused")]
        self.run_batch(self.queued_batch())
        health = self.provider.health_id
        self.assertTrue(health.last_failure)
        self.assertEqual(health.last_failure_reason, "connection: refused")
        self.assertFalse(health.last_success)

    def test_what_was_paused_meanwhile_does_not_leave_on_the_retry(self):
        """Pain 20: the retry asks again whether it may send."""
        batch = self.queued_batch()
        self.gateway.answers = [NotAttempted("connection")]
        self.run_batch(batch)
        batch.run_id.action_pause()
        self.assertIsNone(self.run_batch(batch))
        self.assertEqual(len(self.gateway.calls), 1)


class TestRefusedContent(CampaignCase):
    """The body is refused for good: find the guilty rows, send the others."""

    def refusing(self, *phones, named):
        """A gateway that refuses bodies with some numbers; ``named`` says which."""

        def answer(request):
            guilty = [m.reference for m in request.messages if m.phone in phones]
            if not guilty:
                return self.gateway.accept(request)
            rows = dict.fromkeys(guilty, "bad text") if named else {}
            return RefusedContent(rows, "422")

        return answer

    def drain(self, answer):
        self.gateway.answers = [answer] * 50
        self.run_jobs("_send_batch")

    def test_named_rows_are_rejected_and_the_others_leave(self):
        """Pain 6 and 10: one bad message stops nobody else."""
        batch = self.queued_batch(4)
        self.drain(self.refusing("+5511900000002", named=True))
        messages = self.messages(batch)
        self.assertEqual(messages.mapped("state"), ["sent", "sent", "rejected", "sent"])
        bad = messages[2]
        self.assertEqual(
            (bad.failure_type, bad.error_message), ("gateway_content", "bad text")
        )
        self.assertFalse(bad.cost)
        self.assertEqual([len(c.messages) for c in self.gateway.calls], [4, 3])
        self.assertEqual((batch.state, batch.tries), ("sent", 0))
        self.assertFalse(self.provider.suspended)

    def test_without_names_the_batch_is_halved_until_the_row_is_found(self):
        """Pain 6: nobody is texted twice while the bad row is looked for."""
        batch = self.queued_batch(8)
        run = batch.run_id
        self.drain(self.refusing("+5511900000005", named=False))
        self.assertEqual(self.states(run), {"sent": 7, "rejected": 1})
        guilty = self.messages(run).filtered(lambda m: m.state == "rejected")
        self.assertEqual(guilty.phone, "+5511900000005")
        accepted = [
            m.phone
            for call in self.gateway.calls
            if "+5511900000005" not in {m.phone for m in call.messages}
            for m in call.messages
        ]
        self.assertEqual(sorted(accepted), sorted(set(accepted)))
        self.assertEqual(len(accepted), 7)
        references = [call.reference for call in self.gateway.calls]
        self.assertEqual(len(set(references)), len(references))

    def test_halves_belong_to_the_same_run_provider_class_and_zone(self):
        batch = self.queued_batch(5, message_class="transactional")
        self.gateway.answers = [RefusedContent(detail="422")]
        self.run_batch(batch)
        other = batch.run_id.batch_ids - batch
        same = ("run_id", "company_id", "provider_id", "message_class", "zone")
        for name in same:
            with self.subTest(name=name):
                self.assertEqual(other[name], batch[name])
        self.assertNotEqual(other.reference, batch.reference)
        self.assertEqual((other.state, other.attempt, other.tries), ("queued", 0, 0))
        self.assertFalse(other.attempt_token or other.provider_job_id)
        for half in (batch, other):
            self.assertEqual(half.message_count, len(self.messages(half)))
            self.assertEqual(len(self.send_jobs(half)), 1)
        self.assertEqual({batch.message_count, other.message_count}, {2, 3})

    def test_a_run_of_halves_is_done_when_all_are(self):
        batch = self.queued_batch(4)
        self.gateway.answers = [RefusedContent(detail="422")]
        self.run_batch(batch)
        self.run_jobs()
        self.assertEqual(batch.run_id.state, "done")
        self.assertEqual(self.summary(batch.run_id)["sent"], 4)

    def test_a_single_message_that_is_refused_is_rejected(self):
        message = self.new_message()
        message.action_send()
        self.gateway.answers = [RefusedContent(detail="text too long")]
        self.run_jobs("_send_batch")
        self.assertEqual(message.state, "rejected")
        self.assertEqual(message.error_message, "text too long")
        self.assertEqual(len(self.gateway.calls), 1)
        self.assertEqual(message.batch_id.state, "canceled")

    def test_a_body_whose_rows_are_all_refused_ends_without_another_call(self):
        batch = self.queued_batch(2)
        phones = self.messages(batch).mapped("phone")
        self.drain(self.refusing(*phones, named=True))
        self.assertEqual(self.states(batch), {"rejected": 2})
        self.assertEqual(len(self.gateway.calls), 1)


class TestUnknown(CampaignCase):
    """We called and cannot know: only the gateway's records may tell."""

    def test_an_unknown_call_is_never_repeated(self):
        """Pain 7: a timeout is unknown, not failed."""
        for reason in ("timeout", "server_error", "unreadable", "connection_reset"):
            with self.subTest(reason=reason):
                self.campaign.recipients.clear()
                self.gateway.calls.clear()
                batch = self.queued_batch()
                self.gateway.answers = [Unknown(reason, "read timed out")]
                self.assertIsNone(self.run_batch(batch))
                self.assertEqual(batch.state, "unknown")
                self.assertEqual(batch.failure_reason, f"{reason}: read timed out")
                self.assertEqual(self.states(batch), {"draft": 3})
                past = fields.Datetime.now() - timedelta(seconds=1)
                for _sweep in range(3):
                    batch.attempt_deadline = past
                    self.env["sms.batch"]._sweep()
                    self.run_jobs()
                self.assertEqual(len(self.gateway.calls), 1)
                self.assertEqual(batch.run_id.state, "sending")

    def test_the_summary_shows_how_many_are_unknown(self):
        batch = self.queued_batch()
        self.gateway.answers = [Unknown("timeout")]
        self.run_batch(batch)
        summary = self.summary(batch.run_id)
        self.assertEqual((summary["unknown"], summary["sent"]), (3, 0))

    def test_cancelling_the_run_does_not_cancel_what_may_have_left(self):
        """Pain 20: what is unknown stays unknown."""
        batch = self.queued_batch()
        self.gateway.answers = [Unknown("timeout")]
        self.run_batch(batch)
        batch.run_id.action_cancel()
        self.run_jobs("_mark_canceled")
        self.assertEqual(batch.state, "unknown")
        self.assertEqual(self.states(batch), {"draft": 3})
