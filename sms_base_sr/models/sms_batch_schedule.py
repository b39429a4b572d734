from odoo import fields, models


class SmsBatch(models.Model):
    """The first batch of a run may find that it starts too late after all."""

    _inherit = "sms.batch"

    def _must_wait_for_a_person(self):
        """Started in time, but nothing left in time: the runner or gateway was down."""
        if super()._must_wait_for_a_person():
            return True
        if not self.run_id._starts_too_late(fields.Datetime.now()):
            return False
        self.run_id._expire()
        return True
