from odoo import fields, models

from odoo.addons.queue_job_config.tools import capacity

from ..tools import duration, rate_window

# Seconds that a call takes, where the account has made none yet.
USUAL_CALL = 2.0
CALLS_LOOKED_AT = 20


class SmsRun(models.Model):
    """When a planned run will have been sent: rate, speed of the gateway, hours."""

    _inherit = "sms.run"

    def _review_forecast(self):
        """Return the expected seconds, and who waits for the hours and until when."""
        self.ensure_one()
        return {
            "seconds": round(self._expected_seconds()),
            "speed": self.provider_id.rate_sentence,
            "waiting": self._waiting_for_hours(),
        }

    def _batches_to_start(self):
        waiting = [("run_id", "=", self.id), ("state", "in", ("draft", "queued"))]
        return self.env["sms.batch"].search(waiting)

    def _expected_seconds(self):
        """Seconds of calls, sending hours not counted."""
        provider = self.provider_id
        # sudo: health is the engine's; of it a duration alone is told.
        allowed = provider.sudo().health_id.rate_allowed
        return duration.expected_seconds(
            calls=len(self._batches_to_start()),
            allowed=rate_window.ceiling(allowed, campaign=True),
            period=provider.rate_period,
            per_call=self._seconds_per_call(),
            at_once=capacity.SMS_CAPACITIES[capacity.CAMPAIGN],
        )

    def _seconds_per_call(self):
        """How long the account's last accepted calls took."""
        self.env["sms.batch.attempt"].flush_model()
        self.env.cr.execute(
            """
            SELECT avg(extract(epoch FROM ended_at - started_at)) FROM (
                SELECT started_at, ended_at FROM sms_batch_attempt
                WHERE provider_id = %s AND outcome = 'accepted'
                ORDER BY id DESC LIMIT %s) last
            """,
            [self.provider_id.id, CALLS_LOOKED_AT],
        )
        return max(0.1, float(self.env.cr.fetchone()[0] or USUAL_CALL))

    def _waiting_for_hours(self):
        """How many SMS would wait for their recipients' hours, by moment."""
        start = max(fields.Datetime.now(), self.date_start or fields.Datetime.now())
        waiting = {}
        for batches in self._batches_to_start().grouped("zone").values():
            opens = batches[0]._hours_open_at(start)
            if opens:
                count = sum(batches.mapped("message_count"))
                waiting[opens] = waiting.get(opens, 0) + count
        return [
            {"until": fields.Datetime.to_string(moment), "count": count}
            for moment, count in sorted(waiting.items())
        ]
