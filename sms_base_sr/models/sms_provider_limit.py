from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..tools import rate_window


class SmsProvider(models.Model):
    """The settings of the rate limit, and what they come to in words."""

    _inherit = "sms.provider"

    rate_calls = fields.Integer(
        "Calls per period",
        default=500,
        help="At most so many calls are made in a period, by all servers together. "
        "Where the gateway names a lower limit, that one counts. One call in twenty "
        "is left to single SMS, which overtake campaigns.",
    )
    rate_period = fields.Integer("Period (s)", default=60)
    rate_sentence = fields.Char("Speed", compute="_compute_rate_sentence")
    rate_allowed = fields.Integer(related="health_id.rate_allowed")
    rate_remaining = fields.Integer(related="health_id.rate_remaining")
    rate_low = fields.Boolean(compute="_compute_rate_low")
    rate_calls_sentence = fields.Char("Calls left now", compute="_compute_rate_low")

    _rate_calls_positive = models.Constraint(
        "CHECK (rate_calls >= 1)", "At least one call per period must be allowed."
    )
    _rate_period_range = models.Constraint(
        "CHECK (rate_period BETWEEN 1 AND 3600)",
        "The period of the rate limit must lie between 1 and 3,600 seconds.",
    )

    @api.depends(
        "rate_calls",
        "rate_period",
        "batch_size",
        "provider_type",
        "health_id.rate_limit",
    )
    def _compute_rate_sentence(self):
        for provider in self:
            said = provider.health_id.rate_limit
            calls = rate_window.calls_allowed(provider.rate_calls, said)
            period = max(1, provider.rate_period)
            size = provider._batch_limit()
            speed = calls * size * 60 // period
            provider.rate_sentence = self.env._(
                "Up to %(speed)s messages per minute: %(calls)s calls in %(period)s "
                "seconds, with up to %(size)s messages each.",
                speed=self._whole(speed),
                calls=self._whole(calls),
                period=self._whole(period),
                size=self._whole(size),
            )

    @api.depends("rate_remaining", "rate_allowed")
    def _compute_rate_low(self):
        for provider in self:
            left, allowed = provider.rate_remaining, provider.rate_allowed
            provider.rate_low = rate_window.is_low(left, allowed)
            provider.rate_calls_sentence = self.env._(
                "%(left)s of %(allowed)s in this period",
                left=self._whole(left),
                allowed=self._whole(allowed),
            )

    def _whole(self, number):
        return formatLang(self.env, number, digits=0)
