from odoo import fields
from odoo.exceptions import AccessError, UserError

from .campaign_case import CampaignCase


class ApprovalCase(CampaignCase):
    """A company whose campaigns of more than two SMS want another person's approval."""

    def setUp(self):
        super().setUp()
        self.company.sms_approval_count = 2
        group = "sms_base_sr.group_sms_campaign"
        self.colleague = self.new_user("colleague", group)
        self.supervisor = self.new_user("boss", "sms_base_sr.group_sms_manager")
        self.admin = self.new_user("adm", "sms_base_sr.group_sms_admin")

    def campaign_of(self, user, count=3, send=False, **values):
        """A run that a user has planned, or sent at once."""
        self.add_contacts(count)
        run = self.new_run(**values).with_user(user).sudo()
        # As its campaign makes it: the user's, by the engine.
        self.env.cr.execute(
            "UPDATE sms_run SET create_uid = %s WHERE id = %s", [user.id, run.id]
        )
        self.env.invalidate_all()
        if send:
            run.action_send()
        else:
            run.action_plan()
        self.run_jobs()
        return run

    def left(self):
        """SMS that the gateway was given."""
        return sum(len(request.messages) for request in self.gateway.calls)


class TestApproval(ApprovalCase):
    """A large campaign leaves once another person has approved it."""

    def test_a_small_one_needs_nobody(self):
        run = self.campaign_of(self.manager, 2)
        self.assertFalse(run.approval)
        run.action_release()
        self.run_jobs()
        self.assertEqual(self.left(), 2)

    def test_without_limits_nobody_is_asked(self):
        self.company.sms_approval_count = 0
        run = self.campaign_of(self.manager)
        self.assertFalse(run.approval)

    def test_above_the_number_it_waits_and_says_for_whom(self):
        run = self.campaign_of(self.manager)
        self.assertEqual((run.state, run.approval), ("ready", "wanted"))
        with self.assertRaisesRegex(UserError, "more than 2 SMS.*Approve"):
            run.action_release()
        shown = run.sudo()._read_review()["approval"]
        self.assertEqual(shown["state"], "wanted")
        self.assertIn("yourself", shown["why_not"])

    def test_above_the_price_it_waits_too(self):
        self.company.write({"sms_approval_count": 0, "sms_approval_cost": 0.25})
        run = self.campaign_of(self.manager)
        self.assertEqual(run.approval, "wanted")
        with self.assertRaisesRegex(UserError, "0.25"):
            run.action_release()

    def test_at_the_limit_itself_nobody_is_asked(self):
        self.company.write({"sms_approval_count": 3, "sms_approval_cost": 0.30})
        self.assertFalse(self.campaign_of(self.manager).approval)

    def test_another_person_approves_and_it_leaves(self):
        run = self.campaign_of(self.manager)
        run.with_user(self.colleague).action_approve()
        self.assertEqual(run.approval, "given")
        self.assertEqual(run.approved_by_id, self.colleague)
        run.action_release()
        self.run_jobs()
        self.assertEqual(self.left(), 3)

    def test_what_was_approved_is_written_down(self):
        run = self.campaign_of(self.manager)
        run.with_user(self.supervisor).action_approve()
        noted = self.env["sms.approval"].search([("run_id", "=", run.id)])
        self.assertEqual(noted.user_id, self.supervisor)
        self.assertEqual(noted.author_ids, self.manager)
        self.assertEqual((noted.planned_count, noted.planned_segments), (3, 3))
        self.assertAlmostEqual(noted.planned_cost, 0.30)
        self.assertEqual(noted.text, "Olá {{ name }}")
        self.assertTrue(noted.text_digest)
        line = self.env["sms.audit"].search([("action", "=", "approve")], limit=1)
        self.assertEqual((line.user_id, line.count), (self.supervisor, 3))
        self.assertTrue(line.text_digest.startswith(noted.text_digest))
        for user in (self.manager, self.supervisor, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                noted.with_user(user).write({"user_id": user.id})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                noted.with_user(user).unlink()

    def test_approving_twice_says_so(self):
        run = self.campaign_of(self.manager)
        run.with_user(self.colleague).action_approve()
        with self.assertRaisesRegex(UserError, "any more"):
            run.with_user(self.supervisor).action_approve()

    # -- send now ----------------------------------------------------------------------

    def test_send_now_plans_all_and_nothing_leaves_before_the_approval(self):
        self.provider.batch_size = 1
        run = self.campaign_of(self.manager, send=True)
        self.assertEqual((run.state, run.approval), ("ready", "wanted"))
        self.env["sms.batch"]._sweep()
        self.run_jobs()
        self.assertEqual(self.left(), 0)
        run.with_user(self.colleague).action_approve()
        self.run_jobs()
        self.assertEqual(self.left(), 3)
        self.assertEqual(run.state, "done")

    def test_send_now_of_a_small_one_leaves_by_itself(self):
        run = self.campaign_of(self.manager, 2, send=True)
        self.assertEqual(self.left(), 2)
        self.assertEqual(run.state, "done")
        self.assertTrue(run.started_at)
        noted = self.env["sms.audit"].search([("res_id", "=", run.res_id)])
        self.assertIn("release", noted.mapped("action"))

    def test_send_now_can_be_paused_while_it_is_planned(self):
        self.add_contacts(2)
        run = self.new_run().with_user(self.manager).sudo()
        run.action_send()
        run.action_pause()
        self.run_jobs()
        self.assertEqual((run.state, self.left()), ("paused", 0))
        run.action_resume()
        self.run_jobs()
        self.assertEqual((run.state, self.left()), ("done", 2))

    # -- a schedule --------------------------------------------------------------------

    def scheduled(self, **latest):
        run = self.campaign_of(self.manager)
        now = fields.Datetime.now()
        late = fields.Datetime.add(now, **latest) if latest else False
        run._schedule(now, late)
        return run

    def test_a_schedule_waits_for_the_approval(self):
        run = self.scheduled()
        self.env["sms.run"]._sweep_schedules()
        self.run_jobs()
        self.assertEqual((run.state, self.left()), ("scheduled", 0))
        run.with_user(self.colleague).action_approve()
        self.env["sms.run"]._sweep_schedules()
        self.run_jobs()
        self.assertEqual((run.state, self.left()), ("done", 3))

    def test_past_its_latest_start_it_waits_for_nobody_any_more(self):
        run = self.scheduled(hours=1)
        later = fields.Datetime.add(fields.Datetime.now(), hours=2)
        run.sudo()._start_scheduled(later)
        self.assertEqual(run.state, "ready")
        self.assertTrue(run.schedule_expired)
        self.assertEqual(self.left(), 0)

    def test_what_changed_after_the_approval_makes_it_void(self):
        self.campaign.basis = {"text": "a"}
        run = self.scheduled()
        run.with_user(self.colleague).action_approve()
        self.campaign.basis = {"text": "b"}
        with self.assertRaisesRegex(UserError, "text"):
            run.action_release()
        self.env["sms.run"]._sweep_schedules()
        self.run_jobs()
        self.assertEqual((run.state, run.approval), ("ready", "wanted"))
        self.assertEqual(self.left(), 0)
        noted = self.env["sms.approval"].search([("run_id", "=", run.id)])
        self.assertTrue(noted.void_date)
        self.assertIn("text", noted.void_reason)

    def test_what_is_stale_is_not_approved(self):
        self.campaign.basis = {"audience": 1}
        run = self.campaign_of(self.manager)
        self.campaign.basis = {"audience": 2}
        with self.assertRaisesRegex(UserError, "contacts"):
            run.with_user(self.colleague).action_approve()

    def test_a_cancelled_plan_takes_its_approval_with_it(self):
        run = self.campaign_of(self.manager)
        run.with_user(self.colleague).action_approve()
        run.action_cancel()
        noted = self.env["sms.approval"].search([("run_id", "=", run.id)])
        self.assertTrue(noted.void_date)

    # -- limits ------------------------------------------------------------------------

    def test_a_lower_limit_holds_for_what_is_planned_already(self):
        self.company.sms_approval_count = 0
        run = self.campaign_of(self.manager)
        self.company.sms_approval_count = 2
        self.assertEqual(run.approval, "wanted")
        with self.assertRaises(UserError):
            run.action_release()

    def test_a_higher_limit_does_not_let_through_what_waits(self):
        run = self.campaign_of(self.manager)
        self.company.sms_approval_count = 1000
        with self.assertRaises(UserError):
            run.action_release()

    def test_limits_below_zero_are_refused(self):
        for name in ("sms_approval_count", "sms_approval_cost"):
            with self.subTest(name), self.assertRaisesRegex(UserError, "0 .never."):
                self.company[name] = -1

    # -- who is told -------------------------------------------------------------------

    def told(self, run):
        return run.sudo().activity_ids.filtered(lambda a: a.sms_alert == "approval")

    def test_those_who_may_approve_are_told_and_the_author_is_not(self):
        run = self.campaign_of(self.supervisor)
        self.env["sms.run"]._sync_alerts()
        told = self.told(run)
        self.assertIn(self.admin, told.user_id)
        self.assertNotIn(self.supervisor, told.user_id)
        self.assertIn("3", told[0].note)
        run.with_user(self.colleague).action_approve()
        self.assertFalse(self.told(run))

    def test_campaign_managers_are_told_where_there_is_no_supervisor(self):
        run = self.campaign_of(self.manager)
        supervisors = self.env.ref("sms_base_sr.group_sms_manager").all_user_ids
        supervisors.filtered(lambda u: u.id > 1).active = False
        people = run.sudo()._approvers()
        self.assertIn(self.colleague, people)
        self.assertNotIn(self.manager, people)
