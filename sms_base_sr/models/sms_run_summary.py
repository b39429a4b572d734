from odoo import api, fields, models

from ..tools.states import FINAL_STATES

OPEN_STATES = ("draft", "outgoing", "sent")
# Where a message is that was not accepted; in any other batch nobody knows.
PLACES = {"draft": "not_started", "queued": "not_started", "sending": "in_call"}


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
        holds who was left out or refused, by reason: ours, the gateway's, and *not
        attempted* where it could not be reached; the others have not started, are in
        their call right now, or nobody knows (yet) whether they were accepted. So
        recipients = sent + excluded + not_started + in_call + unknown, at any moment.
        ``open`` is everything whose last state is still to come, accepted or not.
        ``trying_again`` are those of ``sent`` whose next attempt is on its way.
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
            "not_started": 0,
            "in_call": 0,
            "unknown": 0,
            "trying_again": 0,
            "retriable": self._count_retriable().get(self.id, 0),
            "replied": 0,
            "replies": 0,
            "segments": 0,
            "cost": 0.0,
        }
        for batch_state, attempt, *row in self._read_figures():
            if attempt:
                self._add_attempt(summary, batch_state, attempt, *row)
            else:
                self._add_counter(summary, batch_state, *row)
        summary["cost"] = round(summary["cost"], 2)
        return summary

    def _add_counter(
        self, summary, batch_state, state, failure, n, accepted, segments, cost
    ):
        """Add one row of figures; all in it have the same state and reason."""
        summary["sent"] += accepted
        summary["segments"] += segments
        summary["cost"] += cost
        if n > accepted:
            self._add_not_accepted(summary, batch_state, state, failure, n - accepted)
        if state == "delivered":
            summary["delivered"] += n
        elif state in ("error", "expired", "rejected") and accepted:
            summary["failed"] += accepted
            reasons = summary["failed_by_reason"]
            reason = failure or state
            reasons[reason] = reasons.get(reason, 0) + accepted
        elif state in OPEN_STATES and batch_state != "canceled":
            summary["open"] += n

    def _add_not_accepted(self, summary, batch_state, state, failure, n):
        """Say where messages are that the gateway has not accepted."""
        if batch_state == "again" and failure == "not_attempted":
            # Somebody has pressed *Try again*: its new batch is about to be made.
            summary["not_started"] += n
        elif state in FINAL_STATES:
            self._exclude(summary, failure or "unknown", n)
        elif batch_state == "canceled":
            # Marked one by one in the background: it is certain from now on.
            self._exclude(summary, "campaign_canceled", n)
        else:
            summary[PLACES.get(batch_state, "unknown")] += n

    def _add_attempt(
        self, summary, batch_state, attempt, state, failure, n, accepted, segments, cost
    ):
        """Add one row of those that were tried more than once.

        The gateway had accepted them before: they stay among the sent ones, and the
        last attempt says whether they arrived.
        """
        summary["sent"] += accepted
        summary["segments"] += segments
        summary["cost"] += cost
        if attempt != "again":
            return
        if state == "delivered":
            summary["delivered"] += n
        elif state in FINAL_STATES or batch_state == "canceled":
            summary["failed"] += n
            reasons = summary["failed_by_reason"]
            # Cancelled ones are marked in the background.
            last = state if state in FINAL_STATES else "campaign_canceled"
            reason = failure or last
            reasons[reason] = reasons.get(reason, 0) + n
        else:
            summary["trying_again"] += n
            summary["open"] += n

    def _exclude(self, summary, reason, n):
        excluded = summary["excluded"]
        excluded[reason] = excluded.get(reason, 0) + n
