"""Campaigns whose account has a small limit, or a circuit that opens soon."""

from datetime import timedelta

from odoo import fields

from odoo.addons.sms_base_sr.tools.outcomes import NotAttempted

from .campaign_case import CampaignCase


class LimitCase(CampaignCase):
    """A provider that allows ten calls in a minute."""

    def setUp(self):
        super().setUp()
        self.provider.write({"rate_calls": 10, "rate_period": 60})
        self.health = self.provider.health_id

    def use(self, calls, seconds=30):
        """Let so many calls of the present period be used."""
        self.health.write(
            {
                "used": calls,
                "window_end": fields.Datetime.now() + timedelta(seconds=seconds),
            }
        )
        self.env.flush_all()

    def single(self):
        """A message that an agent sends; return its batch."""
        message = self.new_message()
        message.action_send()
        return message.batch_id

    def seconds_until(self, moment):
        return (moment - fields.Datetime.now()).total_seconds()


class CircuitCase(CampaignCase):
    """A provider whose circuit opens after three failures in a minute."""

    def setUp(self):
        super().setUp()
        self.provider.circuit_failures = 3
        self.health = self.provider.health_id

    def note(self, outcome, times=1):
        """Let calls of other batches end so."""
        for _call in range(times):
            self.health._note_outcome(self.provider.id, outcome, "it says why")
        self.env.flush_all()

    def open_circuit(self):
        self.note(NotAttempted("connection"), 3)
        self.assertEqual(self.provider.health_state, "stopped")
        self.env.invalidate_all()

    def new_batch(self, count=1, **values):
        """A queued batch without a job, as ended ones leave it."""
        self.campaign.recipients.clear()
        batch = self.queued_batch(count, **values)
        self.send_jobs(batch).unlink()
        return batch

    def run_probe_job(self):
        """Let the probe's time come and its job run."""
        self.pass_time(61)
        jobs = self.pending_jobs("_start_probe")
        jobs.eta = False
        self.run_jobs("_start_probe")
