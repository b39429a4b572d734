from odoo import fields, models
from odoo.tools.misc import formatLang


class SmsProvider(models.Model):
    """What the overview shows of an account: can it send, and since when not."""

    _inherit = "sms.provider"

    def _overview_values(self):
        self.ensure_one()
        states = dict(self._fields["health_state"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.display_name,
            "status": self.health_state,
            "status_label": states[self.health_state],
            "calls_left": self.rate_calls_sentence,
            "calls_low": self.rate_low,
            "waiting": self.waiting_count,
            **self._overview_balance(),
            "last_success": fields.Datetime.to_string(self.last_success),
            "last_failure": fields.Datetime.to_string(self.last_failure),
            "reason": self.suspended_reason
            or self.circuit_reason
            or self.last_failure_reason
            or "",
        }

    def _overview_balance(self):
        """What is left as it was last told, and when; nothing is asked for it."""
        found = self._read_balance()
        if not found or found["amount"] is None:
            return {"balance": None, "balance_at": None}
        currency = self.company_id.currency_id
        return {
            "balance": formatLang(self.env, found["amount"], currency_obj=currency),
            "balance_at": found["at"],
        }
