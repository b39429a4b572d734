from odoo import api, fields, models

PAGE = 20
# One customer is one number: who writes twice counts once, with the first answer.
CUSTOMERS_SQL = """
    WITH customers AS (
        SELECT run_id, COALESCE(max(variant), '') AS variant, phone,
               count(*) AS replies,
               bool_or(reply_class = 'interested') AS interested,
               bool_or(reply_class = 'opt_out') AS opted_out,
               bool_or(needs_answer) AS waits,
               min(answered_date) FILTER (WHERE answer_kind IN ('sms', 'other'))
               - min(sent_date) FILTER (WHERE reply_class IS DISTINCT FROM 'opt_out')
                   AS waited
        FROM sms_message
        WHERE run_id = ANY(%(runs)s) AND direction = 'incoming'
        GROUP BY run_id, phone)
    SELECT run_id, variant, count(phone) AS replied, sum(replies)::int AS replies,
           count(*) FILTER (WHERE interested AND phone IS NOT NULL) AS interested,
           count(*) FILTER (WHERE opted_out AND phone IS NOT NULL) AS opted_out,
           count(*) FILTER (WHERE waits AND phone IS NOT NULL) AS unanswered,
           count(waited) AS answered,
           COALESCE(sum(GREATEST(0, EXTRACT(EPOCH FROM waited) / 60)), 0)::float
               AS answer_minutes
    FROM customers GROUP BY run_id, variant
"""
FIGURES = (
    "replied",
    "replies",
    "interested",
    "opted_out",
    "unanswered",
    "answered",
    "answer_minutes",
)


class SmsRunStat(models.Model):
    """How the customers of a run answered, counted: one row per text of the run.

    A campaign of a million has tens of thousands of replies: too many to count each
    time that a form looks. The counters' job alone writes it.
    """

    _name = "sms.run.stat"
    _description = "SMS reply counters"
    _log_access = False
    _rec_name = "run_id"

    run_id = fields.Many2one("sms.run", required=True, ondelete="cascade", index=True)
    variant = fields.Char("Text")
    replied = fields.Integer("Customers who replied")
    replies = fields.Integer()
    interested = fields.Integer()
    opted_out = fields.Integer()
    unanswered = fields.Integer()
    answered = fields.Integer("Customers answered")
    answer_minutes = fields.Float(help="Until the first answer, added up.")

    @api.model
    def _recompute_page(self):
        """Count the replies of a page of touched runs; return whether there was any."""
        self.env.cr.execute(
            """
            DELETE FROM sms_run_touch WHERE run_id IN (
                SELECT DISTINCT run_id FROM sms_run_touch LIMIT %s)
            RETURNING run_id
            """,
            [PAGE],
        )
        run_ids = sorted({row[0] for row in self.env.cr.fetchall()})
        if run_ids:
            self._recompute(run_ids)
        return bool(run_ids)

    @api.model
    def _recompute(self, run_ids):
        """Replace the counters of some runs by what their replies say."""
        self.env["sms.message"].flush_model()
        self.env.cr.execute(
            "DELETE FROM sms_run_stat WHERE run_id = ANY(%s)", [run_ids]
        )
        names = ", ".join(FIGURES)
        self.env.cr.execute(
            f"INSERT INTO sms_run_stat (run_id, variant, {names}) {CUSTOMERS_SQL}",
            {"runs": run_ids},
        )
        self.invalidate_model()
