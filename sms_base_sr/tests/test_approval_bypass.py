from contextlib import suppress

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError

from ..models.sms_run import SmsRun
from .campaign_model import NAME, add_campaign_model
from .test_approval import ApprovalCase

REAL_CAMPAIGN = SmsRun._campaign


class TestApprovalBypass(ApprovalCase):
    """An author tries every door: nothing leaves without another person."""

    def setUp(self):
        super().setUp()
        self.run_ = self.campaign_of(self.manager)
        self.mine = self.run_.with_user(self.manager)

    def assert_nothing_leaves(self):
        self.env["sms.batch"]._sweep()
        self.env["sms.run"]._sweep_schedules()
        self.run_jobs()
        self.assertEqual(self.left(), 0)
        self.assertEqual(self.run_.approval, "wanted")

    def test_the_author_never_approves_whatever_his_role(self):
        for user in (self.manager, self.supervisor, self.admin):
            run = self.campaign_of(user)
            for mine in (run.with_user(user), run.with_user(user).sudo()):
                with (
                    self.subTest(user=user.login, su=mine.env.su),
                    self.assertRaisesRegex(AccessError, "yourself"),
                ):
                    mine.action_approve()

    def test_who_planned_it_or_made_the_campaign_is_an_author(self):
        planner = self.campaign_of(self.supervisor)
        planner.sudo().planned_by_id = self.colleague
        self.campaign.authors = self.admin
        for user in (self.colleague, self.admin, self.supervisor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                planner.with_user(user).action_approve()

    def test_no_program_and_no_salesperson_approves(self):
        root = self.env["res.users"].browse(SUPERUSER_ID)
        for user in (root, self.salesperson):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.run_.with_user(user).sudo().action_approve()

    def test_nobody_of_another_company_approves(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.new_user("stranger", "sms_base_sr.group_sms_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for run in (self.run_, self.run_.sudo()):
            with self.assertRaises(AccessError):
                run.with_user(stranger).sudo(run.env.su).action_approve()

    def test_no_button_lets_it_out(self):
        now = fields.Datetime.now()
        doors = {
            "release": lambda run: run.action_release(),
            "send": lambda run: run.action_send(),
            "resume": lambda run: run.action_resume(),
            "try again": lambda run: run.action_try_again(),
            "schedule": lambda run: run._schedule(now, False),
            "start": lambda run: run._start_scheduled(now),
        }
        for name, door in doors.items():
            for run in (self.mine, self.mine.sudo()):
                with self.subTest(name, su=run.env.su):
                    with suppress(AccessError, UserError), self.env.cr.savepoint():
                        door(run)
                    self.assert_nothing_leaves()

    def test_nobody_writes_the_answer(self):
        values = {"approval": "given", "approved_by_id": self.colleague.id}
        others = [{"send_once_planned": True}, {"auto_release": True}]
        others += [{"state": "sending"}, {"planned_by_id": self.colleague.id}]
        for user in (self.manager, self.supervisor, self.admin):
            for vals in (values, *others):
                with self.subTest(user.login, vals=vals):
                    with self.assertRaises(AccessError):
                        self.run_.with_user(user).write(vals)
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["sms.approval"].with_user(user).create(
                    {"run_id": self.run_.id, "user_id": self.colleague.id}
                )
        self.assert_nothing_leaves()

    def test_a_batch_that_got_loose_is_not_claimed(self):
        """As if a program had queued it past every button."""
        self.run_.sudo()._move(["ready"], {"state": "sending"})
        self.run_.sudo()._queue_batches("draft")
        self.run_.sudo()._enqueue_batches_later()
        self.assert_nothing_leaves()

    def test_the_planned_messages_cannot_be_sent_one_by_one(self):
        messages = self.env["sms.message"].search([("run_id", "=", self.run_.id)])
        self.assertEqual(len(messages), 3)
        for message in messages:
            with self.assertRaisesRegex(UserError, "draft of your own"):
                message.with_user(self.manager).action_send()
            with self.assertRaises(AccessError):
                message.with_user(self.manager).write({"run_id": False})
        self.assert_nothing_leaves()

    def test_single_sends_in_a_loop_come_to_their_limit(self):
        self.company.sms_hourly_single = 2
        sent = 0
        for _number in range(3):
            draft = self.new_message().with_user(self.manager)
            try:
                with self.env.cr.savepoint():
                    draft.action_send()
                sent += 1
            except UserError as error:
                self.assertIn("within an hour", str(error))
        self.assertEqual(sent, 2)


class TestApprovalOfCampaign(ApprovalCase):
    """The same from the campaign's own form, whose buttons act as superuser."""

    def setUp(self):
        super().setUp()
        # The case's campaign stands in for all; here it is a real one.
        self.patch(SmsRun, "_campaign", REAL_CAMPAIGN)
        add_campaign_model(self)
        self.env["res.partner"].create(
            [
                {"name": f"P{n}", "phone": f"(11) 91234-500{n}", "ref": "campaign"}
                for n in range(3)
            ]
        )
        template = self.env["sms.template"].create(
            {"name": "T", "message_template": "Oi {{ name }}"}
        )
        made = self.env[NAME].with_user(self.manager).sudo()
        self.natal = made.create({"name": "Natal", "sms_template_id": template.id})
        self.natal.with_user(self.manager).action_sms_plan()
        self.run_jobs()

    def shown(self, user):
        """What the campaign's form shows a user."""
        review = self.natal.with_user(user).sms_read_review()
        return [review["run_id"], review["approval"].get("digest")]

    def test_the_buttons_of_the_form_count_as_the_person_who_presses(self):
        mine = self.natal.with_user(self.manager)
        self.assertEqual(mine.sms_approval, "wanted")
        with self.assertRaisesRegex(AccessError, "yourself"):
            mine.action_sms_approve(*self.shown(self.manager))
        with self.assertRaisesRegex(UserError, "another person"):
            mine.action_sms_release()
        other = self.natal.with_user(self.colleague)
        other.action_sms_approve(*self.shown(self.colleague))
        self.assertEqual(self.natal.sms_run_id.approved_by_id, self.colleague)
        mine.action_sms_release()
        self.run_jobs()
        self.assertEqual(self.left(), 3)

    def test_what_was_planned_anew_since_it_was_read_is_not_approved(self):
        shown = self.shown(self.colleague)
        self.natal.with_user(self.manager).action_sms_plan_again()
        self.run_jobs()
        with self.assertRaisesRegex(UserError, "planned again"):
            self.natal.with_user(self.colleague).action_sms_approve(*shown)

    def test_planning_again_asks_again_and_who_does_it_is_an_author(self):
        other = self.natal.with_user(self.colleague)
        other.action_sms_approve(*self.shown(self.colleague))
        other.action_sms_plan_again()
        self.run_jobs()
        self.assertEqual(self.natal.sms_approval, "wanted")
        for user in (self.manager, self.colleague):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.natal.with_user(user).action_sms_approve(*self.shown(user))

    def test_who_had_a_cron_send_it_is_its_author(self):
        self.natal.with_user(self.manager).action_sms_cancel()
        self.natal.with_user(self.colleague).write({"name": "Páscoa"})
        self.env.flush_all()
        robot = self.natal.with_user(SUPERUSER_ID)
        robot.action_sms_plan()
        self.run_jobs()
        self.assertEqual(self.natal.sms_run_id.planned_by_id, self.colleague)
