from odoo import fields, models


class SmsConsentRevoke(models.TransientModel):
    """The dialog that asks why a consent is revoked; whoever revokes writes it."""

    _name = "sms.consent.revoke"
    _description = "SMS consent: revoke"

    consent_ids = fields.Many2many("sms.consent", required=True)
    reason = fields.Text(required=True)

    def action_revoke(self):
        """Revoke, and keep the reason."""
        self.ensure_one()
        self.consent_ids._revoke(self.reason)
        return {"type": "ir.actions.act_window_close"}
