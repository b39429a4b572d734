from odoo import api, models


class SmsRunStat(models.Model):
    """The counters' job counts clicks too, of the same touched runs."""

    _inherit = "sms.run.stat"

    @api.model
    def _recompute(self, run_ids):
        result = super()._recompute(run_ids)
        self.env["sms.run.click"]._recompute(run_ids)
        return result
