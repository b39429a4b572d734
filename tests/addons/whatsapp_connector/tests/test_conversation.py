from psycopg2.errors import UniqueViolation

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NUMBER, ChatroomCommon


@tagged("post_install", "-at_install")
class TestConversation(ChatroomCommon):
    @mute_logger("odoo.sql_db")
    def test_a_number_has_one_conversation_per_connector_and_type(self):
        number = self.conversation.number
        second = self.make_connector("Second")
        self.make_conversation(second, number)
        self.make_conversation(self.connector, number, conv_type="group")
        with self.assertRaises(UniqueViolation):
            self.make_conversation(self.connector, number)

    def test_number_is_checked_by_the_connector(self):
        with self.assertRaises(ValidationError):
            self.make_conversation(self.connector, "27800")
        self.make_conversation(self.connector, "27800", conv_type="group")

    def test_number_format_is_computed(self):
        self.assertEqual(self.conversation.number_format, "+55 11 98888-7777")

    def test_conversation_made_by_hand_is_clean_and_done(self):
        partner = self.env["res.partner"].create({"name": "Ana"})
        conversation = self.env["acrux.chat.conversation"].conversation_create(
            partner, self.connector.id, "+55 11 96123-4567"
        )
        self.assertEqual(conversation.number, NUMBER)
        self.assertEqual(conversation.status, "done")
        self.assertEqual(conversation.name, "Ana")

    def test_without_connector_the_first_one_is_taken(self):
        first = self.make_connector("First", sequence=-10)
        conversation = self.env["acrux.chat.conversation"].conversation_create(
            False, False, NUMBER
        )
        self.assertEqual(conversation.connector_id, first)

    def test_new_conversation_asks_the_vendor_for_the_contact(self):
        self.make_conversation(self.connector, NUMBER)
        self.assertEqual(len(self.calls("contact_get")), 1)

    def test_new_conversation_of_another_type_asks_nobody(self):
        connector = self.make_connector("Alien")
        self.make_alien(connector)
        conversation = self.make_conversation(connector, NUMBER)
        conversation.conversation_send_read()
        self.assertFalse(self.calls("contact_get"))

    def test_partner_is_found_by_digits_with_country_code(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Ana",
                "phone": "(11) 96123-4567",
                "country_id": self.env.ref("base.br").id,
            }
        )
        self.assertEqual(partner.conv_standard_numbers, NUMBER)
        conversation = self.make_conversation(self.connector, NUMBER)
        model = self.env["acrux.chat.conversation"]
        self.assertEqual(model.search_partner_from_number(conversation), partner)
        partner.country_id = False
        self.assertFalse(model.search_partner_from_number(conversation))

    def test_partner_default_values_come_from_the_conversation(self):
        partners = self.env["res.partner"].with_context(
            conversation_id=self.conversation.id
        )
        self.assertEqual(partners.default_get(["name", "phone"])["name"], "Maria")

    def test_reading_tells_the_vendor(self):
        message = self.env["acrux.chat.message"].create(
            {"contact_id": self.conversation.id, "text": "hi"}
        )
        self.conversation.conversation_send_read()
        self.assertTrue(message.read_date)
        self.assertEqual(len(self.calls("msg_set_read")), 1)
