from odoo.addons.whatsapp_connector.tools import recorder

from .common import ChatroomSmsCase

NUMBER = "5511912345678"


class TestConversation(ChatroomSmsCase):
    """Conversations by SMS: partner, name, read marks and events, all of it ours."""

    def talk(self, number=NUMBER, connector=None, **values):
        # As from a webhook: whoever wrote, wrote from that number.
        talks = self.env["acrux.chat.conversation"].with_context(from_webhook=True)
        return talks.create(
            {
                "name": "Someone",
                "number": number,
                "connector_id": (connector or self.connector).id,
                **values,
            }
        )

    def found(self, talk):
        return self.env["acrux.chat.conversation"].search_partner_from_number(talk)

    # -- whose number it is ------------------------------------------------------------

    def test_a_partner_is_found_however_the_number_was_typed(self):
        talk = self.talk()
        typed = ("(11) 91234-5678", "11912345678", "+55 11 91234-5678", "011912345678")
        for phone in typed:
            self.partner.phone = phone
            with self.subTest(phone=phone):
                self.assertEqual(self.found(talk), self.partner)

    def test_a_number_from_before_the_ninth_digit_finds_its_owner(self):
        self.partner.phone = "(11) 98123-4567"
        self.assertEqual(self.found(self.talk("551181234567")), self.partner)

    def test_a_short_code_is_part_of_nobodys_number(self):
        self.partner.phone = "(11) 91278-0055"
        for number in ("27800", "BANCO"):
            talk = self.talk(number)
            with self.subTest(number=number):
                self.assertFalse(self.found(talk))

    def test_another_companys_partner_is_not_found(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.partner.company_id = company
        self.assertFalse(self.found(self.talk()))

    def test_other_channels_look_as_before(self):
        self.partner.write({"country_id": self.env.ref("base.br").id})
        talk = self.talk(connector=self.whatsapp)
        self.assertEqual(self.found(talk), self.partner)

    # -- nothing is asked of the vendor's server ---------------------------------------

    def test_looking_at_a_chat_marks_it_read_here(self):
        self.receive("Quero")
        self.run_jobs("_mirror_chatroom")
        line = self.conversations().chat_message_ids
        self.assertFalse(line.read_date)
        self.conversations().conversation_send_read()
        self.assertTrue(line.read_date)
        self.assertFalse(recorder.CALLS)

    def test_a_mixed_set_is_marked_by_both(self):
        talks = self.talk() | self.talk(connector=self.whatsapp)
        recorder.reset()
        lines = self.env["acrux.chat.message"].create(
            [{"contact_id": talk.id, "text": "Oi"} for talk in talks]
        )
        talks.conversation_send_read()
        self.assertTrue(all(lines.mapped("read_date")))
        self.assertEqual([call["path"] for call in recorder.CALLS], ["msg_set_read"])

    def test_names_and_pictures_are_asked_of_other_channels_only(self):
        talks = self.talk() | self.talk(connector=self.whatsapp)
        recorder.reset()
        talks.update_conversation()
        self.assertEqual([call["path"] for call in recorder.CALLS], ["contact_get"])
        recorder.reset()
        talks[0].update_conversation()
        self.assertFalse(recorder.CALLS)

    # -- events ------------------------------------------------------------------------

    def test_a_failure_of_the_gateway_shows_at_the_line(self):
        talk = self.talk()
        line = self.env["acrux.chat.message"].create(
            {"contact_id": talk.id, "text": "Oi", "from_me": True, "msgid": "ref-1"}
        )
        event = {"type": "failed", "msgid": "ref-1", "reason": "Número inexistente"}
        talk.new_webhook_event(self.connector, event)
        self.assertEqual(line.error_msg, "Número inexistente")
