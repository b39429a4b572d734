from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import NUMBER, ChatroomCommon


@tagged("post_install", "-at_install")
class TestWizard(ChatroomCommon):
    def wizard(self, **values):
        model = self.env["acrux.chat.message.wizard"].with_user(self.agent)
        return model.create({"text": "Bom dia", **values})

    def test_message_in_a_conversation_leaves_its_status_as_it_was(self):
        self.conversation.set_to_done()
        self.wizard(conversation_id=self.conversation.id).send_message_wizard()
        self.assertEqual(len(self.calls("send")), 1)
        self.assertEqual(self.conversation.status, "done")

    def test_new_number_makes_a_conversation(self):
        self.wizard(
            new_number=True, number=f"+{NUMBER}", connector_id=self.connector.id
        ).send_message_wizard()
        self.assertEqual(self.conversations().status, "done")

    def test_type_outside_the_white_list_makes_no_conversation(self):
        self.make_alien(self.connector)
        wizard = self.wizard(
            new_number=True, number=NUMBER, connector_id=self.connector.id
        )
        with self.assertRaises(ValidationError):
            wizard.create_or_find_conversation()

    def test_type_outside_the_white_list_keeps_its_conversations(self):
        self.make_alien(self.connector)
        wizard = self.wizard(conversation_id=self.conversation.id)
        self.assertEqual(wizard.create_or_find_conversation(), self.conversation)

    def test_partner_gets_the_most_recent_conversation(self):
        partner = self.env["res.partner"].create({"name": "Maria"})
        self.conversation.res_partner_id = partner
        form = Form(
            self.env["acrux.chat.message.wizard"].with_context(
                active_model="res.partner", active_id=partner.id
            )
        )
        self.assertEqual(form.conversation_id, self.conversation)

    def test_conversation_can_be_made_in_its_form(self):
        view = "whatsapp_connector.view_whatsapp_connector_conversation_form_create"
        with Form(self.env["acrux.chat.conversation"], view) as form:
            form.connector_id = self.connector
            form.name = "Joao"
            form.number = "+55 11 96123-4567"
        self.assertEqual(form.record.number, NUMBER)

    def test_pop_message_is_an_action_without_a_record(self):
        model = self.env["acrux.chat.pop.message"].with_user(self.agent)
        action = model.message("Title", "<b>x</b>")
        self.assertEqual(action["context"]["default_info"], "<b>x</b>")
        self.assertFalse(model.search([]))
