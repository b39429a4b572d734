from datetime import timedelta

from odoo import fields

from odoo.addons.sms_base_sr.tools.inbound import StatusItem
from odoo.addons.sms_base_sr.tools.outcomes import QueryAnswer, Unknown

from .campaign_case import CampaignCase


class RecoveryCase(CampaignCase):
    """Batches whose call was made and whose answer is missing."""

    def unknown_batch(self, count=3):
        """A batch whose call ended in a timeout, and can no longer be out."""
        batch = self.queued_batch(count)
        self.gateway.answers = [Unknown("timeout")]
        self.run_batch(batch)
        self.let_pass(batch, 200)
        return batch

    def let_pass(self, batch, seconds):
        """Make all that happened to a batch older, as if time had passed."""
        past = timedelta(seconds=seconds)
        for record in [batch, *batch.attempt_ids]:
            for name in ("ask_at", "attempt_deadline", "deadline", "not_found_at"):
                if name in record and record[name]:
                    record[name] -= past

    def listing(self, messages, state="sent"):
        """A gateway's answer that knows these messages."""
        items = tuple(
            StatusItem(
                message_id=f"gw-{m.reference}", reference=m.reference, state=state
            )
            for m in messages
        )
        return QueryAnswer(True, "req-found", items)

    def recover(self, batch):
        """Let the sweeper wake the batch and run its job."""
        self.env.flush_all()
        self.env["sms.batch"]._sweep()
        return self.run_job(self.recovery_jobs(batch))

    def recovery_jobs(self, batch):
        """Jobs that wait to ask about a batch."""
        return self.pending_jobs("_recover").filtered(lambda j: j.records == batch)

    def recover_after(self, batch, seconds):
        """As :meth:`recover`, when some time has passed."""
        self.let_pass(batch, seconds)
        batch.ask_at = fields.Datetime.now()
        return self.recover(batch)
