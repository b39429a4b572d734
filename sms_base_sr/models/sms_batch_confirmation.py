from odoo import models


class SmsBatch(models.Model):
    """The confirmation of an opt-out leaves, although its number is blacklisted."""

    _inherit = "sms.batch"

    def _suppress_late(self):
        if self._confirms_opt_out():
            return None
        return super()._suppress_late()

    def _confirms_opt_out(self):
        """Whether this is the batch of one that a confirmation is sent in."""
        return not self.run_id and bool(
            self.env["sms.message"].search_count(
                [("batch_id", "=", self.id), ("opt_out_confirmation", "=", True)],
                limit=1,
            )
        )
