from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from odoo.addons.sms_base_sr.models.sms_batch_recover import SmsBatch
from odoo.addons.sms_base_sr.tools.outcomes import Unknown

from .alert_case import AlertCase

BUTTONS = ("action_count_as_sent", "action_send_again")


class TestDecide(AlertCase):
    """Nobody but a person can tell: who may, when, and what is written down."""

    def unknown_batch(self, count=3):
        """A batch whose call ended in a timeout, whose deadline has passed."""
        self.campaign.recipients.clear()
        batch = self.queued_batch(count)
        self.gateway.answers = [Unknown("timeout")]
        self.run_batch(batch)
        batch.attempt_deadline = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(batch.state, "unknown")
        return batch

    def test_counted_as_sent_nothing_is_sent_and_the_price_is_counted(self):
        batch = self.unknown_batch()
        batch.with_user(self.admin).action_count_as_sent()
        self.assertEqual(batch.state, "sent")
        self.assertEqual(self.states(batch), {"sent": 3})
        summary = self.summary(batch.run_id)
        self.assertEqual((summary["sent"], summary["cost"]), (3, 0.3))
        self.run_jobs("_send_batch")
        self.assertEqual(len(self.gateway.calls), 1)
        self.assertEqual(batch.run_id.state, "done")

    def test_sent_again_it_is_a_new_attempt_with_a_new_reference(self):
        batch = self.unknown_batch()
        first = batch.attempt_reference
        batch.with_user(self.admin).action_send_again()
        self.assertEqual(batch.state, "queued")
        self.run_jobs("_send_batch")
        self.assertEqual((batch.state, batch.attempt), ("sent", 2))
        self.assertNotEqual(batch.attempt_reference, first)
        self.assertEqual(len(self.gateway.calls), 2)

    def test_the_decision_is_signed_with_who_and_when(self):
        for button in BUTTONS:
            with self.subTest(button=button):
                batch = self.unknown_batch()
                before = fields.Datetime.now()
                getattr(batch.with_user(self.admin), button)()
                attempt = batch.attempt_ids
                self.assertEqual(attempt.decision, button.removeprefix("action_"))
                self.assertEqual(attempt.decided_by_id, self.admin)
                self.assertGreaterEqual(attempt.decided_at, before)
                self.assertEqual(attempt.outcome, "unknown", "the evidence stays")

    def test_only_administrators_decide(self):
        batch = self.unknown_batch()
        supervisor = self.new_user("supervisor", "sms_base_sr.group_sms_manager")
        for user in (self.salesperson, self.manager, supervisor):
            for button in BUTTONS:
                with (
                    self.subTest(user=user.login, button=button),
                    self.assertRaises(AccessError),
                ):
                    getattr(batch.with_user(user), button)()
            self.assertFalse(batch.with_user(supervisor).may_decide)
        self.assertEqual(batch.state, "unknown")

    def test_an_administrator_of_another_company_does_not(self):
        batch = self.unknown_batch()
        other = self.env["res.company"].create({"name": "B"})
        self.admin.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        for button in BUTTONS:
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(batch.with_user(self.admin), button)()

    def test_only_an_unknown_batch_can_be_decided_about(self):
        batch = self.unknown_batch()
        for state in ("draft", "queued", "sending", "sent", "failed", "canceled"):
            batch.state = state
            for button in BUTTONS:
                with (
                    self.subTest(state=state, button=button),
                    self.assertRaisesRegex(UserError, "not unknown"),
                ):
                    getattr(batch.with_user(self.admin), button)()
            self.assertFalse(batch.with_user(self.admin).may_decide)

    def test_while_the_call_may_be_out_nobody_decides(self):
        batch = self.unknown_batch()
        batch.attempt_deadline = fields.Datetime.now() + timedelta(minutes=1)
        for button in BUTTONS:
            with (
                self.subTest(button=button),
                self.assertRaisesRegex(UserError, "still be in its call"),
            ):
                getattr(batch.with_user(self.admin), button)()
        self.assertFalse(batch.with_user(self.admin).may_decide)

    def test_while_its_job_runs_nobody_decides(self):
        batch = self.unknown_batch()
        self.patch(SmsBatch, "_owner_is_alive", lambda batch: True)
        with self.assertRaisesRegex(UserError, "still be in its call"):
            batch.with_user(self.admin).action_send_again()
        self.assertFalse(batch.with_user(self.admin).may_decide)

    def test_the_buttons_show_exactly_when_they_work(self):
        batch = self.unknown_batch()
        self.assertTrue(batch.with_user(self.admin).may_decide)
        batch.with_user(self.admin).action_send_again()
        self.assertFalse(batch.with_user(self.admin).may_decide)

    def test_the_second_of_two_administrators_is_too_late(self):
        for first, second in (BUTTONS, BUTTONS[::-1]):
            with self.subTest(first=first):
                batch = self.unknown_batch()
                getattr(batch.with_user(self.admin), first)()
                with self.assertRaisesRegex(UserError, "any more"):
                    getattr(batch.with_user(self.second_admin), second)()
                self.assertEqual(batch.attempt_ids.decided_by_id, self.admin)

    def test_the_answer_that_comes_after_the_decision_changes_no_state(self):
        """A late answer is applied as reports are, the batch keeps what was decided."""
        batch = self.queued_batch(1)

        def decided_meanwhile(request):
            found = self.env["sms.batch"].browse(batch.id)
            self.env.invalidate_all()
            past = fields.Datetime.now() - timedelta(seconds=1)
            found.write({"state": "unknown", "attempt_deadline": past})
            found.job_uuid = False
            found.with_user(self.admin).action_count_as_sent()
            self.env.flush_all()
            return Unknown("timeout")

        self.gateway.answers = [decided_meanwhile]
        self.run_batch(batch)
        self.assertEqual(batch.state, "sent")
        self.assertEqual(self.states(batch), {"sent": 1})

    def test_the_evidence_is_read_by_whoever_reads_the_batch(self):
        batch = self.unknown_batch()
        rows = batch.attempt_ids.with_user(self.manager).read(
            ["reference", "started_at", "deadline", "outcome", "asked_count", "answer"]
        )
        self.assertEqual(rows[0]["outcome"], "unknown")
        self.assertEqual(rows[0]["reference"], batch.attempt_reference)

    def test_several_batches_are_decided_about_at_once_or_not_at_all(self):
        first, second = self.unknown_batch(1), self.unknown_batch(1)
        second.attempt_deadline = fields.Datetime.now() + timedelta(minutes=1)
        with self.assertRaises(UserError):
            (first + second).with_user(self.admin).action_count_as_sent()
        self.assertEqual(first.state, "unknown")

    def test_the_filter_finds_what_needs_a_decision(self):
        asked = self.unknown_batch()
        needed = self.unknown_batch()
        needed.needs_decision = True
        action = self.env.ref("sms_base_sr.sms_batch_action_undecided")
        self.assertIn("search_default_needs_decision", action.context)
        view = self.env.ref("sms_base_sr.sms_batch_view_search")
        self.assertIn("needs_decision", view.arch)
        found = self.env["sms.batch"].search([("needs_decision", "=", True)])
        self.assertEqual(found, needed)
        self.assertNotIn(asked, found)
