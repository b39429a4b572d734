import json

from odoo.tests import TransactionCase, new_test_user

from ..tools import recorder

NUMBER = "5511961234567"


class ChatroomCommon(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls.make_agent("chatroom agent")
        cls.colleague = cls.make_agent("chatroom colleague")
        cls.connector = cls.make_connector("Main")
        cls.conversation = cls.make_conversation(cls.connector)

    def setUp(self):
        super().setUp()
        recorder.reset()
        self.addCleanup(recorder.reset)

    @classmethod
    def make_agent(cls, login, extra=""):
        groups = "whatsapp_connector.group_chat_basic_extra" + extra
        return new_test_user(cls.env, login=login, groups=groups)

    @classmethod
    def make_connector(cls, name, **values):
        return cls.env["acrux.chat.connector"].create(
            {
                "name": name,
                "source": "/",
                "token": "secret",
                "uuid": f"uuid of {name}",
                "ca_status": True,
                "time_to_respond": 0,
                **values,
            }
        )

    @classmethod
    def make_conversation(cls, connector, number="5511988887777", **values):
        return cls.env["acrux.chat.conversation"].create(
            {
                "name": "Maria",
                "number": number,
                "connector_id": connector.id,
                **values,
            }
        )

    def make_alien(self, connector):
        """Give the connector a type that no installed addon serves."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE acrux_chat_connector SET connector_type = 'alien' WHERE id = %s",
            [connector.id],
        )
        self.env.invalidate_all()

    def parsed(self, text="Ola", **values):
        return {
            "ttype": "text",
            "connector_id": self.connector.id,
            "name": "Joao",
            "number": NUMBER,
            "message": text,
            "msgid": "in-1",
            "time": "2026-01-15 12:00:00",
            "conv_type": "normal",
            "quote_msg_id": None,
            **values,
        }

    def conversations(self, number=NUMBER, **context):
        model = self.env["acrux.chat.conversation"].with_context(**context)
        return model.search([("number", "=", number)])

    def receive(self, data, **context):
        model = self.env["acrux.chat.conversation"].sudo()
        return model.with_context(from_webhook=True, **context).new_message(data)

    def attended(self):
        """The conversation, attended by the agent, as the agent."""
        conversation = self.conversation.with_user(self.agent)
        conversation.block_conversation()
        return conversation

    def notifications(self):
        """(channel, type, payload) of the bus rows made so far."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        result = []
        for row in self.env["bus.bus"].search([], order="id"):
            message = json.loads(row.message)
            result.append(
                (json.loads(row.channel), message["type"], message["payload"])
            )
        return [item for item in result if "acrux.chat.conversation" in item[0]]

    def calls(self, path):
        return [call for call in recorder.CALLS if call["path"] == path]
