from odoo import api, fields, models

from ..tools.wakeup_window import WakeUpWindow
from .sms_message import STATES

window = WakeUpWindow(seconds=1.0)
ADVISORY_LOCK = 0x534D5301
PAGE = 500
# One customer is counted once: by the last attempt, unless an earlier one got through.
# ``b`` is a batch, ``m`` its messages.
ATTEMPT_SQL = """CASE
    WHEN b.second_attempt AND EXISTS (
        SELECT 1 FROM sms_message o WHERE o.phone = m.phone AND o.run_id = m.run_id
          AND o.id < m.id AND o.direction = 'outgoing' AND o.state = 'delivered')
        THEN 'before'
    WHEN b.tried_again AND m.state != 'delivered' AND EXISTS (
        SELECT 1 FROM sms_message r WHERE r.run_id = m.run_id AND r.phone = m.phone
          AND r.retry_of_id = m.id) THEN 'replaced'
    WHEN b.second_attempt THEN 'again' END"""
# Of batches that nobody has tried again. PostgreSQL reckons with the look-ups above
# even where none is made, and compiles them first.
ONLY_ATTEMPT_SQL = "NULL::varchar"
# Of a row ``s`` of counters: those who were sent an SMS and did not get it.
FAILED_SQL = """CASE
    WHEN s.attempt = 'again' THEN CASE
        WHEN s.state IN ('error', 'expired', 'rejected', 'canceled') THEN s.n ELSE 0 END
    WHEN s.attempt IS NOT NULL THEN 0
    WHEN s.state IN ('error', 'expired', 'rejected') THEN s.accepted ELSE 0 END"""


class SmsBatchStat(models.Model):
    """Counters per batch, state and failure type: what forms add up in milliseconds.

    Counting a million messages takes half a second; adding up the counters of their
    thousand batches takes a few milliseconds. One job alone writes them.
    """

    _name = "sms.batch.stat"
    _description = "SMS counters"
    _log_access = False
    _rec_name = "batch_id"

    batch_id = fields.Many2one(
        "sms.batch", required=True, ondelete="cascade", index=True
    )
    run_id = fields.Many2one("sms.run", ondelete="cascade", index=True)
    state = fields.Selection(STATES, required=True)
    failure_type = fields.Char()
    variant = fields.Char("Text", help="Which of two texts, where there are two.")
    attempt = fields.Char(
        help="replaced: a later attempt counts; again: one that counts; before: one "
        "that does not, as an earlier one got through. Empty: the only one."
    )
    n = fields.Integer("Messages")
    accepted = fields.Integer(
        help="Messages that the gateway has ever accepted; of several attempts, the "
        "first."
    )
    segments = fields.Integer()
    cost = fields.Float(digits=(16, 4))

    @api.model
    def _wake_up(self):
        """Have the counters' job run within two seconds, once however often asked."""
        title = self.env._("Count SMS again")
        self.env["sms.event"]._wake_up_job(window, self, "_recompute_touched", title)

    @api.model
    def _recompute_touched(self):
        """Count the touched batches again, page by page until none is left."""
        if not self.env["sms.event"]._take_advisory_lock(ADVISORY_LOCK):
            self._wake_up()
            return
        while self._recompute_page():
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
            if not self.env["sms.event"]._take_advisory_lock(ADVISORY_LOCK):
                return

    def _recompute_page(self):
        """Count one page of batches; return whether there was any."""
        self.env.cr.execute(
            """
            DELETE FROM sms_batch_touch WHERE batch_id IN (
                SELECT DISTINCT batch_id FROM sms_batch_touch LIMIT %s)
            RETURNING batch_id
            """,
            [PAGE],
        )
        batch_ids = sorted({row[0] for row in self.env.cr.fetchall()})
        if not batch_ids:
            return False
        self._recompute(batch_ids)
        batches = self.env["sms.batch"].browse(batch_ids)
        batches._enqueue_status_mirror()
        batches.run_id._finish_if_done()
        return True

    def _recompute(self, batch_ids):
        """Replace the counters of some batches by what their messages say."""
        self.env.cr.execute(
            "DELETE FROM sms_batch_stat WHERE batch_id = ANY(%s)", [batch_ids]
        )
        again = self._tried_more_than_once(batch_ids)
        self._count(sorted({*batch_ids} - {*again}), ONLY_ATTEMPT_SQL)
        self._count(again, ATTEMPT_SQL)
        self.invalidate_model()

    @api.model
    def _tried_more_than_once(self, batch_ids):
        """Of some batches, those with messages of which there is another attempt."""
        self.env["sms.batch"].flush_model(["tried_again", "second_attempt"])
        self.env.cr.execute(
            "SELECT id FROM sms_batch"
            " WHERE id = ANY(%s) AND (tried_again OR second_attempt) ORDER BY id",
            [batch_ids],
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _count(self, batch_ids, attempt_sql):
        if not batch_ids:
            return
        self.env.cr.execute(
            f"""
            INSERT INTO sms_batch_stat
                (batch_id, run_id, state, failure_type, variant, attempt, n, accepted,
                 segments, cost)
            SELECT m.batch_id, b.run_id, m.state, m.failure_type, m.variant, a.attempt,
                   count(*) FILTER (WHERE a.attempt IS NULL OR a.attempt = 'again'),
                   count(m.sent_date) FILTER (WHERE b.second_attempt IS NOT TRUE),
                   COALESCE(sum(m.sms_count) FILTER (WHERE m.sent_date IS NOT NULL), 0),
                   COALESCE(sum(m.cost) FILTER (WHERE m.sent_date IS NOT NULL), 0)
            FROM sms_message m JOIN sms_batch b ON b.id = m.batch_id,
                LATERAL (SELECT {attempt_sql} AS attempt) a
            WHERE m.batch_id = ANY(%s)
              -- The last attempt counts: its batch holds what this one never sent.
              AND NOT (b.retried_by_id IS NOT NULL AND m.state = 'error'
                AND m.failure_type = 'not_attempted' AND m.sent_date IS NULL)
            GROUP BY m.batch_id, b.run_id, m.state, m.failure_type, m.variant,
                a.attempt
            """,
            [batch_ids],
        )
