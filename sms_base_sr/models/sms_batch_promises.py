from odoo import models


class SmsBatch(models.Model):
    """The jobs that follow a call are promised with its answer."""

    _inherit = "sms.batch"

    def _enqueue_followers(self):
        for batch in self:
            if batch._is_shown_at_once():
                self.env["sms.batch.todo"]._promise(batch.ids, "_mirror_chatter")
        return super()._enqueue_followers()

    def _enqueue_status_mirror(self):
        shown = self.filtered(lambda batch: batch._statuses_are_shown())
        self.env["sms.batch.todo"]._promise(shown.ids, "_mirror_statuses")
        return super()._enqueue_status_mirror()

    def _mirror_chatter(self):
        self.env["sms.batch.todo"]._keep(self.ids, "_mirror_chatter")
        return super()._mirror_chatter()

    def _mirror_statuses(self):
        self.env["sms.batch.todo"]._keep(self.ids, "_mirror_statuses")
        return super()._mirror_statuses()
