from odoo import fields, models
from odoo.tools import SQL

from ..tools import failures
from .sms_batch_stat import FAILED_SQL
from .sms_message import STATES
from .sms_run import MESSAGE_CLASSES


class SmsReport(models.Model):
    """SMS by campaign, day, state, reason, account and person; nobody writes it.

    A view of the counters, so that a year of campaigns is grouped in milliseconds:
    a line is a batch's messages of one state and reason. Contacts who were left out
    are in no batch: their run knows how many there are for each reason.
    """

    _name = "sms.report"
    _description = "SMS figures"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "run_id"

    run_id = fields.Many2one("sms.run", "Campaign", readonly=True)
    date = fields.Datetime("Day", readonly=True, help="Sent, or else planned, on.")
    state = fields.Selection(STATES, readonly=True)
    failure_type = fields.Selection(failures.FAILURES, "Reason", readonly=True)
    variant = fields.Selection([("a", "A"), ("b", "B")], "Text (A/B)", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    provider_id = fields.Many2one("sms.provider", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    message_class = fields.Selection(MESSAGE_CLASSES, readonly=True)
    n = fields.Integer("Messages", readonly=True)
    accepted = fields.Integer("Sent", readonly=True)
    delivered = fields.Integer(readonly=True)
    failed = fields.Integer("Not delivered", readonly=True)
    excluded = fields.Integer("Left out", readonly=True)
    segments = fields.Integer(readonly=True)
    cost = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT l.id, l.run_id, l.date, l.state, l.failure_type, l.variant,
                l.company_id, l.provider_id, l.user_id, l.message_class,
                l.n, l.accepted, l.segments, l.cost,
                CASE WHEN l.state = 'delivered' THEN l.n ELSE 0 END AS delivered,
                l.failed,
                CASE WHEN l.attempt IS NULL
                    AND l.state IN ('error', 'expired', 'rejected', 'canceled')
                    THEN l.n - l.accepted ELSE 0 END AS excluded
            FROM (%(counted)s UNION ALL %(planned)s UNION ALL %(left_out)s) l
            """,
            counted=self._counted_query(),
            planned=self._planned_query(),
            left_out=self._left_out_query(),
        )

    def _counted_query(self):
        """What the counters say; who sent a single SMS stands on that SMS."""
        return SQL(
            """
            SELECT 4 * s.id::bigint AS id, b.run_id,
                COALESCE(b.sent_date, r.planned_at, b.create_date) AS date,
                s.state, s.failure_type, s.variant, b.company_id, b.provider_id,
                CASE WHEN b.run_id IS NULL THEN (
                    SELECT m.user_id FROM sms_message m
                    WHERE m.batch_id = b.id LIMIT 1)
                ELSE r.user_id END AS user_id,
                b.message_class, s.n, s.accepted, s.segments, s.cost,
                s.attempt, %(failed)s AS failed
            FROM sms_batch_stat s JOIN sms_batch b ON b.id = s.batch_id
            LEFT JOIN sms_run r ON r.id = b.run_id
            """,
            failed=SQL(FAILED_SQL),
        )

    def _planned_query(self):
        """Batches of which nothing has changed since they were planned."""
        return SQL(
            """
            SELECT 4 * b.id::bigint + 1, b.run_id,
                COALESCE(r.planned_at, b.create_date),
                CASE WHEN b.state = 'canceled' THEN 'canceled' ELSE 'draft' END,
                CASE WHEN b.state = 'canceled' THEN 'campaign_canceled' END, NULL,
                b.company_id, b.provider_id, r.user_id, b.message_class,
                b.message_count, 0, 0, 0,
                CASE WHEN b.second_attempt THEN 'again' END, 0
            FROM sms_batch b JOIN sms_run r ON r.id = b.run_id
            WHERE b.state NOT IN ('sent', 'failed') AND NOT EXISTS (
                SELECT 1 FROM sms_batch_stat s WHERE s.batch_id = b.id)
            """
        )

    def _left_out_query(self):
        """Contacts to whom nothing is sent: 256 reasons are more than there are."""
        return SQL(
            """
            SELECT 4 * (r.id::bigint * 256 + e.rank) + 2, r.id,
                COALESCE(r.planned_at, r.create_date), 'canceled', e.reason, NULL,
                r.company_id, r.provider_id, r.user_id, r.message_class,
                e.n::integer, 0, 0, 0, NULL, 0
            FROM sms_run r, LATERAL (
                SELECT key AS reason, value AS n,
                    row_number() OVER (ORDER BY key) AS rank
                FROM jsonb_each_text(CASE jsonb_typeof(r.excluded_counts)
                    WHEN 'object' THEN r.excluded_counts ELSE '{}' END)) e
            """
        )

    def action_open(self):
        """Open the messages of this line."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sms_base_sr.sms_message_action"
        )
        names = ("run_id", "state", "failure_type", "provider_id", "variant")
        company = ("company_id", "=", self.company_id.id)
        domain = [("direction", "=", "outgoing"), company]
        for name in names:
            value = self[name]
            value = value.id if isinstance(value, models.BaseModel) else value
            domain.append((name, "=", value))
        return {**action, "domain": domain, "context": {}}
