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
            "pace": summary["pace"],
            "waits": self._overview_waits(summary["waits"]),
            **{name: summary[name] for name in names},
        }

    def _overview_waits(self, waits):
        """The next moment at which something goes on; ``never`` where none comes."""
        if not waits:
            return None
        return waits[0]["until"] or "never"
