from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AcruxChatConversation(models.Model):
    """Who attends a conversation: new, current (with an agent) or done.

    ``get_to_*`` are the hooks that assignment addons override; nobody writes
    the agent directly.
    """

    _inherit = "acrux.chat.conversation"

    @api.constrains("status", "agent_id")
    def _constrain_status(self):
        for conversation in self:
            if conversation.status == "current" and not conversation.agent_id:
                raise ValidationError(
                    self.env._("A current conversation must have an agent.")
                )

    @api.constrains("number", "connector_id", "conv_type")
    def _constrain_number(self):
        for conversation in self:
            if conversation.conv_type == "normal":
                conversation.connector_id.assert_id(conversation.number)

    def get_to_new(self):
        return {"status": "new", "agent_id": False}

    def get_to_current(self):
        return {"status": "current", "agent_id": self.env.user.id}

    def get_to_done(self):
        return {"status": "done", "agent_id": False}

    def set_to_new(self):
        for conversation in self:
            conversation.write(conversation.get_to_new())

    def set_to_current(self):
        for conversation in self._logging_events():
            conversation.write(conversation.get_to_current())

    def set_to_done(self):
        for conversation in self._logging_events():
            conversation.write(conversation.get_to_done())

    def _logging_events(self):
        if self.env.context.get("not_log_event"):
            return self
        return self.with_context(please_log_event=True)

    def event_create(self, event, user_id=False, text=False):
        """Log ``event`` in the thread as an information message."""
        self.ensure_one()
        message = self.env["acrux.chat.message"]
        labels = dict(message._fields["event"]._description_selection(self.env))
        return message.create(
            {
                "contact_id": self.id,
                "ttype": "info",
                "from_me": True,
                "event": event,
                "text": text or labels[event],
                "user_id": user_id.id if user_id else self.env.user.id,
            }
        )

    def decide_first_status(self):
        """Status after an incoming message; return how many messages to push."""
        self.ensure_one()
        if self.status == "done":
            self.set_to_new()
            return 22
        if (
            self.status == "current"
            and self.connector_id.reassign_current_conversation
            and not self.agent_id.chatroom_active()
        ):
            self.set_to_new()
            return 22
        return 1

    def block_conversation(self):
        """The agent presses *Attend*."""
        self.ensure_one()
        if self.status in ("new", "done"):
            self.set_to_current()
            self.update_conversation_bus()
        elif self.agent_id != self.env.user and not self._is_chatroom_admin():
            raise ValidationError(
                self.env._("%s is attending this conversation.", self.agent_id.name)
            )
        return self.build_dict(2)

    def release_conversation(self):
        for conversation in self:
            conversation.set_to_done()
            conversation.update_conversation_bus()

    def close_from_ui(self):
        self.release_conversation()

    def delegate_conversation(self):
        self.ensure_one()
        if not self.tmp_agent_id:
            raise ValidationError(self.env._("Choose the agent to delegate to."))
        self.with_user(self.tmp_agent_id).sudo().set_to_current()
        self.tmp_agent_id = False
        self.update_conversation_bus()

    def init_and_notify(self):
        self.ensure_one()
        self.block_conversation()
        self._sendone(
            self.get_channel_to_one(), "init_conversation", self.build_dict(22)
        )

    def _is_chatroom_admin(self):
        return self.env.user.has_group("whatsapp_connector.group_chatroom_admin")

    @api.model
    def search_active_conversation(self):
        """Ids of what the agent may see in the window: new ones and own ones."""
        domain = ["|", ("status", "=", "new"), ("status", "=", "current")]
        if not self._is_chatroom_admin():
            domain = ["|", ("status", "=", "new"), "&"] + [
                ("status", "=", "current"),
                ("agent_id", "=", self.env.user.id),
            ]
        return self.search(domain).ids

    @api.model
    def conversation_verify(self):
        """Scheduled action: free what nobody answers, close what is idle."""
        connectors = self.env["acrux.chat.connector"].search(
            ["|", ("time_to_reasign", ">", 0), ("time_to_done", ">", 0)]
        )
        for connector in connectors:
            self.conversation_verify_to_new(connector)
            self.conversation_verify_to_done(connector)

    @api.model
    def conversation_verify_to_new(self, conn_id):
        if not conn_id.time_to_reasign:
            return self.browse()
        limit = fields.Datetime.now() - timedelta(minutes=conn_id.time_to_reasign)
        conversations = self.search(
            [
                ("connector_id", "=", conn_id.id),
                ("status", "=", "current"),
                ("unanswered", "=", True),
                ("last_received_first", "<", limit),
            ]
        )
        conversations.set_to_new()
        return conversations

    @api.model
    def conversation_verify_to_done(self, conn_id):
        if not conn_id.time_to_done:
            return self.browse()
        limit = fields.Datetime.now() - timedelta(days=conn_id.time_to_done)
        conversations = self.search(
            [
                ("connector_id", "=", conn_id.id),
                ("status", "!=", "done"),
                ("last_activity", "<", limit),
            ]
        )
        conversations.set_to_done()
        return conversations
