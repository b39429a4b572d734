from datetime import timedelta

from odoo import fields, models

# Long enough to even out the gateway's limits, short enough to follow a change.
WINDOW = timedelta(minutes=5)
# After less than this a rate would be made of one batch or none.
LEAST_SECONDS = 5


class SmsRun(models.Model):
    """How fast a run is sent right now, and when that will have sent it all."""

    _inherit = "sms.run"

    def _read_pace(self, summary):
        """Return SMS per minute and the expected end; None while nothing leaves."""
        if self.state not in ("planning", "sending"):
            return None
        sent, now = self._sent_lately(), fields.Datetime.now()
        since = max(self.started_at or now, now - WINDOW)
        seconds = max((now - since).total_seconds(), LEAST_SECONDS)
        if not sent:
            return None
        per_minute = 60 * sent / seconds
        left = summary["not_started"] + summary["in_call"]
        # While it is planned nobody knows how many there will be; and what waits for
        # its hours ends when they have opened, whatever the rate is now.
        known = self.state == "sending" and left and not summary["waits"]
        end = known and now + timedelta(minutes=left / per_minute)
        return {
            "per_minute": round(per_minute, 1),
            "end": fields.Datetime.to_string(end) if end else None,
        }

    def _sent_lately(self):
        """Messages of batches that the gateway took within the window."""
        self.env.cr.execute(
            """
            SELECT COALESCE(sum(message_count), 0) FROM sms_batch
            WHERE run_id = %s AND sent_date > now() AT TIME ZONE 'UTC' - %s
            """,
            [self.id, WINDOW],
        )
        return self.env.cr.fetchone()[0]
