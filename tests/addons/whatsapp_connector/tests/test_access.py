from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ChatroomCommon


@tagged("post_install", "-at_install")
class TestAccess(ChatroomCommon):
    def test_agent_does_not_see_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        connector = self.make_connector("Theirs", company_id=other.id)
        conversation = self.make_conversation(connector)
        message = self.env["acrux.chat.message"].create(
            {"contact_id": conversation.id, "text": "secret"}
        )
        for record in connector, conversation, message:
            seen = self.env[record._name].with_user(self.agent).search([])
            self.assertNotIn(record.id, seen.ids)
        self.assertIn(
            self.conversation.id,
            self.env["acrux.chat.conversation"].with_user(self.agent).search([]).ids,
        )

    def test_only_the_current_company_counts_not_all_selected_ones(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.agent.company_ids += other
        conversations = self.env["acrux.chat.conversation"].with_user(self.agent)
        seen = conversations.with_context(
            allowed_company_ids=[other.id, self.env.company.id]
        ).search([("id", "=", self.conversation.id)])
        self.assertFalse(seen)

    def test_agent_reads_but_never_writes_connectors(self):
        connector = self.connector.with_user(self.agent)
        self.assertTrue(connector.name)
        with self.assertRaises(AccessError):
            connector.ca_status = False

    def test_agent_never_deletes_conversations(self):
        with self.assertRaises(AccessError):
            self.conversation.with_user(self.agent).unlink()

    def test_internal_user_reads_conversations_only(self):
        user = new_test_user(self.env, login="plain", groups="base.group_user")
        conversation = self.conversation.with_user(user)
        self.assertEqual(conversation.name, "Maria")
        with self.assertRaises(AccessError):
            conversation.name = "x"

    def test_being_an_agent_follows_the_group(self):
        self.assertTrue(self.agent.is_chatroom_group)
        basic = new_test_user(
            self.env, login="basic", groups="whatsapp_connector.group_chat_basic"
        )
        self.assertFalse(basic.is_chatroom_group)
        basic.group_ids += self.env.ref("whatsapp_connector.group_chat_basic_extra")
        self.assertTrue(basic.is_chatroom_group)

    def test_inactive_agent_is_not_active_in_chat(self):
        self.assertTrue(self.agent.chatroom_active())
        self.agent.with_user(self.agent).set_chat_active(False)
        self.assertFalse(self.agent.chatroom_active())
        self.assertEqual(self.notifications()[-1][1], "change_status")
