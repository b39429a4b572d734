from odoo import api, models

from .sms_batch_status import METHOD


class QueueJob(models.Model):
    """The mirrors' jobs are wake-up calls too: what they were to do stands in rows."""

    _inherit = "queue.job"

    @api.model
    def _sms_ledger_jobs(self):
        ours = {("sms.message", "_mirror_chatroom"), ("sms.batch", METHOD)}
        return super()._sms_ledger_jobs() | ours
