from psycopg2.errors import UniqueViolation

from odoo import models

FAILED = ("error", "rejected", "expired")


class SmsMessage(models.Model):
    """From an SMS to a line of a conversation.

    Replies take the ChatRoom's own way in, which assigns and notifies. What went out
    by another way, and what is older, is added as it is: nothing is sent by that.
    """

    _inherit = "sms.message"

    def _show_in_chatroom(self, todo):
        """Have a line for each of these; return whether all are there now.

        An SMS that has no place in the ChatRoom counts as shown.

        :param todo: the rows that ask for it; they say what is history
        """
        missing = self._without_line()
        silent = todo.filtered("is_history").message_id
        replies = missing.filtered(lambda m: m.direction == "incoming") - silent
        places = replies._conversations_to_reply()
        history = replies._history_of(places.values())
        added = (missing - replies)._conversations_there()
        extra = self._add_history({**history, **added})
        for message, conversation in places.items():
            line = conversation.new_message(message._chatroom_data(conversation))
            line.sms_message_id = message
        self._tell_of_lines(extra)
        self.env.flush_all()
        wanted = self.browse().concat(*places, *added)
        return not (wanted and wanted._without_line())

    # -- what is there already ---------------------------------------------------------

    def _without_line(self):
        """Those that no conversation shows, in the order in which they were made.

        A line that the ChatRoom committed and that we could not link is linked now.
        """
        self.env["acrux.chat.message"].flush_model(["msgid", "sms_message_id"])
        self.env.cr.execute(
            """
            SELECT m.id, l.id, l.sms_message_id FROM sms_message m
            JOIN acrux_chat_message l
              ON l.sms_message_id = m.id OR l.msgid = m.reference
            WHERE m.id = ANY(%s)
            """,
            [self.ids],
        )
        found = self.env.cr.fetchall()
        shown = {row[0] for row in found}
        linked = {row[0] for row in found if row[2]}
        for message_id, line_id, _sms in found:
            if message_id not in linked:
                linked.add(message_id)
                line = self.env["acrux.chat.message"].browse(line_id)
                line.sms_message_id = message_id
        return self.filtered(lambda m: m.id not in shown).sorted("id")

    # -- where it belongs --------------------------------------------------------------

    def _chatroom_connector(self):
        """The connector of the account, else one that stands for all accounts."""
        self.ensure_one()
        connectors = self.env["acrux.chat.connector"].sudo()
        return connectors.search(
            [
                ("connector_type", "=", "sms"),
                ("company_id", "=", self.company_id.id),
                ("sms_provider_id", "in", (self.provider_id.id, False)),
            ],
            order="sms_provider_id, sequence, id",
            limit=1,
        )

    def _conversations_to_reply(self):
        """Return {reply: its conversation}, found or made; without those of no place.

        The conversation is there before the app looks for it: where the app creates
        it itself, it commits, or rolls everything back.
        """
        places, connectors = {}, {}
        for message in self:
            key = (message.company_id, message.provider_id)
            if key not in connectors:
                connectors[key] = message._chatroom_connector()
            if connectors[key]:
                places[message] = message._find_or_create_conversation(connectors[key])
        return places

    def _find_or_create_conversation(self, connector):
        self.ensure_one()
        conversations = self._chatroom_conversations(connector)
        data = self._chatroom_data(conversations, connector)
        domain = [
            ("number", "=", data["number"]),
            ("conv_type", "=", data["conv_type"]),
            ("connector_id", "=", data["connector_id"]),
        ]
        found = conversations.search(domain, limit=1)
        if not found:
            values = conversations.create_conversation_from_message_dict_vals(data)
            try:
                with self.env.cr.savepoint():
                    found = conversations.create(values)
                    found.set_to_new()
            except UniqueViolation:
                # Another job was faster; the app's own search finds its row.
                return conversations
        if self.partner_id and not found.res_partner_id:
            found.res_partner_id = self.partner_id
        return found

    def _chatroom_conversations(self, connector):
        """The conversations' model as the app's own webhook would use it."""
        return (
            self.env["acrux.chat.conversation"]
            .with_company(connector.company_id)
            .with_context(
                from_webhook=True,
                not_download_profile_picture=True,
                # A note "created" in each conversation's chatter tells nobody anything.
                mail_create_nolog=True,
                lang=connector.company_id.partner_id.lang,
            )
        )

    # -- what it says ------------------------------------------------------------------

    def _chatroom_data(self, conversations, connector=None):
        """What the app requires of an incoming message, in every series."""
        connector = connector or conversations.connector_id
        connector = connector or self._chatroom_connector()
        raw = {
            "type": "text",
            "txt": self.body or "",
            "text": self.body or "",
            "id": self.reference,
            "number": connector.clean_id(self.phone),
            "name": self.partner_id.name or self.phone,
            "chat_type": "normal",
            "quote_msg_id": None,
        }
        data = conversations.parse_message_receive(connector, raw)
        data.setdefault("conv_type", "normal")
        data.setdefault("quote_msg_id", None)
        data["time"] = self.sent_date
        return data

    def _line_values(self, conversation):
        """A line for what was not said in the ChatRoom.

        With id and date of sending: without them the app would send it again.
        """
        outgoing = self.direction == "outgoing"
        values = {
            "contact_id": conversation.id,
            "ttype": "text",
            "text": self.body or "",
            "from_me": outgoing,
            "msgid": self.reference,
            "date_message": self.sent_date,
            "user_id": (self.user_id or self.create_uid).id,
            "sms_message_id": self.id,
            "error_msg": self.state in FAILED and self._line_error(conversation),
        }
        if outgoing and "sent_date" in self.env["acrux.chat.message"]._fields:
            values["sent_date"] = self.sent_date
        return values

    def _line_error(self, conversation):
        """Why it failed, in the company's language: all agents read the same line."""
        lang = conversation.company_id.partner_id.lang
        message = self.with_context(lang=lang)
        name = "failure_type" if self.failure_type else "state"
        words = [message._history_label(name, self[name]), self.error_message]
        return ": ".join(filter(None, words))
