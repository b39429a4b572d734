from odoo import api, models


class SmsBatchStat(models.Model):
    """What became of one attempt changes how the others are counted."""

    _inherit = "sms.batch.stat"

    @api.model
    def _recompute(self, batch_ids):
        later = self._second_attempts_beside(batch_ids)
        return super()._recompute(sorted({*batch_ids, *later}))

    @api.model
    def _second_attempts_beside(self, batch_ids):
        """Batches of later attempts of the runs whose first ones have changed."""
        self.env["sms.batch"].flush_model()
        self.env.cr.execute(
            """
            SELECT id FROM sms_batch WHERE second_attempt AND run_id IN (
                SELECT run_id FROM sms_batch WHERE id = ANY(%s) AND tried_again)
            """,
            [batch_ids],
        )
        return [row[0] for row in self.env.cr.fetchall()]
