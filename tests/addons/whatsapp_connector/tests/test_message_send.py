from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..tools import recorder
from .common import ChatroomCommon

TEXT = {"ttype": "text", "from_me": True, "text": "Bom dia"}


@tagged("post_install", "-at_install")
class TestMessageSend(ChatroomCommon):
    def test_creating_an_outgoing_message_sends_nothing(self):
        self.env["acrux.chat.message"].create(
            dict(TEXT, contact_id=self.conversation.id)
        )
        self.assertFalse(self.calls("send"))

    def test_sending_stores_the_reference_and_the_date(self):
        (result,) = self.attended().send_message(dict(TEXT))
        message = self.env["acrux.chat.message"].browse(result["id"])
        self.assertTrue(message.msgid)
        self.assertTrue(message.sent_date)
        self.assertEqual(message.user_id, self.agent)
        (call,) = self.calls("send")
        self.assertEqual(
            call["data"],
            {
                "type": "text",
                "text": "Bom dia",
                "to": "5511988887777",
                "id": str(message.id),
                "chat_type": "normal",
                "quote_msg_id": None,
            },
        )

    def test_sending_checks_then_signs_then_parses_then_requests(self):
        steps = []
        message_class = self.env.registry["acrux.chat.message"]
        connector_class = self.env.registry["acrux.chat.connector"]

        def step(name, value=None):
            return lambda *args, **kwargs: steps.append(name) or value

        with (
            patch.object(message_class, "message_check_allow_send", step("check")),
            patch.object(message_class, "sign", step("sign")),
            patch.object(message_class, "message_parse", step("parse", {})),
            patch.object(connector_class, "ca_request", step("send", {"msg_id": "a"})),
        ):
            self.attended().send_message(dict(TEXT))
        self.assertEqual(steps, ["check", "sign", "parse", "send"])

    def test_disconnected_connector_refuses(self):
        self.connector.ca_status = False
        with self.assertRaisesRegex(ValidationError, "not connected"):
            self.attended().send_message(dict(TEXT))
        self.assertFalse(self.calls("send"))

    def test_answer_without_reference_is_a_server_error(self):
        with (
            recorder.answering("send", {}),
            self.assertRaisesRegex(ValidationError, r"Server error\."),
        ):
            self.attended().send_message(dict(TEXT))

    def test_four_thousand_characters_are_too_many(self):
        conversation = self.attended()
        conversation.send_message(dict(TEXT, text="x" * 3999))
        with self.assertRaises(ValidationError):
            conversation.send_message(dict(TEXT, text="x" * 4000))

    def test_information_is_not_sent(self):
        message = self.conversation.event_create("to_new")
        self.assertIs(message.message_send(), False)
        self.assertFalse(self.calls("send"))

    def test_message_must_belong_to_an_attended_conversation(self):
        with self.assertRaises(ValidationError):
            self.conversation.with_user(self.agent).send_message(dict(TEXT))

    def test_colleague_may_not_write_but_the_administrator_may(self):
        self.attended()
        with self.assertRaises(ValidationError):
            self.conversation.with_user(self.colleague).send_message(dict(TEXT))
        admin = self.make_agent("boss", ",whatsapp_connector.group_chatroom_admin")
        self.assertTrue(self.conversation.with_user(admin).send_message(dict(TEXT)))

    def test_check_can_be_left_out(self):
        self.assertTrue(self.conversation.send_message(dict(TEXT), check_access=False))

    def test_browser_id_comes_back(self):
        (result,) = self.attended().send_message(dict(TEXT, id=-7))
        self.assertEqual(result["js_id"], -7)

    def test_signature_is_put_before_the_text(self):
        self.connector.allow_signing = True
        self.agent.write({"chatroom_signing_active": True, "chatroom_signing": "Ana:"})
        (result,) = self.attended().send_message(dict(TEXT))
        self.assertEqual(result["text"], "Ana:\nBom dia")

    def test_gupshup_obeys_the_window(self):
        self.connector.write({"connector_type": "gupshup", "time_to_respond": 24})
        with self.assertRaises(ValidationError):
            self.attended().send_message(dict(TEXT))

    def test_every_message_is_pushed_to_the_browsers(self):
        self.attended().send_message(dict(TEXT))
        channel, kind, payload = self.notifications()[-1]
        self.assertEqual(kind, "update_conversation")
        self.assertEqual(
            channel[1:],
            ["acrux.chat.conversation", self.env.company.id, self.connector.id],
        )
        self.assertEqual(payload[0]["messages"][0]["text"], "Bom dia")

    def test_send_and_release_returns_to_the_former_status(self):
        self.attended().send_message_bus_release(dict(TEXT), "done")
        self.assertEqual(self.conversation.status, "done")
