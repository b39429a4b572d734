from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields

from odoo.addons.contact_center_sms.hooks import post_init_hook
from odoo.addons.sms_base_sr.tests.test_query_counts import CountingCursor

from .common import ChatroomSmsCase

OTHER = "+5531988887777"
ASKED = datetime(2025, 11, 21, 15, 30)


class TestAnswerReport(ChatroomSmsCase):
    """Who waits, who answered, and after how many minutes: one line each wait."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        agents = "sms_base_sr.group_sms_user,whatsapp_connector.group_chat_basic_extra"
        cls.agent = cls.new_user("agent", agents)
        cls.supervisor = cls.new_user("super", "sms_base_sr.group_sms_manager")

    def wrote(self, *texts, phone="+5511912345678", minutes=0):
        """Let a customer write so many minutes after the first reply."""
        replies = self.receive(*texts, phone=phone)
        replies.sent_date = ASKED + timedelta(minutes=minutes)
        self.run_jobs("_mirror_chatroom")
        return replies

    def answered(self, after, user=None, phone="+5511912345678"):
        """Answer by a single SMS, so many minutes after the first reply."""
        message = self.new_message(body="R$ 100", phone=phone)
        with freeze_time(ASKED + timedelta(minutes=after)):
            message.with_user(user or self.salesperson).action_send()
        return message

    def report(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["sms.answer.report"].with_user(user or self.supervisor)

    def lines(self, user=None):
        return self.report(user).search([], order="asked_date, id")

    # -- one wait, one line ------------------------------------------------------------

    def test_a_customer_who_writes_waits(self):
        reply = self.wrote("Quero")
        self.assertRecordValues(
            self.lines(),
            [
                {
                    "reply_id": reply.id,
                    "partner_id": self.partner.id,
                    "asked_date": ASKED,
                    "state": "waiting",
                    "answered_date": False,
                    "user_id": self.salesperson.id,
                    "agent_id": False,
                    "conversation_id": self.conversations().id,
                }
            ],
        )

    def test_three_sms_in_a_row_are_one_customer_who_waits(self):
        first = self.wrote("Oi")
        self.wrote("Alô?", minutes=5)
        self.wrote("Tem alguém aí?", minutes=9)
        self.assertEqual(self.lines().reply_id, first)
        answer = self.answered(after=12)
        self.assertRecordValues(
            self.lines(),
            [
                {
                    "reply_id": first.id,
                    "state": "answered",
                    "answer_id": answer.id,
                    "answered_by_id": self.salesperson.id,
                    "answered_date": ASKED + timedelta(minutes=12),
                    "answer_minutes": 12.0,
                }
            ],
        )

    def test_the_first_answer_counts(self):
        self.wrote("Oi")
        first = self.answered(after=4)
        self.answered(after=50, user=self.agent)
        self.assertEqual(self.lines().answer_id, first)
        self.assertEqual(self.lines().answer_minutes, 4.0)

    def test_who_writes_again_waits_again(self):
        self.wrote("Oi")
        self.answered(after=4)
        self.wrote("E agora?", minutes=30)
        self.assertEqual(self.lines().mapped("state"), ["answered", "waiting"])
        self.answered(after=40)
        self.assertEqual(self.lines().mapped("answer_minutes"), [4.0, 10.0])

    def test_no_answer_needed_is_no_answer(self):
        reply = self.wrote("Obrigada")
        reply.with_user(self.salesperson).action_no_answer_needed()
        self.assertRecordValues(
            self.lines(), [{"state": "closed", "answered": 0, "waiting": 0}]
        )
        reply.with_user(self.salesperson).action_wait_again()
        self.assertEqual(self.lines().state, "waiting")

    def test_an_answer_that_is_cancelled_answers_nothing(self):
        self.wrote("Oi")
        self.answered(after=4).with_user(self.salesperson).action_cancel()
        self.assertEqual(self.lines().state, "waiting")
        self.answered(after=20)
        self.assertEqual(self.lines().answer_minutes, 20.0)

    def test_an_opt_out_waits_for_nobody(self):
        self.wrote("SAIR")
        self.assertFalse(self.lines())

    def test_an_old_opt_out_is_no_long_wait(self):
        self.wrote("SAIR")
        self.wrote("VOLTAR", "Oi", minutes=600)
        self.env["phone.blacklist"].search([]).active = False
        self.answered(after=603)
        self.assertEqual(self.lines().mapped("answer_minutes"), [3.0])

    def test_a_gateways_clock_that_is_ahead_makes_no_wait_negative(self):
        reply = self.wrote("Oi")
        reply.sent_date = fields.Datetime.now() + timedelta(hours=2)
        self.answered(after=1)
        self.assertEqual(self.lines().answer_minutes, 0.0)

    def test_what_was_answered_before_the_installation_is_counted(self):
        self.wrote("Oi")
        self.wrote("Alô?", minutes=5)
        self.answered(after=12)
        replies = self.env["sms.message"].search([("direction", "=", "incoming")])
        # Replies are younger than the date that the gateway tells: as in a test.
        replies.write({"opened_wait": False, "waited_minutes": 0})
        self.env.flush_all()
        post_init_hook(self.env)
        self.assertEqual(self.lines().mapped("answer_minutes"), [12.0])

    # -- who ---------------------------------------------------------------------------

    def test_who_attends_in_the_chatroom_is_the_agent(self):
        self.wrote("Oi")
        self.conversations().with_user(self.agent).block_conversation()
        self.assertEqual(self.lines().user_id, self.agent)
        self.assertEqual(self.lines().agent_id, self.agent)
        self.answered(after=2)
        self.assertEqual(self.lines().user_id, self.salesperson)

    def test_agents_see_their_own_and_supervisors_all(self):
        self.wrote("Oi")
        self.wrote("Oi", phone=OTHER)
        # Nobody is in charge of the stranger.
        self.assertEqual(len(self.lines(self.supervisor)), 2)
        self.assertEqual(self.lines(self.salesperson).partner_id, self.partner)
        self.assertFalse(self.lines(self.agent))
        talk = self.conversations().filtered(lambda c: c.number == OTHER[1:])
        talk.with_user(self.agent).block_conversation()
        self.assertEqual(self.lines(self.agent).phone, OTHER)

    def test_other_companies_see_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.supervisor.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        self.wrote("Oi")
        self.assertFalse(self.lines(self.supervisor))

    # -- figures -----------------------------------------------------------------------

    def test_a_pivot_is_one_grouped_query(self):
        self.wrote("Oi")
        self.answered(after=10)
        self.wrote("Oi", phone=OTHER)
        self.answered(after=30, phone=OTHER, user=self.salesperson)
        self.wrote("De novo", minutes=60)
        report = self.report().sudo()
        cr = self.env.cr
        counting = CountingCursor(cr._obj)
        cr._obj = counting
        try:
            groups = report._read_group(
                [],
                ["user_id", "asked_date:day"],
                [
                    "answered:sum",
                    "waiting:sum",
                    "answer_minutes:avg",
                    "longest_minutes:max",
                ],
            )
        finally:
            cr._obj = counting.cursor
        self.assertEqual(len(counting.statements), 1)
        [(user, day, answered, waiting, average, longest)] = groups
        self.assertEqual((user, answered, waiting), (self.salesperson, 2, 1))
        self.assertEqual(day, ASKED.replace(hour=0, minute=0))
        self.assertEqual(average, 20.0)
        self.assertGreater(longest, 60)

    def test_a_wait_is_told_in_words(self):
        words = {0.4: "under 1 min", 7: "7 min", 130: "2 h 10 min", 3000: "2 d 2 h"}
        report = self.report()
        for minutes, text in words.items():
            self.assertEqual(report._as_words(minutes), text)

    # -- buttons -----------------------------------------------------------------------

    def test_a_line_opens_the_conversation_and_answers(self):
        reply = self.wrote("Oi")
        line = self.lines(self.supervisor)
        self.assertEqual(line.action_open()["res_id"], self.conversations().id)
        self.assertEqual(line.action_reply()["context"]["default_parent_id"], reply.id)

    def test_without_a_conversation_it_opens_the_reply(self):
        self.connector.unlink()
        reply = self.wrote("Oi")
        action = self.lines().action_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("sms.message", reply.id)
        )

    def test_nobody_writes_these_figures_by_hand(self):
        reply = self.wrote("Oi")
        with self.assertRaisesRegex(Exception, "SMS engine"):
            reply.with_user(self.salesperson).waited_minutes = 1
