from odoo import api, models


class QueueJob(models.Model):
    """The planning job that 15.0 knew by name is a wake-up call as well."""

    _inherit = "queue.job"

    @api.model
    def _sms_ledger_jobs(self):
        ours = ("contacts.realcred.campaign", "process_sms_campaign")
        return super()._sms_ledger_jobs() | {ours}
