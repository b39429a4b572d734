from odoo import api, fields, models

from ..tools.states import FINAL_STATES


class SmsRun(models.Model):
    """What forms, dashboards and programs read of a run: sums of counters."""

    _inherit = "sms.run"

    summary = fields.Json(compute="_compute_summary")
    sent_count = fields.Integer("Sent", compute="_compute_summary")
    delivered_count = fields.Integer("Delivered", compute="_compute_summary")
    failed_count = fields.Integer("Failed", compute="_compute_summary")
    replied_count = fields.Integer("Replied", compute="_compute_summary")
    excluded_count = fields.Integer("Left out", compute="_compute_summary")
    total_cost = fields.Float("Cost", compute="_compute_summary", digits=(16, 4))

    @api.depends("state", "planned_count", "recipient_count", "excluded_counts")
    def _compute_summary(self):
        for run in self:
            summary = run._read_summary()
            run.summary = summary
            run.sent_count = summary["sent"]
            run.delivered_count = summary["delivered"]
            run.failed_count = summary["failed"]
            run.replied_count = summary["replied"]
            run.excluded_count = sum(summary["excluded"].values())
            run.total_cost = summary["cost"]

    def _read_summary(self):
        """Return the figures of this run.

        ``sent`` counts what the gateway ever accepted and never falls; ``excluded``
        holds everybody else, by reason: ours, the gateway's, and *not attempted*
        where it could not be reached. So recipients = sent + excluded + open.
        """
        self.ensure_one()
        summary = {
            "state": self.state,
            "recipients": self.recipient_count,
            "planned": self.planned_count,
            "excluded": dict(self.excluded_counts or {}),
            "planned_segments": self.planned_segments,
            "planned_cost": round(self.planned_cost, 2),
            "sent": 0,
            "delivered": 0,
            "failed": 0,
            "failed_by_reason": {},
            "open": 0,
            "unknown": self._unknown_count(),
            "replied": self._replied_count(),
            "replies": self._reply_count(),
            "segments": 0,
            "cost": 0.0,
        }
        for row in self._read_counters():
            self._add_counter(summary, *row)
        summary["cost"] = round(summary["cost"], 2)
        return summary

    def _read_counters(self):
        self.env.cr.execute(
            """
            SELECT state, failure_type, sum(n), sum(accepted), sum(segments), sum(cost)
            FROM sms_batch_stat WHERE run_id = %s GROUP BY state, failure_type
            """,
            [self.id],
        )
        return self.env.cr.fetchall()

    def _add_counter(self, summary, state, failure, n, accepted, segments, cost):
        summary["sent"] += accepted
        summary["segments"] += segments
        summary["cost"] += cost
        refused = n - accepted if state in FINAL_STATES else 0
        if refused:
            reason = failure or "unknown"
            excluded = summary["excluded"]
            excluded[reason] = excluded.get(reason, 0) + refused
        if state == "delivered":
            summary["delivered"] += n
        elif state in ("error", "expired", "rejected"):
            failed = n - refused
            summary["failed"] += failed
            if failed:
                reasons = summary["failed_by_reason"]
                reason = failure or state
                reasons[reason] = reasons.get(reason, 0) + failed
        elif state in ("draft", "outgoing", "sent"):
            summary["open"] += n

    def _replied_count(self):
        """Distinct customers who replied: one who writes twice counts once."""
        self.env.cr.execute(
            "SELECT count(DISTINCT phone) FROM sms_message"
            " WHERE run_id = %s AND direction = 'incoming'",
            [self.id],
        )
        return self.env.cr.fetchone()[0]

    def _reply_count(self):
        self.env.cr.execute(
            "SELECT count(*) FROM sms_message"
            " WHERE run_id = %s AND direction = 'incoming'",
            [self.id],
        )
        return self.env.cr.fetchone()[0]

    def _unknown_count(self):
        self.env.cr.execute(
            "SELECT COALESCE(sum(message_count), 0) FROM sms_batch"
            " WHERE run_id = %s AND state = 'unknown'",
            [self.id],
        )
        return self.env.cr.fetchone()[0]
