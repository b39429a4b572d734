from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NUMBER, ChatroomCommon


@tagged("post_install", "-at_install")
class TestReceiveRace(ChatroomCommon):
    """What a caller sees when two workers meet the same new number."""

    def test_lost_race_loses_what_was_written_before(self):
        savepoint = self.env.cr.savepoint()
        ledger = self.env["res.partner"].create({"name": "written before"})
        message = self.receive(self.parsed(), chatroom_race_savepoint=savepoint.name)
        savepoint.close(rollback=False)
        self.assertFalse(ledger.exists())
        self.assertEqual(len(self.conversations()), 1)
        self.assertEqual(message.contact_id, self.conversations())

    def test_existing_conversation_never_races(self):
        self.make_conversation(self.connector, NUMBER)
        savepoint = self.env.cr.savepoint()
        ledger = self.env["res.partner"].create({"name": "written before"})
        self.receive(self.parsed(), chatroom_race_savepoint=savepoint.name)
        savepoint.close(rollback=False)
        self.assertTrue(ledger.exists())

    @mute_logger("odoo.sql_db")
    def test_without_the_switch_a_collision_is_retried(self):
        model = self.env.registry["acrux.chat.conversation"]
        existing = self.make_conversation(self.connector, NUMBER)
        search = model._search_from_message_dict
        answers = [existing.browse()]

        def blind_once(conversations, data):
            return answers.pop() if answers else search(conversations, data)

        with patch.object(model, "_search_from_message_dict", blind_once):
            message = self.receive(self.parsed())
        self.assertEqual(message.contact_id, existing)
