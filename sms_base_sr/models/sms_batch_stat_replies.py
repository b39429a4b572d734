from odoo import api, models


class SmsBatchStat(models.Model):
    """The counters' job counts replies too."""

    _inherit = "sms.batch.stat"

    def _recompute_page(self):
        replies = self.env["sms.run.stat"]._recompute_page()
        return super()._recompute_page() or replies

    @api.model
    def _sweep_counters(self):
        result = super()._sweep_counters()
        touched = self.env["sms.run.touch"].search_count([], limit=1)
        if touched and not self.env["queue.job"]._sms_due_job(
            self._name, "_recompute_touched"
        ):
            self._wake_up()
        return result
