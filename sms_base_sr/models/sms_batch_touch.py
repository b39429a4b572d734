from odoo import api, fields, models


class SmsBatchTouch(models.Model):
    """*This batch has changed*: appended by everybody, emptied by the counters' job.

    Appending never conflicts, where a flag on the batch would. The engine writes it.
    """

    _name = "sms.batch.touch"
    _description = "SMS batch to be counted again"
    _log_access = False

    batch_id = fields.Many2one("sms.batch", required=True, ondelete="cascade")

    @api.model
    def _touch(self, batch_ids):
        """Have the counters of these batches computed again soon."""
        if self._append(batch_ids):
            self.env["sms.batch.stat"]._wake_up()

    @api.model
    def _append(self, batch_ids):
        """Note the batches for a job that counts in its end; return whether any."""
        batch_ids = sorted({batch_id for batch_id in batch_ids if batch_id})
        if batch_ids:
            self.env.cr.execute(
                "INSERT INTO sms_batch_touch (batch_id) SELECT unnest(%s)", [batch_ids]
            )
        return bool(batch_ids)
