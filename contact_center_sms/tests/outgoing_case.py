import json

from odoo.tests import new_test_user

from .common import ChatroomSmsCase

NUMBER = "5511912345678"
PHONE = f"+{NUMBER}"


class OutgoingCase(ChatroomSmsCase):
    """An agent with no rights but the ChatRoom's, and a customer's conversation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = new_test_user(
            cls.env, "agent", groups="whatsapp_connector.group_chat_basic_extra"
        )

    def talk(self, number=NUMBER, connector=None, **values):
        """Create a conversation that the agent attends, as the agent sees it."""
        conversation = self.env["acrux.chat.conversation"].create(
            {
                "name": "Ana",
                "number": number,
                "connector_id": (connector or self.connector).id,
                **values,
            }
        )
        conversation = conversation.with_user(self.agent)
        conversation.block_conversation()
        return conversation

    def say(self, conversation, text="Olá", **values):
        """Type in the chat window and press Enter; return the line."""
        data = {"ttype": "text", "text": text, "from_me": True, **values}
        [answer] = conversation.send_message(data)
        return self.env["acrux.chat.message"].browse(answer["id"])

    def outgoing(self):
        """All SMS that are to leave, oldest first."""
        return self.env["sms.message"].search(
            [("direction", "=", "outgoing")], order="id"
        )

    def told(self):
        """(type, payload) of what the ChatRoom's browsers were told, then forget."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        rows = self.env["bus.bus"].search([], order="id")
        found = []
        for row in rows:
            message = json.loads(row.message)
            if "acrux.chat.conversation" in json.loads(row.channel):
                found.append((message["type"], message["payload"]))
        rows.unlink()
        return found
