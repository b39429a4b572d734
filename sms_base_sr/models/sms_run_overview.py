from odoo import models


class SmsRun(models.Model):
    """What the overview shows of a campaign that is under way."""

    _inherit = "sms.run"

    def _overview_values(self):
        self.ensure_one()
        summary = self._read_summary()
        names = ("planned", "sent", "not_started", "in_call", "unknown", "delivered")
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "state_label": states[self.state],
            "retriable": summary["retriable"],
            **{name: summary[name] for name in names},
        }
