from odoo.exceptions import AccessError, UserError

from .reply_case import NUMBER, ReplyCase


class TestReplyAnswers(ReplyCase):
    """SMS › Replies shows what waits, and who answered what and when."""

    def setUp(self):
        super().setUp()
        self.colleague = self.new_user("colleague", "sms_base_sr.group_sms_campaign")

    def test_a_reply_waits_unless_it_asks_to_be_left_alone(self):
        cases = [("oi", True), ("SIM", True), ("VOLTAR", True), ("SAIR", False)]
        for text, waits in cases:
            with self.subTest(text=text):
                self.assertEqual(self.reply(text).needs_answer, waits)
        self.assertFalse(self.new_message().needs_answer)

    def test_the_list_shows_those_first_that_wait(self):
        waiting, done = self.reply("um"), self.reply("dois")
        done.with_user(self.salesperson).action_no_answer_needed()
        views = self.env.ref("sms_base_sr.sms_message_view_list_replies")
        order = "needs_answer desc, sent_date desc, id desc"
        self.assertIn(f'default_order="{order}"', views.arch)
        domain = [("direction", "=", "incoming")]
        found = self.env["sms.message"].search(domain, order=order)
        self.assertEqual(found[0], waiting)
        self.assertEqual(found[-1], done)

    def test_sending_answers_all_that_waits_from_the_number(self):
        first, second = self.reply("um"), self.reply("dois")
        answer = self.answer(second)
        for message in (first, second):
            self.assertEqual(message.answered_by_id, self.salesperson)
            self.assertTrue(message.answered_date)
            self.assertEqual(message.answer_id, answer)
            self.assertFalse(message.needs_answer)
        self.assertFalse(self.activities())
        self.run_jobs("_send_batch")
        self.assertEqual(self.gateway.phones, [NUMBER])

    def test_the_first_answer_counts(self):
        reply = self.reply()
        first = self.answer(reply)
        self.answer(reply, self.colleague)
        self.assertEqual(reply.answered_by_id, self.salesperson)
        self.assertEqual(reply.answer_id, first)

    def test_an_sms_from_any_screen_is_an_answer(self):
        reply = self.reply()
        message = self.new_message(phone="11 91234-5678", partner_id=False)
        message.with_user(self.colleague).action_send()
        self.assertEqual(reply.answered_by_id, self.colleague)

    def test_a_draft_or_another_number_answers_nothing(self):
        reply = self.reply()
        self.answer(reply, send=False)
        other = self.new_message(partner_id=False, phone="+5521987654321")
        other.with_user(self.colleague).action_send()
        self.assertTrue(reply.needs_answer)

    def test_to_another_number_it_is_an_answer_when_it_says_so(self):
        reply = self.reply()
        other = self.new_message(
            partner_id=False, phone="+5521987654321", parent_id=reply.id
        )
        other.with_user(self.colleague).action_send()
        self.assertEqual(reply.answer_id, other)

    def test_what_no_person_sends_answers_nothing(self):
        reply = self.reply()
        run = self.planned_run(0)
        self.campaign.add(NUMBER)
        run = self.planned_run(0)
        run.action_release()
        self.run_jobs("_enqueue_batches", "_send_batch")
        self.assertEqual(self.gateway.phones, [NUMBER])
        engine = self.new_message().with_user(self.env.ref("base.user_root"))
        engine.action_send()
        self.assertTrue(reply.needs_answer)

    def test_another_company_s_reply_is_not_answered(self):
        company = self.env["res.company"].create({"name": "Other"})
        reply = self.reply()
        reply.write({"company_id": company.id, "provider_id": False})
        self.new_message().with_user(self.colleague).action_send()
        self.assertTrue(reply.needs_answer)

    def test_an_answer_that_is_cancelled_answers_nothing(self):
        reply = self.reply()
        answer = self.answer(reply)
        answer.with_user(self.salesperson).action_cancel()
        self.assertRecordValues(
            reply,
            [
                {
                    "answered_date": False,
                    "answered_by_id": False,
                    "answer_id": False,
                    "needs_answer": True,
                }
            ],
        )
        self.assertEqual(len(self.activities()), 1)

    def test_a_reply_after_the_answer_waits_again(self):
        self.answer(self.reply())
        self.assertTrue(self.reply("E com juros?").needs_answer)
        self.assertEqual(len(self.activities()), 1)

    def test_no_answer_needed_is_signed_and_can_be_taken_back(self):
        reply = self.reply("ok obrigado")
        mine = reply.with_user(self.salesperson)
        mine.action_no_answer_needed()
        self.assertEqual(reply.answered_by_id, self.salesperson)
        self.assertFalse(reply.answer_id)
        self.assertFalse(self.activities())
        mine.action_wait_again()
        self.assertTrue(reply.needs_answer)
        self.answer(reply)
        with self.assertRaisesRegex(UserError, "answered by an SMS"):
            mine.action_wait_again()

    def test_nobody_decides_about_a_reply_that_he_cannot_see(self):
        reply = self.reply()
        stranger = self.new_user("stranger", "sms_base_sr.group_sms_user")
        verbs = ("action_no_answer_needed", "action_wait_again")
        for verb in (*verbs, "action_assign_contact"):
            with self.subTest(verb=verb), self.assertRaises(AccessError):
                getattr(reply.with_user(stranger), verb)()

    def test_the_answer_leaves_by_the_account_that_the_customer_wrote_to(self):
        second = self.provider.create(
            {"name": "Second", "company_id": self.company.id, "sequence": 99}
        )
        reply = self.reply()
        reply.provider_id = second
        self.assertEqual(self.answer(reply, send=False).provider_id, second)
        second.active = False
        self.assertFalse(self.answer(reply, send=False).provider_id)

    def test_an_opted_out_customer_cannot_be_answered(self):
        reply = self.reply("SAIR")
        with self.assertRaisesRegex(UserError, "asked not to be texted"):
            self.answer(reply)

    def test_the_conversation_is_shown_in_order_and_never_as_markup(self):
        self.accepted_message(body="Olá", user_id=self.salesperson.id)
        reply = self.reply("<b>Quanto</b>?\nfica")
        shown = reply.with_user(self.salesperson).conversation
        self.assertLess(shown.index("Olá"), shown.index("&lt;b&gt;Quanto"))
        self.assertNotIn("<b>Quanto", shown)
        self.assertIn(self.salesperson.name, shown)

    def test_the_conversation_holds_only_what_the_user_may_see(self):
        self.accepted_message(
            body="De outra pessoa", partner_id=False, user_id=self.colleague.id
        )
        reply = self.reply("Quem?")
        self.assertIn("De outra", reply.with_user(self.colleague).conversation)
        self.assertNotIn("De outra", reply.with_user(self.salesperson).conversation)

    def test_a_reply_without_a_number_has_no_conversation(self):
        self.assertFalse(self.reply(phone=None).conversation)
