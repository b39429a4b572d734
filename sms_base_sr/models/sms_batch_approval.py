from odoo import models


class SmsBatch(models.Model):
    """The last door: no batch of a run that waits for approval is ever claimed."""

    _inherit = "sms.batch"

    def _must_wait_for_a_person(self):
        return super()._must_wait_for_a_person() or self.run_id.approval == "wanted"
