from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from .sms_batch_stat import FAILED_SQL

FIGURES = ("sent", "delivered", "failed", "replies")


class SmsBatch(models.Model):
    """A day's batches are found without reading those of a year."""

    _inherit = "sms.batch"

    _sent_day = models.Index("(company_id, sent_date) WHERE sent_date IS NOT NULL")


class SmsWatch(models.Model):
    """Today's figures for the overview, beside the same weekday of last week.

    Sums of counters and a count by index: no message that was sent is read for it.
    """

    _inherit = "sms.watch"

    @api.model
    def _overview_today(self):
        """Today up to now, and the same hours a week ago."""
        now = fields.Datetime.now()
        start = self._start_of_day(now)
        day, week = timedelta(days=1), timedelta(days=7)
        return {
            "since": fields.Datetime.to_string(start),
            "now": self._figures_between(start, start + day),
            "before": self._figures_between(start - week, now - week),
        }

    @api.model
    def _start_of_day(self, moment):
        """Midnight of whoever looks, in UTC."""
        local = fields.Datetime.context_timestamp(self, moment)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return moment - (local - midnight)

    @api.model
    def _figures_between(self, start, end):
        """Figures of the companies chosen: what left in these hours, what came in."""
        period = {"companies": self.env.companies.ids, "start": start, "end": end}
        figures = dict.fromkeys(FIGURES, 0)
        costs = {}
        for currency_id, sent, delivered, failed, cost in self._sent_between(period):
            figures["sent"] += sent
            figures["delivered"] += delivered
            figures["failed"] += failed
            costs[currency_id] = costs.get(currency_id, 0) + cost
        figures["replies"] = self._replies_between(period)
        return {**figures, "cost": self._money(costs)}

    @api.model
    def _sent_between(self, period):
        """Rows of currency, sent, delivered, not delivered and cost."""
        self.env.flush_all()
        self.env.cr.execute(
            f"""
            SELECT c.currency_id,
                sum(CASE WHEN s.attempt = 'again' AND s.segments > 0 THEN s.n
                    ELSE s.accepted END),
                COALESCE(sum(s.n) FILTER (WHERE s.state = 'delivered'), 0),
                sum({FAILED_SQL}),
                sum(s.cost)
            FROM sms_batch b
            JOIN sms_batch_stat s ON s.batch_id = b.id
            JOIN res_company c ON c.id = b.company_id
            WHERE b.company_id = ANY(%(companies)s)
              AND b.sent_date >= %(start)s AND b.sent_date < %(end)s
            GROUP BY c.currency_id
            """,
            period,
        )
        return self.env.cr.fetchall()

    @api.model
    def _replies_between(self, period):
        self.env.cr.execute(
            """
            SELECT count(*) FROM sms_message
            WHERE direction = 'incoming' AND company_id = ANY(%(companies)s)
              AND sent_date >= %(start)s AND sent_date < %(end)s
            """,
            period,
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _money(self, costs):
        """Amounts as people write them; companies may count in several currencies."""
        currencies = self.env["res.currency"].browse(costs)
        texts = [formatLang(self.env, costs[c.id], currency_obj=c) for c in currencies]
        own = self.env.company.currency_id
        return " + ".join(texts) or formatLang(self.env, 0.0, currency_obj=own)
