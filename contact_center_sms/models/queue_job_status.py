from odoo import api, models

from .sms_batch_status import METHOD


class QueueJob(models.Model):
    """Which of our jobs are wake-up calls only: their work stands in the ledger."""

    _inherit = "queue.job"

    @api.model
    def _sms_ledger_jobs(self):
        return super()._sms_ledger_jobs() | {("sms.batch", METHOD)}
