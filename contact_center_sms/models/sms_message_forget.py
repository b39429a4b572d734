from odoo import api, models

from odoo.addons.sms_base_sr.tools import pseudonym


class SmsMessage(models.Model):
    """Lines of the ChatRoom are forgotten with the SMS that they show."""

    _inherit = "sms.message"

    @api.model
    def _forget(self, ids, tokens, company, before):
        self.env.cr.execute(
            """
            UPDATE acrux_chat_message SET text = NULL, name = NULL,
                contact_name = NULL, contact_number = NULL, metadata_json = NULL,
                error_msg = NULL, sms_message_id = NULL, msgid = 'forgotten:' || id
            WHERE sms_message_id = ANY(%s)
            """,
            [list(ids)],
        )
        self.env.cr.execute(
            "DELETE FROM sms_chatroom_todo WHERE message_id = ANY(%s)", [list(ids)]
        )
        return super()._forget(ids, tokens, company, before)


class SmsRetention(models.Model):
    """Conversations in which nothing was said for so long lose their number.

    Their lines that no SMS belongs to, notices say, go with them.
    """

    _inherit = "sms.retention"

    @api.model
    def _streams(self):
        return {
            **super()._streams(),
            "acrux.chat.conversation": "_page_of_conversations",
        }

    def _page_of_conversations(self, limit):
        """A quiet one may come after a lively one: look at all, each round anew."""
        rows = self._read_page(CONVERSATIONS_SQL)
        quiet = [row for row in rows if row.mine and row.last < limit]
        if quiet:
            numbers = {row.number for row in quiet}
            tokens = self._tokens({f"+{number}" for number in numbers})
            values = {
                "ids": [row.id for row in quiet],
                "numbers": [number.removeprefix("+") for number in tokens],
                "tokens": list(tokens.values()),
            }
            for statement in FORGET_SQL:
                self.env.cr.execute(statement, values)
            self.env.invalidate_all()
        if not rows:
            self.cursor = 0
        return rows[-1].id if rows else 0, len(quiet), 0


CONVERSATIONS_SQL = f"""
    SELECT c.id, c.number, COALESCE(c.last_activity, c.create_date) AS last,
           k.connector_type = 'sms' AND k.company_id = %(company)s
           AND c.number NOT LIKE '{pseudonym.PREFIX}%%' AS mine
    FROM (SELECT * FROM acrux_chat_conversation WHERE id > %(cursor)s
          ORDER BY id LIMIT %(page)s) c
    JOIN acrux_chat_connector k ON k.id = c.connector_id ORDER BY c.id
"""
FORGET_SQL = (
    """
    UPDATE acrux_chat_message SET text = NULL, name = NULL, contact_name = NULL,
        contact_number = NULL, metadata_json = NULL, error_msg = NULL,
        sms_message_id = NULL, msgid = 'forgotten:' || id
    WHERE contact_id = ANY(%(ids)s)
    """,
    """
    DELETE FROM mail_message
    WHERE model = 'acrux.chat.conversation' AND res_id = ANY(%(ids)s)
    """,
    """
    UPDATE acrux_chat_conversation c SET number = t.token || '-' || c.id,
        number_format = t.token, name = t.token, res_partner_id = NULL
    FROM unnest(%(numbers)s::text[], %(tokens)s::text[]) t(number, token)
    WHERE c.id = ANY(%(ids)s) AND t.number = c.number
    """,
)
