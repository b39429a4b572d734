from datetime import UTC, datetime

from odoo import api, fields, models

from ..tools import circuit, outcomes


class SmsProviderHealth(models.Model):
    """How a provider fares: a table of its own, so that calls never lock providers.

    One row per provider, written by jobs in short transactions of their own. Each
    begins with :meth:`_lock` or is one statement, so that a conflict with another
    worker shows before anything is done, and the whole is repeated.
    """

    _name = "sms.provider.health"
    _description = "SMS provider health"
    _rec_name = "provider_id"
    _log_access = False

    provider_id = fields.Many2one(
        "sms.provider", required=True, ondelete="cascade", index=True
    )
    suspended = fields.Boolean()
    suspended_at = fields.Datetime("Suspended since")
    suspended_reason = fields.Char()
    last_success = fields.Datetime()
    last_failure = fields.Datetime()
    last_failure_reason = fields.Char()
    replies_fetched_at = fields.Datetime()

    _one_per_provider = models.Constraint(
        "unique(provider_id)", "A provider has one health record."
    )

    @api.model
    def _clock(self):
        """Now, with fractions of a second: windows are shorter than people's."""
        return datetime.now(UTC).replace(tzinfo=None)

    @api.model
    def _lock(self, provider_id):
        """Return the provider's row, locked until the end of the transaction."""
        self.env.cr.execute(
            "SELECT id FROM sms_provider_health WHERE provider_id = %s"
            " FOR NO KEY UPDATE",
            [provider_id],
            # Callers repeat it: several batches come back at the same moment.
            log_exceptions=False,
        )
        health = self.browse(row[0] for row in self.env.cr.fetchall())
        health.invalidate_recordset()
        return health

    @api.model
    def _note_outcome(self, provider_id, outcome, failure=None, claim=None):
        """Record one call, outside the batch's transaction.

        :param failure: what went wrong, for people; None where nothing did
        :param claim: of the batch that was sent, where it is known
        """
        health = self._lock(provider_id)
        if not health:
            return
        now = self._clock()
        if failure is None:
            health.last_success = now
        else:
            health.write({"last_failure": now, "last_failure_reason": failure})
        health._note_limits(outcome, claim)
        health._note_circuit(outcome, failure, bool(claim and claim.probe))
        if isinstance(outcome, outcomes.NotAttempted) and outcome.suspends:
            health._suspend(provider_id, failure)
        elif circuit.is_success(outcome):
            health.limited_count = 0

    @api.model
    def _suspend(self, provider_id, reason):
        """Stop sending through a provider until a person resumes it."""
        health = self._lock(provider_id)
        if not health or health.suspended:
            return
        now = self._clock()
        health.write(
            {"suspended": True, "suspended_at": now, "suspended_reason": reason}
        )
        provider = health.provider_id
        self.env["sms.provider.incident"]._begin(provider, "suspended", reason)
        provider._after_suspended(reason)

    def _resume(self):
        """A person says that this account can send again: forget what held it."""
        for health in self:
            health._lock(health.provider_id.id)
            was_held = health.suspended or health.circuit_since
            health.write(
                {
                    "suspended": False,
                    "suspended_at": False,
                    "suspended_reason": False,
                    "blocked_until": False,
                    "limited_count": 0,
                    **health._closed_circuit(),
                }
            )
            self.env["sms.provider.incident"]._end(
                health.provider_id, person=self.env.user
            )
            if was_held:
                health.provider_id._after_resumed()
