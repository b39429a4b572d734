from odoo import fields, models
from odoo.tools import SQL

from .sms_message import REPLY_CLASSES


class SmsReplyReport(models.Model):
    """Replies by kind, campaign, day, and who answered how quickly.

    A view of the incoming messages, which are few: always true, nobody writes it.
    """

    _name = "sms.reply.report"
    _description = "SMS replies"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "reply_id"

    reply_id = fields.Many2one("sms.message", "Customer's reply", readonly=True)
    run_id = fields.Many2one("sms.run", "Campaign", readonly=True)
    date = fields.Datetime("Received on", readonly=True)
    reply_class = fields.Selection(REPLY_CLASSES, "Kind of reply", readonly=True)
    variant = fields.Selection([("a", "A"), ("b", "B")], "Text (A/B)", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    provider_id = fields.Many2one("sms.provider", readonly=True)
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    answered_by_id = fields.Many2one("res.users", "Answered by", readonly=True)
    answer_kind = fields.Selection(
        [
            ("sms", "Answered"),
            ("other", "Dealt with"),
            ("none", "No answer needed"),
            ("waiting", "Waiting"),
        ],
        "Settled",
        readonly=True,
    )
    n = fields.Integer("Replies", readonly=True)
    customers = fields.Integer(
        "Different numbers", readonly=True, aggregator="sum", help="Per campaign."
    )
    unanswered = fields.Integer(readonly=True)
    answer_minutes = fields.Float(
        "Minutes to the answer (average)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
    )
    longest_minutes = fields.Float(
        "Longest wait (minutes)", readonly=True, aggregator="max", digits=(16, 1)
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT m.id, m.id AS reply_id, m.run_id, m.sent_date AS date,
                m.reply_class, m.variant, m.company_id, m.provider_id, m.partner_id,
                m.user_id, m.answered_by_id,
                CASE WHEN m.needs_answer THEN 'waiting' ELSE m.answer_kind END
                    AS answer_kind,
                1 AS n,
                (NOT EXISTS (SELECT 1 FROM sms_message e
                    WHERE e.direction = 'incoming' AND e.run_id = m.run_id
                      AND e.phone = m.phone AND e.id < m.id))::int AS customers,
                COALESCE(m.needs_answer, FALSE)::int AS unanswered,
                CASE WHEN m.answer_kind IN ('sms', 'other') THEN w.minutes END
                    AS answer_minutes,
                CASE WHEN m.answer_kind IN ('sms', 'other') OR m.needs_answer
                    THEN w.minutes END AS longest_minutes
            FROM sms_message m, LATERAL (
                SELECT GREATEST(0, EXTRACT(EPOCH FROM COALESCE(m.answered_date,
                    now() AT TIME ZONE 'UTC') - m.sent_date) / 60)::float
                    AS minutes) w
            WHERE m.direction = 'incoming'
            """
        )

    def action_open(self):
        """Open the reply."""
        self.ensure_one()
        view = self.env.ref("sms_base_sr.sms_message_view_form_replies")
        return {
            "type": "ir.actions.act_window",
            "res_model": "sms.message",
            "views": [(view.id, "form")],
            "res_id": self.reply_id.id,
        }
