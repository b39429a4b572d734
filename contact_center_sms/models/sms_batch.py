from odoo import api, models

from .sms_message_history import NO_LINE, OWN_CONNECTOR

SHOW = "_show_in_chatroom"


class SmsBatch(models.Model):
    """What leaves by another way stands in the ChatRoom too, for who talks there.

    The sender only promises it, by one row a batch: which of a campaign's numbers
    have a conversation is asked for by the mirror's job, by one query.
    """

    _inherit = "sms.batch"

    def _promise_to_show(self):
        """One row for a batch of any size: the sender has no time for more.

        Return whether there is a ChatRoom to show them at all.
        """
        self.env.cr.execute(
            """
            INSERT INTO sms_batch_todo (batch_id, method, promised_at)
            SELECT b.id, %s, now() AT TIME ZONE 'UTC' FROM sms_batch b
            WHERE b.id = ANY(%s) AND EXISTS (
                SELECT 1 FROM acrux_chat_connector k
                WHERE k.connector_type = 'sms' AND k.company_id = b.company_id)
            """,
            [SHOW, self.ids],
            log_exceptions=False,
        )
        return bool(self.env.cr.rowcount)

    def _enqueue_followers(self):
        if self._promise_to_show():
            # Somebody waits to see a single one; a campaign's are found by and by.
            self.env["sms.message"]._wake_up_chatroom(soon=not self.run_id)
        return super()._enqueue_followers()

    @api.model
    def _sweep_steps(self):
        return [*super()._sweep_steps(), ("sms.chatroom.todo", "_sweep_chatroom")]

    @api.model
    def _promise_lines(self):
        """Find the SMS of sent batches whose numbers have a conversation."""
        self.env.cr.execute(
            """
            WITH sent AS (
                DELETE FROM sms_batch_todo WHERE method = %s RETURNING batch_id
            )
            SELECT DISTINCT b.id FROM sent JOIN sms_batch b ON b.id = sent.batch_id
            JOIN acrux_chat_connector k ON k.company_id = b.company_id
            JOIN res_company c ON c.id = b.company_id
            WHERE k.connector_type = 'sms'
              AND (b.run_id IS NULL OR c.sms_chatroom_history != 'none')
            """,
            [SHOW],
        )
        batch_ids = [row[0] for row in self.env.cr.fetchall()]
        if batch_ids:
            self._promise_lines_of(batch_ids)

    @api.model
    def _promise_lines_of(self, batch_ids):
        self.env.cr.execute(
            f"""
            INSERT INTO sms_chatroom_todo (message_id, promised_at, tries)
            SELECT DISTINCT m.id, now() AT TIME ZONE 'UTC', 0 FROM sms_message m
            JOIN acrux_chat_conversation c ON c.number = ltrim(m.phone, '+')
            JOIN acrux_chat_connector k ON k.id = c.connector_id
            WHERE m.batch_id = ANY(%s) AND m.sent_date IS NOT NULL
              AND {OWN_CONNECTOR} AND {NO_LINE}
            """,
            [batch_ids],
        )
