from odoo import api, models


class QueueJob(models.Model):
    """The mirror's job is a wake-up call too: what it was to do stands in rows."""

    _inherit = "queue.job"

    @api.model
    def _sms_ledger_jobs(self):
        return super()._sms_ledger_jobs() | {("sms.message", "_mirror_chatroom")}
