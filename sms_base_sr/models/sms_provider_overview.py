from odoo import fields, models


class SmsProvider(models.Model):
    """What the overview shows of an account: can it send, and since when not."""

    _inherit = "sms.provider"

    def _overview_values(self):
        self.ensure_one()
        # sudo: health is the engine's; whoever sees the account may see how it fares.
        health = self.sudo().health_id
        return {
            "id": self.id,
            "name": self.display_name,
            "status": self._overview_status(),
            "reason": self.suspended_reason or "",
            "last_success": fields.Datetime.to_string(health.last_success),
            "last_failure": fields.Datetime.to_string(health.last_failure),
            "last_failure_reason": health.last_failure_reason or "",
        }

    def _overview_status(self):
        """``ok`` or why it does not send; addons and other files know more reasons."""
        self.ensure_one()
        return "suspended" if self.suspended else "ok"
