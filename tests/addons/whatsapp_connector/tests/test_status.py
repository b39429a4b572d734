from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ChatroomCommon


@tagged("post_install", "-at_install")
class TestStatus(ChatroomCommon):
    def add(self, minutes, from_me):
        return self.env["acrux.chat.message"].create(
            {
                "contact_id": self.conversation.id,
                "text": "x",
                "from_me": from_me,
                "date_message": fields.Datetime.now() + timedelta(minutes=minutes),
            }
        )

    def test_current_conversation_needs_an_agent(self):
        with self.assertRaises(ValidationError):
            self.conversation.status = "current"

    def test_attending_takes_the_conversation_and_logs_it(self):
        conversation = self.conversation.with_user(self.agent)
        self.assertEqual(conversation.block_conversation()[0]["status"], "current")
        self.assertEqual(conversation.agent_id, self.agent)
        self.assertEqual(conversation.chat_message_ids.mapped("event"), ["to_curr"])

    def test_colleague_may_not_attend_it_too(self):
        self.attended()
        with self.assertRaises(ValidationError):
            self.conversation.with_user(self.colleague).block_conversation()

    def test_releasing_frees_the_agent(self):
        self.attended().release_conversation()
        self.assertEqual(self.conversation.status, "done")
        self.assertFalse(self.conversation.agent_id)

    def test_going_back_to_new_logs_nothing(self):
        self.conversation.set_to_new()
        self.assertFalse(self.conversation.chat_message_ids)

    def test_log_can_be_left_out(self):
        self.conversation.with_context(not_log_event=True).set_to_done()
        self.assertFalse(self.conversation.chat_message_ids)

    def test_active_conversations_are_ids_of_new_ones_and_own_ones(self):
        conversations = self.env["acrux.chat.conversation"]
        self.attended()
        mine = conversations.with_user(self.agent).search_active_conversation()
        theirs = conversations.with_user(self.colleague).search_active_conversation()
        self.assertIn(self.conversation.id, mine)
        self.assertNotIn(self.conversation.id, theirs)

    def test_unanswered_until_somebody_writes(self):
        first = self.add(1, from_me=False)
        self.add(2, from_me=False)
        self.assertTrue(self.conversation.unanswered)
        self.assertEqual(self.conversation.last_received_first, first.date_message)
        self.add(3, from_me=True)
        self.assertFalse(self.conversation.unanswered)
        self.assertFalse(self.conversation.last_received_first)

    def test_information_is_no_answer(self):
        self.add(0, from_me=False)
        self.attended()
        self.assertTrue(self.conversation.unanswered)

    def test_unanswered_conversation_is_freed_in_time(self):
        self.attended()
        self.add(-30, from_me=False)
        self.env["acrux.chat.conversation"].conversation_verify()
        self.assertEqual(self.conversation.status, "new")

    def test_zero_minutes_means_never_freed(self):
        self.connector.time_to_reasign = 0
        self.attended()
        self.add(-30, from_me=False)
        self.env["acrux.chat.conversation"].conversation_verify()
        self.assertEqual(self.conversation.status, "current")

    def test_idle_conversation_is_closed(self):
        self.add(-60 * 24 * 4, from_me=True)
        self.env["acrux.chat.conversation"].conversation_verify()
        self.assertEqual(self.conversation.status, "done")

    def test_delegating_gives_it_to_the_other_agent(self):
        conversation = self.attended()
        conversation.tmp_agent_id = self.colleague
        conversation.delegate_conversation()
        self.assertEqual(self.conversation.agent_id, self.colleague)
