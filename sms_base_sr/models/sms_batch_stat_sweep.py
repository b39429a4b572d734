from odoo import api, models


class SmsBatchStat(models.Model):
    """Counters that nobody computes although batches have changed."""

    _inherit = "sms.batch.stat"

    @api.model
    def _sweep_counters(self):
        """Wake the counters' job, unless one is about to start anyway."""
        touched = self.env["sms.batch.touch"].search_count([], limit=1)
        if touched and not self.env["queue.job"]._sms_due_job(
            self._name, "_recompute_touched"
        ):
            self._wake_up()
