from unittest.mock import patch

from odoo.tests import tagged

from .common import NUMBER, ChatroomCommon


@tagged("post_install", "-at_install")
class TestReceive(ChatroomCommon):
    def test_two_messages_make_one_conversation(self):
        first = self.receive(self.parsed("one"))
        second = self.receive(self.parsed("two", msgid="in-2"))
        self.assertEqual(first.contact_id, second.contact_id)
        self.assertEqual(len(self.conversations()), 1)
        self.assertEqual(len(self.conversations().chat_message_ids), 2)

    def test_the_same_message_twice_is_two_messages(self):
        self.receive(self.parsed())
        self.receive(self.parsed())
        self.assertEqual(len(self.conversations().chat_message_ids), 2)

    def test_every_required_key_is_required(self):
        for key in self.parsed():
            data = self.parsed()
            del data[key]
            with self.subTest(key=key), self.assertRaises(KeyError):
                self.receive(data)

    def test_new_conversation_is_new_and_unanswered(self):
        conversation = self.receive(self.parsed()).contact_id
        self.assertEqual(conversation.status, "new")
        self.assertTrue(conversation.unanswered)
        self.assertEqual(str(conversation.last_received), "2026-01-15 12:00:00")

    def test_partner_is_filled_from_the_number(self):
        partner = self.env["res.partner"].create({"name": "Ana", "phone": f"+{NUMBER}"})
        conversation = self.receive(self.parsed()).contact_id
        self.assertEqual(conversation.res_partner_id, partner)

    def test_done_conversation_becomes_new_again(self):
        conversation = self.receive(self.parsed()).contact_id
        conversation.set_to_done()
        self.receive(self.parsed("again"))
        self.assertEqual(conversation.status, "new")

    def test_attended_conversation_stays_with_its_agent(self):
        conversation = self.receive(self.parsed()).contact_id
        conversation.with_user(self.agent).block_conversation()
        message = self.receive(self.parsed("again"))
        self.assertEqual(conversation.agent_id, self.agent)
        self.assertEqual(message.user_id, self.agent)

    def test_hook_has_three_arguments_and_may_silence_the_bus(self):
        seen = []

        def hook(conversation, message_id, limit, data):
            seen.append((message_id.text, limit, data["msgid"]))
            return limit, False

        model = self.env.registry["acrux.chat.conversation"]
        with patch.object(model, "new_message_hook", hook):
            self.receive(self.parsed())
        self.assertEqual(seen, [("Ola", 1, "in-1")])
        self.assertFalse(self.notifications())

    def test_browsers_get_the_conversation_with_its_message(self):
        self.receive(self.parsed())
        channel, kind, payload = self.notifications()[-1]
        self.assertEqual(kind, "new_messages")
        self.assertEqual(channel[-1], self.connector.id)
        self.assertEqual(payload[0]["number"], NUMBER)
        self.assertEqual(payload[0]["messages"][0]["text"], "Ola")

    def test_raw_message_is_parsed_into_what_is_required(self):
        conversations = self.env["acrux.chat.conversation"]
        data = conversations.parse_message_receive(
            self.connector,
            {
                "type": "hologram",
                "txt": "Ola",
                "id": "x1",
                "number": "+55 11",
                "name": "Joao",
                "time": 1768478400,
            },
        )
        self.assertEqual(data["ttype"], "text")
        self.assertEqual(data["number"], "+55 11", "the number is not cleaned")
        self.assertEqual(str(data["time"]), "2026-01-15 12:00:00")
        self.assertLessEqual(set(self.parsed()), set(data))

    def test_failure_is_written_and_pushed_as_an_error(self):
        message = self.receive(self.parsed())
        self.env["acrux.chat.conversation"].new_webhook_event(
            self.connector, {"type": "failed", "msgid": "in-1", "reason": "No route"}
        )
        self.assertEqual(message.error_msg, "No route")
        self.assertEqual(self.notifications()[-1][1], "error_messages")

    def test_other_message_events_update_the_conversation(self):
        self.receive(self.parsed())
        conversations = self.env["acrux.chat.conversation"]
        conversations.new_message_event(
            self.connector, "in-1", {"type": "sms_status", "state": "delivered"}
        )
        _channel, kind, payload = self.notifications()[-1]
        self.assertEqual(kind, "update_conversation")
        self.assertEqual(payload[0]["messages"][0]["msgid"], "in-1")

    def test_muted_message_pushes_nothing(self):
        self.receive(self.parsed()).mute_notify = True
        before = len(self.notifications())
        self.env["acrux.chat.conversation"].new_message_event(
            self.connector, "in-1", {"type": "failed", "reason": "x"}
        )
        self.assertEqual(len(self.notifications()), before)

    def test_unknown_events_are_ignored(self):
        self.env["acrux.chat.conversation"].new_webhook_event(
            self.connector, {"type": "whatever"}
        )

    def test_phone_status_connects_and_disconnects(self):
        conversations = self.env["acrux.chat.conversation"]
        for status, expected in (("disconnected", False), ("connected", True)):
            conversations.new_webhook_event(
                self.connector, {"type": "phone-status", "status": status}
            )
            self.assertIs(self.connector.ca_status, expected)

    def test_quoted_message_is_found(self):
        first = self.receive(self.parsed())
        second = self.receive(self.parsed("re", msgid="in-2", quote_msg_id="in-1"))
        self.assertEqual(second.quote_id, first)
