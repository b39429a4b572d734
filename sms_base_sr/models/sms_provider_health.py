from odoo import fields, models


class SmsProviderHealth(models.Model):
    """How a provider fares: a table of its own, so that calls never lock providers.

    One row per provider, written by jobs in short transactions of their own.
    """

    _name = "sms.provider.health"
    _description = "SMS provider health"
    _rec_name = "provider_id"
    _log_access = False

    provider_id = fields.Many2one(
        "sms.provider", required=True, ondelete="cascade", index=True
    )
    suspended = fields.Boolean()
    suspended_reason = fields.Char()
    last_success = fields.Datetime()
    last_failure = fields.Datetime()
    last_failure_reason = fields.Char()
    replies_fetched_at = fields.Datetime()
    rate_limit = fields.Integer("Calls per period")
    rate_remaining = fields.Integer("Calls left")

    _one_per_provider = models.Constraint(
        "unique(provider_id)", "A provider has one health record."
    )

    def _note_outcome(self, provider_id, outcome, failure=None):
        """Record one call by a single statement, outside the batch's transaction."""
        limits = outcome.limits
        self.env.cr.execute(
            """
            UPDATE sms_provider_health SET
                last_success = CASE WHEN %(failure)s IS NULL
                    THEN now() AT TIME ZONE 'UTC' ELSE last_success END,
                last_failure = CASE WHEN %(failure)s IS NULL
                    THEN last_failure ELSE now() AT TIME ZONE 'UTC' END,
                last_failure_reason = COALESCE(%(failure)s, last_failure_reason),
                rate_limit = COALESCE(%(limit)s, rate_limit),
                rate_remaining = COALESCE(%(remaining)s, rate_remaining)
            WHERE provider_id = %(provider)s
            """,
            {
                "provider": provider_id,
                "failure": failure,
                "limit": limits and limits.limit,
                "remaining": limits and limits.remaining,
            },
            # Callers repeat it: several batches come back at the same moment.
            log_exceptions=False,
        )

    def _suspend(self, provider_id, reason):
        """Stop sending through a provider until a person resumes it."""
        self.env.cr.execute(
            """
            UPDATE sms_provider_health SET suspended = TRUE, suspended_reason = %s
            WHERE provider_id = %s AND suspended IS NOT TRUE
            """,
            [reason, provider_id],
            log_exceptions=False,
        )

    def _resume(self):
        self.write({"suspended": False, "suspended_reason": False})
