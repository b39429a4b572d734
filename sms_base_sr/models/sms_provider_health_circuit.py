from datetime import timedelta

from odoo import fields, models

from ..tools import circuit


class SmsProviderHealth(models.Model):
    """The circuit breaker: a gateway that keeps failing is left alone for a while.

    Open, no batch calls but one probe now and then; its success wakes all the others.
    """

    _inherit = "sms.provider.health"

    failure_times = fields.Json(help="Seconds since the epoch of the last failures.")
    circuit_since = fields.Datetime("Calls are stopped since")
    circuit_reason = fields.Char()
    probe_at = fields.Datetime("Next probe")

    def _sends(self):
        """Whether batches may call as usual: in use, not suspended, circuit closed."""
        self.ensure_one()
        held = self.suspended or self.circuit_since
        return bool(self.provider_id.active and not held)

    def _probe_is_due(self):
        self.ensure_one()
        stopped = self.circuit_since and not self.suspended
        if not stopped or not self.provider_id.active:
            return False
        return not self.probe_at or self.probe_at <= self._clock()

    def _note_circuit(self, outcome, reason, probe):
        """Count a failure; success, and any other answer to a probe, closes."""
        if circuit.is_failure(outcome):
            self._count_failure(reason, probe)
        elif probe or circuit.is_success(outcome):
            self._close_circuit()

    def _count_failure(self, reason, probe):
        if self.circuit_since:
            # Calls that were out when it opened say nothing new.
            if probe:
                self._stay_open(reason)
            return
        provider = self.provider_id
        times = circuit.with_failure(
            self.failure_times,
            self._clock(),
            provider.circuit_within,
            provider.circuit_failures,
        )
        self.failure_times = times
        if len(times) >= provider.circuit_failures:
            self._open_circuit(reason)

    def _open_circuit(self, reason):
        now, provider = self._clock(), self.provider_id
        self.write(
            {
                "failure_times": False,
                "circuit_since": now,
                "circuit_reason": reason,
                "probe_at": now + timedelta(seconds=provider.circuit_probe),
            }
        )
        self.env["sms.provider.incident"]._begin(provider, "circuit", reason)
        provider._schedule_probe(self.probe_at)
        provider._after_circuit_opened(reason)

    def _stay_open(self, reason):
        """The probe has failed: another one after the next interval."""
        wait = timedelta(seconds=self.provider_id.circuit_probe)
        self.write({"circuit_reason": reason, "probe_at": self._clock() + wait})
        self.env["sms.provider.incident"]._again(self.provider_id, "circuit", reason)
        self.provider_id._schedule_probe(self.probe_at)

    def _close_circuit(self):
        was_open = bool(self.circuit_since)
        if was_open or self.failure_times:
            self.write(self._closed_circuit())
        if was_open:
            provider = self.provider_id
            self.env["sms.provider.incident"]._end(provider, "circuit", "takeover")
            provider._wake_batches_later()
            provider._after_circuit_closed()

    def _closed_circuit(self):
        return {
            "failure_times": False,
            "circuit_since": False,
            "circuit_reason": False,
            "probe_at": False,
        }
