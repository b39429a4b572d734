import logging
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.sms_base_sr.tools import retry_pattern

_logger = logging.getLogger(__name__)

# SMS shown in one transaction, whose commit costs as much as several of them.
PAGE = 20
# A wake-up that was made with a row is given this time before another one is made.
PATIENCE = timedelta(minutes=1)


class SmsChatroomTodo(models.Model):
    """An SMS that the ChatRoom does not show yet.

    The mirror's own ledger: rows are appended with the SMS, beside whatever else a
    transaction does, and deleted with the line. So losing every job costs a minute,
    and one SMS that the ChatRoom refuses waits alone. The engine writes it.
    """

    _name = "sms.chatroom.todo"
    _description = "SMS not in the ChatRoom yet"
    _order = "id"
    _rec_name = "message_id"
    _log_access = False

    message_id = fields.Many2one(
        "sms.message", "SMS", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="message_id.company_id")
    body = fields.Text(related="message_id.body")
    direction = fields.Selection(related="message_id.direction")
    is_history = fields.Boolean(
        "History", help="Something older: added to its conversation in silence."
    )
    promised_at = fields.Datetime("Waits since", required=True)
    tries = fields.Integer()
    not_before = fields.Datetime("Next try")
    error = fields.Text()

    @api.model
    def _promise(self, message_ids, is_history=False):
        """Note that these SMS are to be shown; a row more than needed does no harm."""
        if not message_ids:
            return
        self.env.cr.execute(
            """
            INSERT INTO sms_chatroom_todo (message_id, is_history, promised_at, tries)
            SELECT unnest(%s), %s, now() AT TIME ZONE 'UTC', 0
            """,
            [list(message_ids), is_history],
            log_exceptions=False,
        )

    @api.model
    def _next_page(self, but_ids):
        """What is due, replies first; without rows that were tried just now."""
        self.env.cr.execute(
            """
            SELECT t.id FROM sms_chatroom_todo t
            JOIN sms_message m ON m.id = t.message_id
            WHERE NOT t.id = ANY(%s)
              AND (t.not_before IS NULL
                   OR t.not_before <= clock_timestamp() AT TIME ZONE 'UTC')
            ORDER BY t.is_history IS TRUE, m.direction, t.message_id LIMIT %s
            """,
            [list(but_ids), PAGE],
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _done(self):
        """Forget rows whose SMS are in the ChatRoom, or have no place there."""
        self.env.cr.execute(
            "DELETE FROM sms_chatroom_todo WHERE id = ANY(%s)", [self.ids]
        )
        self.invalidate_model()

    def _postpone(self, error):
        """Try again later, and later still; the reason is there to be read."""
        self.ensure_one()
        function = "<sms.message>._mirror_chatroom"
        config = self.env["queue.job.function"].sudo().job_config(function)
        wait = retry_pattern.seconds_for(config.retry_pattern, self.tries + 1)
        self.write(
            {
                "tries": self.tries + 1,
                "not_before": fields.Datetime.now() + timedelta(seconds=wait),
                "error": str(error) or type(error).__name__,
            }
        )

    @api.model
    def _sweep_chatroom(self):
        """Wake up for rows that are due and that no job has taken."""
        self.env.cr.execute(
            """
            SELECT 1 FROM sms_chatroom_todo
            WHERE COALESCE(not_before, promised_at + %(patience)s)
                  <= clock_timestamp() AT TIME ZONE 'UTC'
            UNION ALL
            SELECT 1 FROM sms_batch_todo WHERE method = '_show_in_chatroom'
              AND promised_at + %(patience)s <= clock_timestamp() AT TIME ZONE 'UTC'
            LIMIT 1
            """,
            {"patience": PATIENCE},
        )
        if self.env.cr.fetchone():
            self.env["sms.message"]._wake_up_chatroom()

    def action_try_now(self):
        """Try again at once: the reason has been seen to."""
        self.check_access("read")
        # sudo: rows are the engine's; supervisors may ask it to look again.
        self.sudo().not_before = False
        self.env["sms.message"]._wake_up_chatroom()
