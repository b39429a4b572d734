from odoo import fields, models


class SmsMessage(models.Model):
    """A message as programs read it: plain values, none of them empty of type."""

    _inherit = "sms.message"

    def _api_values(self):
        self.ensure_one()
        labels = dict(self._fields["failure_type"]._description_selection(self.env))
        return {
            "id": self.id,
            "phone": self.phone or "",
            "state": self.state,
            "failure_type": self.failure_type or "",
            "reason": labels.get(self.failure_type, ""),
            "segments": self.sms_count,
            "cost": round(self.cost, 4),
            "sent_date": fields.Datetime.to_string(self.sent_date) or "",
            "delivered_date": fields.Datetime.to_string(self.delivered_date) or "",
        }
