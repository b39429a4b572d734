from datetime import timedelta

from odoo import api, fields, models

from ..tools import outcomes, rate_window


class SmsProviderHealth(models.Model):
    """The rate limit: one window per account, in which all workers count.

    What the gateway's headers say corrects it. Workers never wait here: a batch that
    finds no call left comes back with one eta.
    """

    _inherit = "sms.provider.health"

    window_end = fields.Datetime("Period ends")
    used = fields.Integer("Calls used")
    rate_limit = fields.Integer(
        "Calls per period, as the gateway says", help="0: it has not said any."
    )
    rate_allowed = fields.Integer("Calls allowed", compute="_compute_rate_allowed")
    rate_remaining = fields.Integer("Calls left", compute="_compute_rate_remaining")
    blocked_until = fields.Datetime(
        "Break until", help="The gateway asked for a break (429)."
    )
    limited_count = fields.Integer("Refusals (429) in a row")

    @api.depends("rate_limit", "provider_id.rate_calls")
    def _compute_rate_allowed(self):
        for health in self:
            health.rate_allowed = rate_window.calls_allowed(
                health.provider_id.rate_calls, health.rate_limit
            )

    @api.depends("window_end", "used", "rate_allowed")
    def _compute_rate_remaining(self):
        now = self._clock()
        for health in self:
            used = 0 if health._window().is_over(now) else health.used
            health.rate_remaining = max(0, health.rate_allowed - used)

    def _window(self):
        self.ensure_one()
        return rate_window.Window(self.window_end or None, self.used)

    # -- before a call -----------------------------------------------------------------

    def _take_call(self, campaign):
        """Count one call by one statement; return ``call`` or ``probe``, else None.

        An open circuit lets one call pass when its probe is due: whoever pushes
        ``probe_at`` on makes it, and one that is killed is followed by the next.

        :param campaign: campaigns leave some calls to agents
        """
        self.ensure_one()
        provider, now = self.provider_id, self._clock()
        period = timedelta(seconds=provider.rate_period)
        self.env.cr.execute(
            """
            UPDATE sms_provider_health SET
                used = CASE WHEN window_end > %(now)s THEN used + 1 ELSE 1 END,
                window_end = CASE WHEN window_end > %(now)s
                    THEN window_end ELSE %(new_end)s END,
                probe_at = CASE WHEN circuit_since IS NULL
                    THEN probe_at ELSE %(next_probe)s END
            WHERE id = %(id)s AND suspended IS NOT TRUE
              AND (blocked_until IS NULL OR blocked_until <= %(now)s)
              AND (circuit_since IS NULL OR probe_at <= %(now)s)
              AND (window_end IS NULL OR window_end <= %(now)s OR used < %(ceiling)s)
            RETURNING circuit_since IS NOT NULL
            """,
            {
                "id": self.id,
                "now": now,
                "new_end": now + period + rate_window.MARGIN,
                "next_probe": now + timedelta(seconds=provider.circuit_probe),
                "ceiling": rate_window.ceiling(self.rate_allowed, campaign),
            },
            log_exceptions=False,
        )
        row = self.env.cr.fetchone()
        self.invalidate_recordset(flush=False)
        if not row:
            return None
        return "probe" if row[0] else "call"

    def _why_no_call(self, campaign):
        """The outcome of a call that :meth:`_take_call` did not allow."""
        self.ensure_one()
        if self.suspended:
            return self._held("suspended", self.suspended_reason or "")
        if self.circuit_since:
            return self._held("circuit_open", self.circuit_reason or "")
        moment = self._next_call_at(campaign) or self._clock()
        seconds = max(1.0, (moment - self._clock()).total_seconds())
        detail = self.env._("no call is left until %s (UTC)", round_up(moment))
        return self._held("rate_limited", detail, seconds)

    @api.model
    def _held(self, reason, detail, seconds=None):
        return outcomes.NotAttempted(
            reason, detail, seconds and round(seconds), called=False
        )

    def _next_call_at(self, campaign):
        """When this kind of batch may call again; None means now.

        Read without a lock: it saves claims that would come to nothing.
        """
        self.ensure_one()
        now = self._clock()
        moments = [self.blocked_until] if self.blocked_until else []
        full = self.used >= rate_window.ceiling(self.rate_allowed, campaign)
        if full and not self._window().is_over(now):
            moments.append(self.window_end)
        moment = max(moments, default=now)
        if moment <= now:
            return None
        chance = rate_window.spread(self.provider_id.rate_period) if campaign else 0
        return round_up(moment + timedelta(seconds=chance))

    # -- after a call ------------------------------------------------------------------

    def _note_limits(self, outcome, claim):
        """Believe the headers; after a 429 nobody calls for a while."""
        limits = rate_window.usable(outcome.limits)
        if limits.limit:
            self.rate_limit = limits.limit
        window = rate_window.corrected(
            self._window(),
            limits,
            setting=self.provider_id.rate_calls,
            said=self.rate_limit or None,
            now=self._clock(),
            period=self.provider_id.rate_period,
            overlapping=lambda: self._overlapping_calls(claim),
        )
        if window != self._window():
            self.write({"window_end": window.ends, "used": window.used})
        if getattr(outcome, "reason", "") == "rate_limited":
            self._block(outcome.retry_after, limits.reset)

    def _overlapping_calls(self, claim):
        """Other calls of this account that were out while this one was."""
        self.env.cr.execute(
            """
            SELECT count(*) FROM sms_batch_attempt other
            LEFT JOIN sms_batch_attempt mine ON mine.reference = %(mine)s
            WHERE other.provider_id = %(provider)s
              AND other.reference IS DISTINCT FROM %(mine)s
              AND other.deadline > %(now)s
              AND (other.ended_at IS NULL OR other.ended_at >= mine.started_at)
            """,
            {
                "mine": claim and claim.reference,
                "provider": self.provider_id.id,
                "now": self._clock(),
            },
        )
        return self.env.cr.fetchone()[0]

    def _block(self, retry_after, reset):
        """Keep all workers from calling; refusals at the same time count once."""
        now = self._clock()
        if not self.blocked_until or self.blocked_until <= now:
            self.limited_count += 1
        period = self.provider_id.rate_period
        seconds = rate_window.seconds_blocked(
            retry_after, reset, period, max(1, self.limited_count)
        )
        until = now + timedelta(seconds=seconds)
        self.blocked_until = max(until, self.blocked_until or until)
        self.env["sms.provider.incident"]._note_limited(
            self.provider_id, self.blocked_until
        )


def round_up(moment):
    """The next full second, for what is shown and for etas."""
    return moment.replace(microsecond=0) + timedelta(seconds=moment.microsecond > 0)
