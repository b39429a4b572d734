import logging

from psycopg2.errors import UniqueViolation

from odoo import models
from odoo.exceptions import ConcurrencyError
from odoo.tools import split_every

from odoo.addons.queue_job.exception import RetryableJobError

_logger = logging.getLogger(__name__)

# Replies mirrored in one transaction.
PAGE = 20


class SmsMessage(models.Model):
    """The ChatRoom's mirror of replies, in a job of its own.

    Whatever the ChatRoom does, the SMS is stored already: a failure here is retried
    alone and neither loses nor doubles it.
    """

    _inherit = "sms.message"

    def _after_incoming(self):
        result = super()._after_incoming()
        self._enqueue_mirror_chatroom()
        return result

    def _enqueue_mirror_chatroom(self):
        self.with_delay(
            priority=2, description=self.env._("Replies to the ChatRoom")
        )._mirror_chatroom()

    def _mirror_chatroom(self):
        """Show these replies in their conversations, page by page."""
        for ids in split_every(PAGE, self.exists().sorted("id").ids):
            page = self.browse(ids)
            if not page._mirror_together():
                page._mirror_each()

    def _mirror_together(self):
        """Mirror in one transaction, whose commit costs as much as several replies.

        Return whether all are there: the ChatRoom may roll back behind our back.
        """
        try:
            for message in self:
                message._mirror_or_try_again()
            complete = not self._missing_in_chatroom()
        except RetryableJobError:
            raise
        except Exception:
            complete = False
        if complete:
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
        else:
            self.env.cr.rollback()
        return complete

    def _mirror_each(self):
        """Mirror one by one, in a transaction each.

        One that the ChatRoom refuses gets a job of its own: the others go on.
        """
        for message in self:
            try:
                message._mirror_or_try_again()
            except RetryableJobError:
                raise
            except Exception:
                if len(self) == 1:
                    raise
                self.env.cr.rollback()
                _logger.warning("Reply %s is mirrored alone", message.id, exc_info=True)
                message._enqueue_mirror_chatroom()
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it

    def _chatroom_connector(self):
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

    def _mirror_or_try_again(self):
        """A race lost to another job: only a new transaction sees its conversation."""
        connector = self._chatroom_connector()
        try:
            if connector:
                self._mirror_reply(connector)
        except ConcurrencyError as error:
            raise RetryableJobError(str(error), seconds=1, ignore_retry=True) from error

    def _mirror_reply(self, connector):
        """Add one reply to its conversation, unless it is there already."""
        if self._is_in_chatroom(connector):
            return
        conversations = self._chatroom_conversations(connector)
        data = self._chatroom_data(connector, conversations)
        self._find_or_create_conversation(conversations, data)
        message = conversations.new_message(data)
        message.sms_message_id = self

    def _missing_in_chatroom(self):
        """Those of a page that should be there and are not; asked by one question."""
        lines = self.env["acrux.chat.message"].search(
            [("msgid", "in", self.mapped("reference"))]
        )
        there = set(lines.mapped("msgid"))
        missing = self.filtered(lambda message: message.reference not in there)
        return missing.filtered(lambda message: message._chatroom_connector())

    def _is_in_chatroom(self, connector):
        domain = [("connector_id", "=", connector.id), ("msgid", "=", self.reference)]
        return bool(self.env["acrux.chat.message"].search_count(domain, limit=1))

    def _chatroom_conversations(self, connector):
        """The conversations' model as the app's own webhook would use it."""
        return (
            self.env["acrux.chat.conversation"]
            .with_company(connector.company_id)
            .with_context(
                from_webhook=True,
                not_download_profile_picture=True,
                lang=connector.company_id.partner_id.lang,
            )
        )

    def _chatroom_data(self, connector, conversations):
        """What the app requires of an incoming message, in every series."""
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

    def _find_or_create_conversation(self, conversations, data):
        """Have the conversation before the app looks for it.

        Where the app creates it itself, it commits, or rolls everything back.
        """
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
                return
        if self.partner_id and not found.res_partner_id:
            found.res_partner_id = self.partner_id
