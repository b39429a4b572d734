from odoo import api, models
from odoo.tools.misc import formatLang

from .sms_batch_stat import ATTEMPT_SQL, ONLY_ATTEMPT_SQL


class SmsRun(models.Model):
    """The figures behind a run's summary: counters, and live counts where they lag.

    A batch's counters come a second or two after its call. *Pause* and *Cancel* must
    tell exactly what has left, so the few batches that are not counted yet are counted
    here; a million messages are never read for it.
    """

    _inherit = "sms.run"

    def _read_figures(self):
        """Return rows of this run, added up: the batches' state, then the counters'.

        Three sources: counted batches; accepted ones that the counters have not seen;
        and planned ones of which no message has changed since. The batch of what was
        accepted is not looked up: its state says nothing more, and there are thousands.
        """
        self.env.flush_all()
        again = self._has_second_attempts()
        attempt_sql = ATTEMPT_SQL if again else ONLY_ATTEMPT_SQL
        self.env.cr.execute(
            f"""
            WITH live AS (
                SELECT b.id FROM sms_batch b
                WHERE b.run_id = %(run)s AND b.state != 'draft'
                  AND EXISTS (SELECT 1 FROM sms_batch_touch t WHERE t.batch_id = b.id)
                  AND NOT EXISTS (SELECT 1 FROM sms_batch_stat s
                                  WHERE s.batch_id = b.id AND s.accepted > 0)
            ), figures AS (
                SELECT CASE WHEN s.n = s.accepted THEN 'sent' ELSE (
                           SELECT CASE WHEN b.try_again THEN 'again' ELSE b.state END
                           FROM sms_batch b WHERE b.id = s.batch_id) END AS place,
                       s.attempt, s.state, s.failure_type, s.n, s.accepted,
                       s.segments, s.cost
                FROM sms_batch_stat s
                WHERE s.run_id = %(run)s AND s.batch_id NOT IN (SELECT id FROM live)
                UNION ALL
                SELECT CASE WHEN b.try_again THEN 'again' ELSE b.state END,
                       a.attempt, m.state, m.failure_type,
                       (a.attempt IS NULL OR a.attempt = 'again')::int,
                       (m.sent_date IS NOT NULL
                        AND b.second_attempt IS NOT TRUE)::int,
                       CASE WHEN m.sent_date IS NULL THEN 0 ELSE m.sms_count END,
                       CASE WHEN m.sent_date IS NULL THEN 0 ELSE m.cost END
                FROM sms_message m JOIN sms_batch b ON b.id = m.batch_id,
                    LATERAL (SELECT {attempt_sql} AS attempt) a
                WHERE m.batch_id IN (SELECT id FROM live)
                  AND NOT (b.retried_by_id IS NOT NULL AND m.state = 'error'
                    AND m.failure_type = 'not_attempted' AND m.sent_date IS NULL)
                UNION ALL
                SELECT CASE WHEN b.try_again THEN 'again' ELSE b.state END,
                       CASE WHEN b.second_attempt THEN 'again' END,
                       'planned', NULL, b.message_count, 0, 0, 0
                FROM sms_batch b
                WHERE b.run_id = %(run)s AND b.id NOT IN (SELECT id FROM live)
                  AND b.state NOT IN ('sent', 'failed')
                  AND NOT EXISTS (SELECT 1 FROM sms_batch_stat s
                                  WHERE s.batch_id = b.id)
            )
            SELECT place, attempt, state, failure_type, sum(n), sum(accepted),
                   sum(segments), sum(cost)
            FROM figures GROUP BY place, attempt, state, failure_type
            """,
            {"run": self.id},
        )
        return self.env.cr.fetchall()

    def _notify_counts(self, title):
        """Tell the person who pressed what has left, what has not, and what may have.

        The figures are read from the ledger, so they are the same after a restart.
        """
        counts = dict.fromkeys(("sent", "not_started", "in_call", "unknown"), 0)
        canceled = 0
        for run in self:
            summary = run._read_summary()
            canceled += summary["excluded"].get("campaign_canceled", 0)
            for name in counts:
                counts[name] += summary[name]
        counts["not_started"] += canceled
        told = {name: self._formatted(count) for name, count in counts.items()}
        lines = [
            self.env._("%s accepted by the gateway", told["sent"]),
            self.env._("%s not started", told["not_started"]),
        ]
        if counts["in_call"]:
            lines.append(self.env._("%s in their call right now", told["in_call"]))
        lines.append(self.env._("%s unknown", told["unknown"]))
        return self._notify(" · ".join(lines), title)

    @api.model
    def _formatted(self, count):
        """A number as people of this language write it."""
        return formatLang(self.env, count, digits=0)

    def _notify(self, message, title=None):
        """Return a notification that works from any form, which then shows it all."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": title or ", ".join(self.mapped("name")),
                "message": message,
                "sticky": bool(title),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
