import json

from odoo import fields

from odoo.addons.whatsapp_connector.tools import recorder

from .common import ChatroomSmsCase

NUMBER = "5511912345678"


class TestInboundMirror(ChatroomSmsCase):
    """Replies appear in the ChatRoom; whatever it does, they stay where they are."""

    def notifications(self):
        """(channel, type, payload) of what the ChatRoom's browsers were told."""
        rows = self.env["bus.bus"].search([], order="id")
        messages = [(json.loads(row.channel), json.loads(row.message)) for row in rows]
        return [
            (channel, message["type"], message["payload"])
            for channel, message in messages
            if "acrux.chat.conversation" in channel
        ]

    # -- one reply ---------------------------------------------------------------------

    def test_a_reply_opens_a_conversation_with_its_partner(self):
        reply = self.receive("Quero saber mais")
        self.assertEqual(reply.partner_id, self.partner)
        job = self.pending_jobs("_mirror_chatroom")
        self.assertEqual(job.channel, "root.sms.mirror")
        self.run_jobs("_mirror_chatroom")
        conversation = self.conversations()
        self.assertRecordValues(
            conversation,
            [
                {
                    "number": NUMBER,
                    "number_format": "+55 11 91234-5678",
                    "name": "Ana Exemplo",
                    "connector_id": self.connector.id,
                    "company_id": self.company.id,
                    "res_partner_id": self.partner.id,
                    "conv_type": "normal",
                    "status": "new",
                    "agent_id": False,
                    "unanswered": True,
                }
            ],
        )
        self.assertRecordValues(
            conversation.chat_message_ids,
            [
                {
                    "text": "Quero saber mais",
                    "ttype": "text",
                    "from_me": False,
                    "msgid": reply.reference,
                    "sms_message_id": reply.id,
                    "date_message": reply.sent_date,
                    "user_id": self.salesperson.id,
                }
            ],
        )

    def test_the_job_may_commit_as_the_chatroom_does(self):
        config = self.env["queue.job.function"].job_config(
            "<sms.message>._mirror_chatroom"
        )
        self.assertTrue(config.allow_commit)

    def test_the_browsers_of_the_agents_are_told(self):
        self.env["bus.bus"].search([]).unlink()
        self.receive("Alô")
        self.run_jobs("_mirror_chatroom")
        conversation = self.conversations()
        [(channel, kind, payload)] = self.notifications()
        self.assertEqual(channel, list(conversation.get_channel_to_many()))
        self.assertEqual(kind, "new_messages")
        self.assertEqual(payload[0]["id"], conversation.id)
        self.assertEqual([m["text"] for m in payload[0]["messages"]], ["Alô"])

    def test_nothing_goes_out_to_the_vendor(self):
        self.receive("Alô")
        self.run_jobs("_mirror_chatroom")
        self.assertFalse(recorder.CALLS)

    def test_an_empty_text_is_a_message_too(self):
        self.receive("")
        self.run_jobs("_mirror_chatroom")
        self.assertEqual(len(self.conversations().chat_message_ids), 1)

    def test_unknown_foreign_and_short_numbers_are_shown(self):
        phones = {
            "+5521988887777": "5521988887777",
            "+51987654321": "51987654321",
            "+4520123456": "4520123456",
            "27800": "27800",
            "BANCO": "BANCO",
        }
        for phone, number in phones.items():
            self.receive(f"de {phone}", phone=phone)
            self.run_jobs("_mirror_chatroom")
            found = self.conversations().filtered(lambda c, n=number: c.number == n)
            with self.subTest(phone=phone):
                self.assertEqual(found.chat_message_ids.text, f"de {phone}")
                self.assertFalse(found.res_partner_id)
        self.assertEqual(len(self.conversations()), len(phones))

    # -- never twice -------------------------------------------------------------------

    def test_running_the_job_again_adds_nothing(self):
        self.receive("Quero")
        job = self.pending_jobs("_mirror_chatroom")
        self.run_job(job)
        self.run_job(job)
        self.assertEqual(len(self.conversations().chat_message_ids), 1)

    def test_two_replies_are_two_lines_of_one_conversation(self):
        first = self.receive("Quero")
        self.run_jobs("_mirror_chatroom")
        second = self.receive("Alô?")
        self.run_jobs("_mirror_chatroom")
        conversation = self.conversations()
        self.assertEqual(len(conversation), 1)
        self.assertEqual(
            conversation.chat_message_ids.sorted("id").sms_message_id, first | second
        )

    def test_two_replies_of_one_job_keep_their_order(self):
        replies = self.receive("um", "dois")
        self.assertEqual(len(self.pending_jobs("_mirror_chatroom")), 1)
        self.run_jobs("_mirror_chatroom")
        lines = self.conversations().chat_message_ids.sorted("id")
        self.assertEqual(lines.mapped("text"), ["um", "dois"])
        self.assertEqual(lines.sms_message_id, replies)

    def test_the_same_reply_by_webhook_and_poll_is_one_line(self):
        self.receive("Quero")
        self.receive("Quero")
        self.run_jobs("_mirror_chatroom")
        self.assertEqual(len(self.conversations().chat_message_ids), 1)

    def test_whatsapp_and_sms_of_one_number_stay_apart(self):
        talk = self.env["acrux.chat.conversation"].create(
            {"name": "Ana", "number": NUMBER, "connector_id": self.whatsapp.id}
        )
        self.receive("Por SMS")
        self.run_jobs("_mirror_chatroom")
        self.assertFalse(talk.chat_message_ids)
        self.assertEqual(self.conversations().connector_id, self.connector)

    def test_a_conversation_that_is_done_opens_again(self):
        self.receive("Quero")
        self.run_jobs("_mirror_chatroom")
        conversation = self.conversations()
        conversation.set_to_done()
        self.receive("Ainda quero")
        self.run_jobs("_mirror_chatroom")
        self.assertEqual(self.conversations(), conversation)
        self.assertEqual(conversation.status, "new")

    def test_a_conversation_keeps_the_partner_that_an_agent_chose(self):
        chosen = self.env["res.partner"].create({"name": "Chosen by hand"})
        self.env["acrux.chat.conversation"].create(
            {
                "name": "Ana",
                "number": NUMBER,
                "connector_id": self.connector.id,
                "res_partner_id": chosen.id,
            }
        )
        self.receive("Quero")
        self.run_jobs("_mirror_chatroom")
        self.assertEqual(self.conversations().res_partner_id, chosen)

    def test_a_stranger_who_gets_a_name_has_it_in_the_chatroom(self):
        reply = self.receive("Quero", phone="+5531988887777")
        self.run_jobs("_mirror_chatroom")
        reply._assign_contact(self.partner)
        self.assertRecordValues(
            self.conversations(),
            [{"res_partner_id": self.partner.id, "name": "Ana Exemplo"}],
        )

    # -- which connector ---------------------------------------------------------------

    def test_without_a_connector_nothing_is_lost(self):
        self.connector.unlink()
        reply = self.receive("Quero")
        job = self.pending_jobs("_mirror_chatroom")
        self.run_jobs("_mirror_chatroom")
        self.assertEqual(job.state, "done")
        self.assertTrue(reply.exists())
        self.assertFalse(self.env["acrux.chat.message"].search([]))
        self.assertFalse(self.env["sms.chatroom.todo"].search([]))
        connector = self.new_connector()
        self.assertFalse(self.pending_jobs("_mirror_chatroom"))
        reply._enqueue_mirror_chatroom()
        self.run_jobs("_mirror_chatroom")
        self.assertEqual(self.conversations().connector_id, connector)

    def test_who_waits_appears_when_the_connector_is_made(self):
        self.connector.unlink()
        waits, answered, old = self.receive("um", "dois", "três")
        self.run_jobs("_mirror_chatroom")
        (waits | answered).sent_date = fields.Datetime.now()
        answered.action_no_answer_needed()
        connector = self.new_connector()
        self.run_jobs("_mirror_chatroom")
        lines = self.conversations().chat_message_ids
        self.assertEqual(lines.connector_id, connector)
        self.assertEqual(self.texts_told(), ["um"])
        self.assertTrue(old.needs_answer)

    def texts_told(self):
        """What the ChatRoom's browsers were told of as new."""
        return [
            message["text"]
            for _channel, kind, payload in self.notifications()
            for message in payload[0]["messages"]
            if kind == "new_messages"
        ]

    def test_the_connector_of_the_provider_goes_before_one_for_all(self):
        self.connector.sms_provider_id = False
        self.receive("um")
        self.run_jobs("_mirror_chatroom")
        self.assertEqual(self.conversations().connector_id, self.connector)
        own = self.new_connector(name="Own", sequence=200)
        self.receive("dois")
        self.run_jobs("_mirror_chatroom")
        line = self.env["acrux.chat.message"].search([("text", "=", "dois")])
        self.assertEqual(line.connector_id, own)

    def test_connectors_of_other_providers_and_companies_are_left_alone(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.connector.sms_provider_id = self.provider.copy({"name": "Other"})
        self.new_connector(name="Theirs", company_id=company.id, sms_provider_id=False)
        reply = self.receive("Quero")
        self.run_jobs("_mirror_chatroom")
        self.assertFalse(self.conversations())
        self.assertTrue(reply.exists())

    # -- what else ---------------------------------------------------------------------

    def test_messages_are_found_by_an_index(self):
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'acrux_chat_message'"
        )
        definitions = " ".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("(msgid)", definitions)
        self.assertIn("(sms_message_id)", definitions)

    def test_deleting_an_sms_keeps_the_line(self):
        reply = self.receive("Quero")
        self.run_jobs("_mirror_chatroom")
        line = self.conversations().chat_message_ids
        reply.unlink()
        self.assertEqual(line.text, "Quero")
        self.assertFalse(line.sms_message_id)
