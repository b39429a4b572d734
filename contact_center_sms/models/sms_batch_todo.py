from odoo import api, models

from .sms_batch_status import METHOD


class SmsBatchTodo(models.Model):
    """The ChatRoom's statuses are promised too, so that a lost job is made anew."""

    _inherit = "sms.batch.todo"

    @api.model
    def _sweep_mirrors(self):
        result = super()._sweep_mirrors()
        batches = self._waiting_batches(METHOD)
        (batches - batches._with_living_job(METHOD))._enqueue_chatroom_statuses()
        return result
