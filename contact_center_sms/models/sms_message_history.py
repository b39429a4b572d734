import logging

from odoo import models

from odoo.addons.sms_base_sr.models.sms_batch_settle import CONFLICTS

_logger = logging.getLogger(__name__)

# The account's own connector has its SMS; those of others go to any that stands for
# all accounts, and of several conversations to the first connector's.
OWN_CONNECTOR = """
    k.connector_type = 'sms' AND k.company_id = m.company_id
    AND (k.sms_provider_id = m.provider_id OR NOT EXISTS (
        SELECT 1 FROM acrux_chat_connector o
        WHERE o.connector_type = 'sms' AND o.company_id = m.company_id
          AND o.sms_provider_id = m.provider_id))
"""
NO_LINE = """
    NOT EXISTS (SELECT 1 FROM acrux_chat_message l WHERE l.sms_message_id = m.id)
    AND NOT EXISTS (SELECT 1 FROM acrux_chat_message l WHERE l.msgid = m.reference)
"""


class SmsMessage(models.Model):
    """What was texted besides: it stands in the conversation of who answers.

    Nobody who does not answer gets a conversation: a campaign would flood the
    ChatRoom.
    """

    _inherit = "sms.message"

    def _history_of(self, conversations):
        """Return {SMS: conversation} of what those who write now were told before.

        The last SMS of each number by the company's setting, both ways, without what
        stands there already or waits for its own turn.
        """
        conversations = self.env["acrux.chat.conversation"].concat(*conversations)
        limits = {c.id: c.company_id._chatroom_history_limit() for c in conversations}
        if not any(limits.values()):
            return {}
        self.env["acrux.chat.conversation"].flush_model(["number", "connector_id"])
        self.flush_model()
        self.env.cr.execute(
            f"""
            SELECT DISTINCT ON (h.id) h.id, c.id
            FROM unnest(%s::int[], %s::int[]) AS w (conversation_id, wanted)
            JOIN acrux_chat_conversation c ON c.id = w.conversation_id
            JOIN acrux_chat_connector k ON k.id = c.connector_id
            CROSS JOIN LATERAL (
                SELECT m.id, m.reference FROM sms_message m
                WHERE m.phone IN (c.number, '+' || c.number)
                  AND m.sent_date IS NOT NULL AND {OWN_CONNECTOR}
                ORDER BY m.sent_date DESC, m.id DESC LIMIT w.wanted
            ) h JOIN sms_message m ON m.id = h.id
            WHERE {NO_LINE} AND NOT EXISTS (
                SELECT 1 FROM sms_chatroom_todo t WHERE t.message_id = m.id)
            ORDER BY h.id, c.id
            """,
            [list(limits), list(limits.values())],
        )
        return self._by_conversation(conversations)

    def _conversations_there(self):
        """Return {SMS: the conversation of its number}, where there is one."""
        if not self:
            return {}
        self.env["acrux.chat.conversation"].flush_model(["number", "connector_id"])
        self.env.cr.execute(
            f"""
            SELECT DISTINCT ON (m.id) m.id, c.id FROM sms_message m
            JOIN acrux_chat_conversation c
              ON c.number = ltrim(m.phone, '+')
            JOIN acrux_chat_connector k ON k.id = c.connector_id
            WHERE m.id = ANY(%s) AND {OWN_CONNECTOR}
            ORDER BY m.id, k.sequence, k.id
            """,
            [self.ids],
        )
        return self._by_conversation(self.env["acrux.chat.conversation"])

    def _by_conversation(self, known):
        """Return {SMS: conversation} of the rows that were just read."""
        rows = self.env.cr.fetchall()
        known |= known.browse(row[1] for row in rows)
        records = {conversation.id: conversation for conversation in known}
        return {self.browse(row[0]): records[row[1]] for row in rows}

    def _add_history(self, places):
        """Add what is older, oldest first; return the lines.

        It must not keep a reply waiting: where it fails, each SMS of it is tried on
        its own, later.
        """
        lines = self.env["acrux.chat.message"]
        ordered = sorted(places, key=lambda m: (m.sent_date, m.id))
        values = [m._line_values(places[m]) for m in ordered]
        try:
            with self.env.cr.savepoint():
                lines = lines.create(values)
                self.env.flush_all()
        except CONFLICTS:
            raise
        except Exception:
            if self & self.browse().concat(*places):
                raise
            _logger.warning("Older SMS are shown later", exc_info=True)
            self.env["sms.chatroom.todo"]._promise(
                [message.id for message in places], is_history=True
            )
            lines = lines.browse()
        return lines

    def _tell_of_lines(self, lines):
        """Show what was added in open browsers; nobody looks at what is done."""
        for conversation, own in lines.grouped("contact_id").items():
            if conversation.status != "done":
                payload = conversation.build_dict(0)
                payload[0]["messages"] = own.get_js_dict()
                conversation._sendone(
                    conversation.get_channel_to_many(), "update_conversation", payload
                )
