from contextlib import suppress

from odoo.exceptions import AccessError, UserError

from odoo.addons.sms_base_sr.models.sms_batch_retry import SmsBatch
from odoo.addons.sms_base_sr.tools.inbound import StatusItem
from odoo.addons.sms_base_sr.tools.outcomes import NotAttempted, Unknown

from .alert_case import AlertCase

JOBS = ("_retry_batches", "_send_batch", "_recompute_touched")


class TestTryAgain(AlertCase):
    """What never reached the gateway is sent in new messages, and counted once."""

    def equation(self, run):
        """Everybody is in exactly one place, at any moment."""
        summary = self.summary(run)
        places = ("sent", "not_started", "in_call", "unknown")
        found = sum(summary[place] for place in places)
        found += sum(summary["excluded"].values())
        self.assertEqual(summary["recipients"], found, summary)
        return summary

    def test_a_new_message_takes_the_failed_ones_place(self):
        batch = self.failed_batch(2)
        run, old = batch.run_id, self.messages(batch)
        run.action_try_again()
        self.run_jobs(*JOBS)
        new = self.messages(run) - old
        self.assertEqual(old.mapped("state"), ["error"] * 2, "states never fall")
        self.assertEqual(new.mapped("state"), ["sent"] * 2)
        self.assertEqual(new.retry_of_id, old)
        self.assertEqual(
            new.mapped("dedupe_key"), [f"{phone}#2" for phone in old.mapped("phone")]
        )
        self.assertEqual(batch.retried_by_id, new.batch_id)
        self.assertFalse(set(new.mapped("reference")) & set(old.mapped("reference")))

    def test_the_retry_has_all_that_the_text_and_its_answer_need(self):
        batch = self.failed_batch(1)
        old = self.messages(batch)
        old.write({"partner_id": self.partner.id, "user_id": self.salesperson.id})
        batch.run_id.action_try_again()
        self.run_jobs("_retry_batches")
        new = batch.retried_by_id.message_ids
        names = (
            "phone body partner_id user_id run_id company_id message_class source_id"
        )
        for name in [*names.split(), "sms_count", "char_count", "direction", "cost"]:
            with self.subTest(field=name):
                expected = 0.1 if name == "cost" else old[name]
                self.assertEqual(new[name], expected)
        empty = "failure_type error_message provider_message_id sent_date reply_class"
        for name in empty.split():
            with self.subTest(field=name):
                self.assertFalse(new[name])

    def test_figures_count_the_last_attempt_only(self):
        self.provider.batch_size = 2
        run = self.planned_run(4)
        run.action_release()
        self.run_jobs("_enqueue_batches")
        first, second = run.batch_ids.sorted("id")
        self.run_batch(first)
        self.fail_batch(second)
        summary = self.equation(run)
        self.assertEqual(summary["excluded"], {"not_attempted": 2})
        self.assertEqual((run.retry_count, summary["retriable"]), (2, 2))
        run.action_try_again()
        self.assertEqual(run.retry_count, 0)
        summary = self.equation(run)
        self.assertEqual((summary["not_started"], summary["excluded"]), (2, {}))
        self.run_jobs("_retry_batches")
        summary = self.equation(run)
        self.assertEqual((summary["sent"], summary["not_started"]), (2, 2))
        self.assertEqual(summary["excluded"], {})
        self.run_jobs(*JOBS)
        summary = self.equation(run)
        self.assertEqual((summary["sent"], summary["cost"]), (4, 0.4))
        self.assertEqual(run.state, "done")

    def test_a_done_run_sends_again_and_is_done_again(self):
        batch = self.failed_batch()
        run = batch.run_id
        self.assertEqual(run.state, "done")
        answer = run.with_user(self.manager).action_try_again()
        self.assertIn("3 SMS", answer["params"]["message"])
        self.assertEqual((run.state, run.done_at), ("sending", False))
        self.env["sms.batch"]._sweep()
        self.assertEqual(run.state, "sending", "its job has still to come")
        self.run_jobs(*JOBS)
        self.assertEqual(run.state, "done")

    def test_pressing_twice_tries_once(self):
        """Pain 3: the second of two people presses in vain."""
        run = self.failed_batch().run_id
        run.action_try_again()
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            run.action_try_again()
        self.run_jobs(*JOBS)
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            run.action_try_again()
        self.assertEqual(self.states(run), {"error": 3, "sent": 3})
        self.assertEqual(len(self.gateway.calls), 2)

    def test_the_job_run_again_makes_nothing_more(self):
        run = self.failed_batch().run_id
        run.action_try_again()
        job = self.pending_jobs("_retry_batches")
        self.run_job(job)
        self.run_job(job)
        self.assertEqual(len(self.messages(run)), 6)

    def test_what_fails_again_can_be_tried_again(self):
        batch = self.failed_batch(1)
        run = batch.run_id
        for attempt in (2, 3):
            with self.subTest(attempt=attempt):
                run.action_try_again()
                self.run_jobs("_retry_batches")
                batch = batch.retried_by_id
                key = self.messages(batch).dedupe_key
                self.assertEqual(key, f"+5511900000000#{attempt}")
                if attempt == 2:
                    self.fail_batch(batch)
                    summary = self.equation(run)
                    self.assertEqual(summary["excluded"], {"not_attempted": 1})
        self.run_jobs(*JOBS)
        self.assertEqual(self.equation(run)["sent"], 1)

    def test_who_opted_out_meanwhile_is_not_texted(self):
        """Pain 23: the blacklist is asked again at the claim, as always."""
        run = self.failed_batch(2).run_id
        self.env["phone.blacklist"].create({"number": "+5511900000000"})
        run.action_try_again()
        self.run_jobs(*JOBS)
        self.assertEqual(self.gateway.phones[2:], ["+5511900000001"])
        summary = self.equation(run)
        self.assertEqual(summary["excluded"], {"blacklisted": 1})

    def test_who_was_out_before_the_first_call_stays_out(self):
        batch = self.queued_batch(2)
        self.env["phone.blacklist"].create({"number": "+5511900000000"})
        self.fail_batch(batch)
        batch.run_id.action_try_again()
        self.run_jobs(*JOBS)
        self.assertEqual(len(self.messages(batch.retried_by_id)), 1)
        summary = self.equation(batch.run_id)
        self.assertEqual(
            (summary["sent"], summary["excluded"]), (1, {"blacklisted": 1})
        )

    def test_what_may_have_been_accepted_is_never_tried_again(self):
        for state in ("sent", "unknown", "sending", "queued", "canceled"):
            with self.subTest(state=state):
                self.campaign.recipients.clear()
                batch = self.queued_batch()
                batch.state = state
                with self.assertRaises(UserError):
                    batch.run_id.action_try_again()
                self.assertFalse(batch.try_again)

    def test_a_report_that_came_all_the_same_keeps_its_message(self):
        """The gateway had it after all: it counts as sent, and is not sent again."""
        batch = self.failed_batch(2)
        first = self.messages(batch)[0]
        self.tell(
            StatusItem(message_id="gw", reference=first.reference, state="delivered")
        )
        batch.run_id.action_try_again()
        self.run_jobs(*JOBS)
        self.assertEqual(
            self.messages(batch.retried_by_id).retry_of_id.ids,
            self.messages(batch)[1].ids,
        )
        summary = self.equation(batch.run_id)
        self.assertEqual((summary["sent"], summary["delivered"]), (2, 1))

    def test_a_cancelled_campaign_is_not_tried_again(self):
        run = self.failed_batch().run_id
        run.action_try_again()
        run.action_cancel()
        self.run_jobs(*JOBS)
        self.assertEqual(self.states(run), {"error": 3})
        with self.assertRaises(UserError):
            run.action_try_again()
        self.env["sms.batch"]._sweep()
        self.assertFalse(self.pending_jobs("_retry_batches"))

    def test_a_paused_campaign_stays_paused(self):
        batch = self.failed_batch()
        batch.run_id.write({"state": "paused"})
        batch.run_id.action_try_again()
        self.run_jobs(*JOBS)
        self.assertEqual(batch.run_id.state, "paused")
        self.assertEqual(batch.retried_by_id.state, "queued")

    def test_a_lost_job_is_made_again(self):
        batch = self.failed_batch()
        batch.run_id.action_try_again()
        self.pending_jobs().unlink()
        self.env["sms.batch"]._sweep()
        self.env["sms.batch"]._sweep()
        self.assertEqual(len(self.pending_jobs("_retry_batches")), 1)
        self.run_jobs(*JOBS)
        self.assertEqual(batch.retried_by_id.state, "sent")

    def test_a_crash_between_two_batches_costs_one_of_them(self):
        self.provider.batch_size = 1
        run = self.planned_run(3)
        run.action_release()
        self.run_jobs("_enqueue_batches")
        for batch in run.batch_ids:
            self.fail_batch(batch)
        run.action_try_again()
        retry, calls = SmsBatch._retry, []

        def die(batch):
            calls.append(batch)
            if len(calls) == 2:
                raise SystemError("killed")
            return retry(batch)

        self.patch(SmsBatch, "_retry", die)
        with suppress(SystemError):
            self.run_job(self.pending_jobs("_retry_batches"))
            self.fail("the crash got lost")
        self.env.invalidate_all()
        self.patch(SmsBatch, "_retry", retry)
        self.run_jobs(*JOBS)
        self.assertEqual(self.equation(run)["sent"], 3)
        self.assertEqual(len(self.messages(run)), 6)

    def test_the_next_run_does_not_text_who_a_retry_has_reached(self):
        batch = self.failed_batch(2)
        old = batch.run_id
        old.action_try_again()
        self.run_jobs(*JOBS)
        run = self.new_run(res_id=old.res_id, state="planning")
        run._plan_next_page()
        self.assertEqual(
            self.messages(run).mapped("failure_type"), ["duplicate", "duplicate"]
        )

    def test_a_retry_whose_end_nobody_saw_is_not_texted_by_the_next_run(self):
        batch = self.failed_batch(1)
        old = batch.run_id
        old.action_try_again()
        self.run_jobs("_retry_batches")
        self.gateway.answers = [Unknown("timeout")]
        self.run_jobs("_send_batch")
        self.assertEqual(batch.retried_by_id.state, "unknown")
        self.assertEqual(self.equation(old)["unknown"], 1)
        run = self.new_run(res_id=old.res_id, state="planning")
        run._plan_next_page()
        self.assertEqual(self.messages(run).failure_type, "duplicate")

    def test_only_campaign_managers_try_a_campaign_again(self):
        run = self.failed_batch().run_id
        for user in (self.salesperson, self.new_user("other", "base.group_user")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                run.with_user(user).action_try_again()
        run.with_user(self.manager).action_try_again()

    def test_the_statement_per_batch_does_not_grow_with_its_messages(self):
        self.provider.batch_size = 100
        batch = self.failed_batch(100)
        batch._ask_to_try_again()
        with self.assertQueryCount(__system__=60):
            batch._retry()
        self.assertEqual(batch.retried_by_id.message_count, 100)


class TestTryASingleSmsAgain(AlertCase):
    """The same for one SMS: the button opens the new one."""

    def failed_message(self):
        messages = self.env["sms.message"].with_user(self.salesperson)
        message = messages.create({"partner_id": self.partner.id, "body": "Olá"})
        message.action_send()
        self.fail_batch(message.sudo().batch_id)
        return message

    def test_it_is_sent_as_a_new_sms_that_opens(self):
        message = self.failed_message()
        self.assertTrue(message.may_try_again)
        action = message.action_try_again()
        new = self.env["sms.message"].browse(action["res_id"])
        self.assertEqual((new.retry_of_id, new.state), (message, "outgoing"))
        self.assertEqual(new.user_id, self.salesperson)
        self.run_jobs("_send_batch")
        self.assertEqual((message.state, new.state), ("error", "sent"))
        self.assertEqual(new.with_user(self.salesperson).body, "Olá")

    def test_pressing_twice_sends_once(self):
        message = self.failed_message()
        message.action_try_again()
        message.invalidate_recordset()
        self.assertFalse(message.may_try_again)
        with self.assertRaisesRegex(UserError, "never reached"):
            message.action_try_again()
        self.run_jobs("_send_batch")
        self.assertEqual(len(self.gateway.calls), 2)

    def test_an_sms_in_any_other_state_cannot_be_tried_again(self):
        message = self.new_message()
        self.assertFalse(message.may_try_again)
        with self.assertRaises(UserError):
            message.action_try_again()
        message.action_send()
        self.gateway.answers = [NotAttempted("connection")]
        self.run_jobs("_send_batch")
        self.assertFalse(message.may_try_again)
        with self.assertRaises(UserError):
            message.action_try_again()

    def test_a_campaigns_message_is_not_tried_again_alone(self):
        message = self.messages(self.failed_batch(1))
        self.assertFalse(message.may_try_again)
        with self.assertRaises(UserError):
            message.action_try_again()

    def test_nobody_tries_what_he_may_not_write(self):
        message = self.failed_message()
        other = self.new_user("sales_2", "sms_base_sr.group_sms_user")
        with self.assertRaises(AccessError):
            message.with_user(other).action_try_again()
