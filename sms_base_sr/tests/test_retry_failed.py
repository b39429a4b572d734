from odoo.exceptions import AccessError, UserError

from odoo.addons.sms_base_sr.tools.failures import RETRIABLE
from odoo.addons.sms_base_sr.tools.inbound import ReplyItem, StatusItem
from odoo.addons.sms_base_sr.tools.outcomes import NotAttempted

from .alert_case import AlertCase

JOBS = ("_retry_batches", "_send_batch", "_recompute_touched")


class TestRetryFailed(AlertCase):
    """What was accepted and did not arrive is tried again, by reason, once counted."""

    def report(self, message, state, failure=None):
        """Let the gateway tell what became of an SMS."""
        item = StatusItem(
            message_id=f"gw-{message.id}",
            reference=message.reference,
            state=state,
            failure_type=failure,
        )
        self.tell(item)
        self.summary(message.run_id)

    def done_run(self, *reports, **values):
        """A run that was sent: its contacts have these reports, the last ones none."""
        batch = self.queued_batch(len(reports), **values)
        self.run_batch(batch)
        run = batch.run_id
        for message, state in zip(self.messages(batch), reports, strict=True):
            self.report(message, *state)
        self.summary(run)
        self.assertEqual(run.state, "done")
        return run

    def dialog(self, run, user=None):
        action = run.with_user(user or self.manager).action_retry_failed()
        dialogs = self.env["sms.retry"].with_user(user or self.manager)
        return dialogs.browse(action["res_id"])

    def retry(self, run, *reasons):
        """Tick these reasons, and only these, and press."""
        dialog = self.dialog(run)
        for line in dialog.line_ids:
            line.selected = line.reason in reasons
        return dialog.action_retry()

    def equation(self, run):
        """Everybody is in exactly one place, at any moment."""
        summary = self.summary(run)
        places = ("sent", "not_started", "in_call", "unknown")
        found = sum(summary[place] for place in places)
        found += sum(summary["excluded"].values())
        self.assertEqual(summary["recipients"], found, summary)
        ended = summary["delivered"] + summary["failed"] + summary["open"]
        self.assertEqual(summary["sent"], ended, summary)
        return summary

    MIXED = (
        ("delivered",),
        ("expired", "expired"),
        ("error", "not_delivered"),
        ("rejected", "rejected"),
        ("expired", "expired"),
    )

    # -- the dialog --------------------------------------------------------------------

    def test_the_dialog_lists_reasons_and_ticks_those_worth_while(self):
        dialog = self.dialog(self.done_run(*self.MIXED))
        found = {line.reason: (line.count, line.selected) for line in dialog.line_ids}
        expected = {
            "expired": (2, True),
            "not_delivered": (1, True),
            "rejected": (1, False),
        }
        self.assertEqual(found, expected)
        self.assertEqual((dialog.count, dialog.segments), (3, 3))
        self.assertAlmostEqual(dialog.price, 0.3)
        dialog.line_ids[0].selected = False
        self.assertEqual(dialog.count, 1)

    def test_who_must_not_be_texted_is_named_and_never_offered(self):
        run = self.done_run(("expired", "expired"), ("error", "gateway_invalid"))
        run.excluded_counts = {"opt_out": 2, "blacklisted": 1, "invalid_number": 4}
        dialog = self.dialog(run)
        self.assertEqual(dialog.line_ids.mapped("reason"), ["expired"])
        for text in ("Opted out: 2", "Blacklisted: 1", "Invalid phone number: 4"):
            self.assertIn(text, dialog.never)
        self.assertIn("Gateway: invalid number: 1", dialog.never)

    def test_the_vocabulary_never_offers_what_must_stay_alone(self):
        for reason in (
            "opt_out",
            "blacklisted",
            "do_not_disturb",
            "invalid_number",
            "gateway_invalid",
            "gateway_blacklist",
            "unknown",
            "not_listed",
        ):
            self.assertNotIn(reason, RETRIABLE)

    def test_reasons_that_no_dialog_offers_are_refused(self):
        run = self.done_run(("error", "gateway_blacklist"))
        with self.assertRaisesRegex(UserError, "at least one reason"):
            run._retry_failed(["gateway_blacklist", "opt_out", "unknown"])

    def test_it_warns_while_carriers_still_report(self):
        run = self.done_run(("expired", "expired"))
        self.assertTrue(self.dialog(run).early)
        run.batch_ids.sent_date = "2026-01-01"
        self.assertFalse(self.dialog(run).early)

    def test_only_campaign_managers_open_it_and_press(self):
        run = self.done_run(("expired", "expired"))
        for user in (self.salesperson, self.new_user("other", "base.group_user")):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.dialog(run, user)
                with self.assertRaises(AccessError):
                    run.with_user(user)._retry_failed(["expired"])
        self.dialog(run).action_retry()

    def test_a_run_that_is_not_done_waits(self):
        run = self.done_run(("expired", "expired"))
        dialog = self.dialog(run)
        for state in ("sending", "paused", "canceled"):
            with self.subTest(state=state):
                run.state = state
                with self.assertRaisesRegex(UserError, "not done"):
                    dialog.action_retry()

    # -- what is sent ------------------------------------------------------------------

    def test_only_the_chosen_reasons_are_sent_again(self):
        run = self.done_run(*self.MIXED)
        old = self.messages(run)
        self.retry(run, "expired")
        self.assertEqual(run.state, "sending")
        self.run_jobs(*JOBS)
        new = self.messages(run) - old
        self.assertEqual(new.retry_of_id, old[1] + old[4])
        self.assertEqual(new.mapped("state"), ["sent", "sent"])
        keys = [f"{phone}#2" for phone in new.mapped("phone")]
        self.assertEqual(new.mapped("dedupe_key"), keys)
        self.assertEqual(old[1].state, "expired", "states never fall")
        self.summary(run)
        self.assertEqual(run.state, "done")

    def test_the_last_attempt_says_what_became_of_the_customer(self):
        run = self.done_run(*self.MIXED)
        before = self.equation(run)
        self.assertEqual((before["sent"], before["failed"]), (5, 4))
        self.retry(run, "expired")
        self.run_jobs("_retry_batches")
        under_way = self.equation(run)
        self.assertEqual(under_way["trying_again"], 2)
        names = ("sent", "failed", "delivered", "cost")
        self.assertEqual([under_way[n] for n in names], [5, 2, 1, 0.5])
        self.run_jobs(*JOBS)
        first, second = self.messages(run).filtered("retry_of_id")
        self.report(first, "delivered")
        self.report(second, "error", "not_delivered")
        after = self.equation(run)
        self.assertEqual([after[n] for n in names], [5, 3, 2, 0.7])
        reasons = {"not_delivered": 2, "rejected": 1}
        self.assertEqual(after["failed_by_reason"], reasons)
        self.assertEqual(after["excluded"], {})

    def test_reports_count_the_same(self):
        run = self.done_run(*self.MIXED)
        self.retry(run, "expired", "not_delivered")
        self.run_jobs(*JOBS)
        self.report(self.messages(run).filtered("retry_of_id")[0], "delivered")
        summary = self.equation(run)
        self.env.flush_all()
        lines = self.env["sms.report"].search([("run_id", "=", run.id)])
        found = {
            name: sum(lines.mapped(name))
            for name in ("n", "accepted", "delivered", "failed", "excluded")
        }
        expected = {
            "n": 5,
            "accepted": 5,
            "delivered": summary["delivered"],
            "failed": summary["failed"],
            "excluded": 0,
        }
        self.assertEqual(found, expected)
        self.assertAlmostEqual(sum(lines.mapped("cost")), summary["cost"])

    def test_the_list_of_failed_ones_shows_last_attempts(self):
        run = self.done_run(*self.MIXED)
        self.retry(run, "expired")
        self.run_jobs(*JOBS)
        action = run.action_view_figure("failed")
        shown = self.env["sms.message"].search(action["domain"])
        self.assertEqual(len(shown), self.equation(run)["failed"])

    def test_who_replied_opted_out_or_was_reached_is_left_alone(self):
        run = self.done_run(*[("expired", "expired")] * 4)
        replied, out, reached, free = self.messages(run)
        self.tell(ReplyItem(reply_id="r", text="quem é?", phone=replied.phone))
        self.env["phone.blacklist"].create({"number": out.phone})
        dialog = self.dialog(run)
        self.report(reached, "delivered")
        dialog.action_retry()
        self.run_jobs(*JOBS)
        self.assertEqual(self.messages(run).filtered("retry_of_id").retry_of_id, free)
        self.equation(run)

    def test_a_report_that_comes_before_the_call_stops_it(self):
        """The first attempt arrived after all: nobody is texted twice."""
        run = self.done_run(*[("expired", "expired")] * 2)
        late = self.messages(run)[0]
        self.retry(run, "expired")
        self.run_jobs("_retry_batches")
        self.report(late, "delivered")
        self.assertEqual(self.equation(run)["delivered"], 1)
        self.run_jobs(*JOBS)
        canceled = self.messages(run).filtered(lambda m: m.retry_of_id == late)
        self.assertEqual(canceled.mapped("failure_type"), ["duplicate"])
        summary = self.equation(run)
        self.assertEqual((summary["delivered"], summary["open"]), (1, 1))

    def test_a_late_report_of_the_first_attempt_counts_once(self):
        run = self.done_run(("expired", "expired"))
        self.retry(run, "expired")
        self.run_jobs(*JOBS)
        first, second = self.messages(run)
        self.report(second, "expired", "expired")
        self.report(first, "delivered")
        summary = self.equation(run)
        self.assertEqual((summary["delivered"], summary["failed"]), (1, 0))
        self.assertEqual(summary["cost"], 0.2, "both were charged")

    def test_what_fails_again_can_be_tried_a_third_time(self):
        run = self.done_run(("expired", "expired"))
        for attempt in (2, 3):
            with self.subTest(attempt=attempt):
                self.retry(run, "expired")
                self.run_jobs(*JOBS)
                last = self.messages(run)[-1]
                self.assertEqual(last.dedupe_key, f"+5511900000000#{attempt}")
                self.report(last, "expired", "expired")
                summary = self.equation(run)
                self.assertEqual((summary["sent"], summary["failed"]), (1, 1))

    def test_a_second_attempt_that_never_left_is_tried_again_as_any_other(self):
        run = self.done_run(("expired", "expired"))
        self.retry(run, "expired")
        self.run_jobs("_retry_batches")
        batch = run.batch_ids.filtered("second_attempt")
        batch.tries = 5
        self.gateway.answers = [NotAttempted("connection", "refused")]
        self.run_batch(batch)
        summary = self.equation(run)
        self.assertEqual(summary["failed_by_reason"], {"not_attempted": 1})
        self.assertEqual(summary["retriable"], 1)
        self.retry(run, "not_attempted")
        self.run_jobs(*JOBS)
        self.assertEqual(self.equation(run)["open"], 1)
        self.assertEqual(self.messages(run)[-1].state, "sent")

    def test_what_never_left_is_offered_beside_the_rest(self):
        self.provider.batch_size = 2
        run = self.planned_run(4)
        run.action_release()
        self.run_jobs("_enqueue_batches")
        first, second = run.batch_ids.sorted("id")
        self.run_batch(first)
        self.fail_batch(second)
        self.report(self.messages(first)[0], "expired", "expired")
        dialog = self.dialog(run)
        counts = {line.reason: line.count for line in dialog.line_ids}
        self.assertEqual(counts, {"not_attempted": 2, "expired": 1})
        dialog.action_retry()
        self.run_jobs(*JOBS)
        summary = self.equation(run)
        self.assertEqual((summary["sent"], summary["failed"]), (4, 0))

    # -- the engine --------------------------------------------------------------------

    def test_pressing_twice_tries_once(self):
        run = self.done_run(("expired", "expired"))
        dialog = self.dialog(run)
        dialog.action_retry()
        with self.assertRaises(UserError):
            dialog.action_retry()
        self.run_jobs(*JOBS)
        self.assertEqual(len(self.gateway.calls), 2)
        with self.assertRaisesRegex(UserError, "Nothing is left|at least one"):
            dialog.action_retry()

    def test_a_lost_job_is_made_again_and_a_second_one_makes_nothing(self):
        run = self.done_run(("expired", "expired"))
        self.retry(run, "expired")
        self.pending_jobs().unlink()
        self.env["sms.batch"]._sweep()
        job = self.pending_jobs("_retry_batches")
        self.assertEqual(len(job), 1)
        self.run_job(job)
        self.run_job(job)
        self.assertEqual(len(self.messages(run)), 2)

    def test_a_cancelled_run_makes_no_new_batch(self):
        run = self.done_run(("expired", "expired"))
        self.retry(run, "expired")
        run.action_cancel()
        self.run_jobs(*JOBS)
        self.assertEqual(len(self.messages(run)), 1)
        self.assertFalse(run.batch_ids.filtered("try_again"))

    def test_few_failed_ones_of_many_batches_share_new_ones(self):
        self.provider.batch_size = 2
        run = self.planned_run(8)
        run.action_release()
        self.run_jobs("_enqueue_batches", "_send_batch")
        for batch in run.batch_ids:
            self.report(self.messages(batch)[0], "expired", "expired")
        self.retry(run, "expired")
        self.run_jobs("_retry_batches")
        new = run.batch_ids.filtered("second_attempt")
        self.assertEqual(new.mapped("message_count"), [2, 2])
        self.run_jobs(*JOBS)
        self.assertEqual(self.equation(run)["trying_again"], 4)

    def test_the_statements_do_not_grow_with_the_messages(self):
        self.provider.batch_size = 100
        run = self.done_run(*[("expired", "expired")] * 20)
        self.retry(run, "expired")
        batch = run.batch_ids
        with self.assertQueryCount(__system__=70):
            batch._retry_failed()
        self.assertEqual(len(self.messages(run)), 40)
