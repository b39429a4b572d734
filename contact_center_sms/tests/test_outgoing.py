from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from odoo.addons.whatsapp_connector.tools import recorder

from .outgoing_case import NUMBER, PHONE, OutgoingCase


class TestOutgoing(OutgoingCase):
    """What an agent types becomes one SMS, which leaves after the commit."""

    def test_a_line_becomes_an_sms_of_the_ledger(self):
        line = self.say(self.talk(res_partner_id=self.partner.id), "Bom dia")
        self.assertRecordValues(
            self.outgoing(),
            [
                {
                    "body": "Bom dia",
                    "phone": PHONE,
                    "partner_id": self.partner.id,
                    "user_id": self.agent.id,
                    "create_uid": self.agent.id,
                    "company_id": self.company.id,
                    "provider_id": self.provider.id,
                    "state": "outgoing",
                    "message_class": "service",
                    "run_id": False,
                }
            ],
        )
        message = self.outgoing()
        self.assertRecordValues(
            line,
            [
                {
                    "msgid": message.reference,
                    "sms_message_id": message.id,
                    "sms_state": "outgoing",
                    "from_me": True,
                    "user_id": self.agent.id,
                }
            ],
        )
        self.assertTrue(line.sent_date)

    def test_it_leaves_by_the_job_of_single_sms(self):
        self.say(self.talk(), "Bom dia")
        self.assertFalse(self.gateway.calls)
        job = self.pending_jobs("_send_batch")
        self.assertEqual(job.channel, "root.sms.now")
        self.run_jobs("_send_batch")
        self.assertEqual(self.gateway.phones, [PHONE])
        [sent] = self.gateway.calls[0].messages
        self.assertEqual((sent.text, sent.reference), ("Bom dia", self.reference()))
        self.assertEqual(self.outgoing().state, "sent")

    def reference(self):
        return self.outgoing().reference

    def test_the_answer_to_the_request_is_our_reference(self):
        conversation = self.talk()
        line = self.new_line(conversation)
        data = line.message_parse()
        for call in range(2):
            with self.subTest(call=call):
                answer = self.connector.ca_request("send", data=data)
                self.assertEqual(answer, {"msg_id": self.reference()})
        self.assertEqual(len(self.outgoing()), 1)

    def new_line(self, conversation, text="Olá"):
        """A line that nobody has sent yet."""
        values = {"contact_id": conversation.id, "text": text, "from_me": True}
        return self.env["acrux.chat.message"].create(values)

    def test_creating_a_line_sends_nothing(self):
        self.new_line(self.talk())
        self.assertFalse(self.outgoing())
        self.assertFalse(self.pending_jobs())

    def test_a_note_among_agents_sends_nothing(self):
        self.say(self.talk(), "Ligar amanhã", ttype="info_comment")
        self.assertFalse(self.outgoing())

    def test_no_text_of_an_sms_reaches_the_vendor(self):
        conversation = self.talk()
        self.say(conversation, "Segredo")
        conversation.conversation_send_read()
        conversation.release_conversation()
        self.assertFalse(recorder.CALLS)

    def test_whatsapp_is_sent_as_before(self):
        line = self.say(self.talk(connector=self.whatsapp), "Por WhatsApp")
        [call] = [call for call in recorder.CALLS if call["path"] == "send"]
        self.assertEqual((call["path"], call["data"]["text"]), ("send", line.text))
        self.assertFalse(self.outgoing())
        self.assertFalse(line.sms_state)

    # -- whose, and to whom ------------------------------------------------------------

    def test_an_answer_answers_the_reply(self):
        reply = self.receive("Quanto fica?")
        self.run_jobs("_mirror_chatroom")
        self.assertTrue(reply.needs_answer)
        conversation = self.conversations().with_user(self.agent)
        conversation.block_conversation()
        self.say(conversation, "R$ 100")
        answer = self.outgoing()
        self.assertEqual(answer.parent_id, reply)
        self.assertRecordValues(
            reply,
            [
                {
                    "needs_answer": False,
                    "answer_id": answer.id,
                    "answered_by_id": self.agent.id,
                }
            ],
        )
        self.assertFalse(self.env["sms.message"]._reply_activities(self.partner))

    def test_a_quoted_reply_is_the_one_that_is_answered(self):
        first = self.receive("um")
        self.receive("dois")
        self.run_jobs("_mirror_chatroom")
        conversation = self.conversations().with_user(self.agent)
        conversation.block_conversation()
        quoted = conversation.chat_message_ids.filtered(lambda m: m.text == "um")
        self.say(conversation, "Sim", quote_id=quoted.id)
        self.assertEqual(self.outgoing().parent_id, first)

    def test_the_partner_is_found_by_the_number_too(self):
        self.say(self.talk())
        self.assertEqual(self.outgoing().partner_id, self.partner)

    def test_a_customer_abroad_is_not_mistaken_for_a_local_number(self):
        conversation = self.talk("5511988887777")
        # From Peru; without its "+" it reads as a number of Porto Alegre.
        abroad = self.connector.with_context(from_webhook=True).env
        conversation = abroad["acrux.chat.conversation"].create(
            {"name": "P", "number": "51987654321", "connector_id": self.connector.id}
        )
        conversation = conversation.with_user(self.agent).with_context(
            from_webhook=False
        )
        conversation.block_conversation()
        self.say(conversation)
        self.assertEqual(self.outgoing().phone, "+51987654321")

    def test_a_connector_for_all_answers_by_the_account_that_was_written_to(self):
        second = self.provider.copy({"name": "Second", "sequence": 99})
        reply = self.receive("Quanto?")
        reply.provider_id = second
        self.connector.sms_provider_id = False
        self.say(self.talk())
        self.assertEqual(self.outgoing().provider_id, second)

    def test_an_sms_is_of_the_connector_s_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.agent.company_ids += company
        provider = self.provider.copy({"name": "Theirs", "company_id": company.id})
        connector = self.new_connector(
            name="Theirs", company_id=company.id, sms_provider_id=provider.id
        )
        values = {"name": "Ana", "number": NUMBER, "connector_id": connector.id}
        talk = self.env["acrux.chat.conversation"].create(
            {**values, "status": "current", "agent_id": self.agent.id}
        )
        robot = talk.with_user(self.agent).sudo()
        for companies in (company + self.company, self.company + company):
            self.say(robot.with_context(allowed_company_ids=companies.ids))
            with self.subTest(current=companies[0].name):
                self.assertRecordValues(
                    self.outgoing()[-1],
                    [{"company_id": company.id, "provider_id": provider.id}],
                )

    def test_a_robot_s_line_is_of_who_attends_and_answers_nothing(self):
        reply = self.receive("Oi")
        conversation = self.talk().sudo().with_user(self.env.ref("base.user_root"))
        data = {"ttype": "text", "text": "Já respondemos", "from_me": True}
        conversation.send_message(data, check_access=False)
        self.assertEqual(self.outgoing().user_id, self.agent)
        self.assertTrue(reply.needs_answer)

    # -- rights ------------------------------------------------------------------------

    def test_only_who_attends_the_conversation_may_send(self):
        conversation = self.talk()
        other = new_test_user(
            self.env, "other", groups="whatsapp_connector.group_chat_basic_extra"
        )
        with self.assertRaises(ValidationError):
            self.say(conversation.with_user(other))
        self.assertFalse(self.outgoing())

    def test_nobody_sends_by_the_request_without_the_rights_to_it(self):
        data = {"type": "text", "text": "Grátis", "to": NUMBER}
        nobody = new_test_user(self.env, "nobody", groups="base.group_user")
        for user in (nobody, self.agent):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.connector.with_user(user).ca_request("send", data)
        self.assertFalse(self.outgoing())

    def test_a_program_with_the_rights_may_send_without_a_line(self):
        user = new_test_user(
            self.env,
            "program",
            groups="whatsapp_connector.group_chat_basic,sms_base_sr.group_sms_user",
        )
        data = {"type": "text", "text": "Olá", "to": NUMBER, "id": "0"}
        answer = self.connector.with_user(user).ca_request("send", data)
        self.assertEqual(answer["msg_id"], self.outgoing().reference)
        self.assertEqual(self.outgoing().user_id, user)

    def test_a_line_of_another_connector_is_not_taken_for_ours(self):
        line = self.new_line(self.talk(connector=self.whatsapp))
        with self.assertRaises(AccessError):
            self.connector.with_user(self.agent).ca_request(
                "send", {"type": "text", "text": "x", "to": NUMBER, "id": str(line.id)}
            )

    def test_what_is_no_text_is_refused_by_the_request_too(self):
        for kind in ("image", "audio", "location"):
            with self.subTest(kind=kind), self.assertRaisesRegex(UserError, "text"):
                self.connector.ca_request("send", {"type": kind, "to": NUMBER})

    # -- the transaction ---------------------------------------------------------------

    def test_what_the_chatroom_rolls_back_leaves_no_sms(self):
        conversation = self.talk()
        model = self.env.registry["acrux.chat.conversation"]

        def fail(_conversation):
            # pylint: disable-next=translation-required
            raise UserError("The bus is out of order.")

        with (
            patch.object(model, "update_conversation_bus", fail),
            self.assertRaises(UserError),
            self.env.cr.savepoint(),
        ):
            self.say(conversation)
        self.assertFalse(self.outgoing())
        self.assertFalse(self.pending_jobs())
        self.assertFalse(self.env["sms.batch"].search([]))
        self.say(conversation)
        self.run_jobs("_send_batch")
        self.assertEqual(len(self.gateway.phones), 1)

    def test_a_client_s_default_values_are_not_for_the_ledger(self):
        context = {"default_state": "sent", "default_phone": "+5521987654321"}
        self.say(self.talk().with_context(**context))
        self.assertRecordValues(
            self.outgoing(), [{"state": "outgoing", "phone": PHONE}]
        )
