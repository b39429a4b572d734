from odoo import models


class SmsMessage(models.Model):
    """Opt-outs and opt-ins are evidence: they end and give consents for marketing."""

    _inherit = "sms.message"

    def _opt_out(self):
        result = super()._opt_out()
        # sudo: the customer decides, whoever runs this.
        self.env["sms.consent"].sudo()._sms_revoke_by(self, self._evidence())
        return result

    def _opt_in(self):
        result = super()._opt_in()
        # sudo: see _opt_out.
        self.env["sms.consent"].sudo()._sms_grant_by(self)
        return result

    def _withdraw_opt_out(self):
        result = super()._withdraw_opt_out()
        # sudo: see _opt_out.
        self.env["sms.consent"].sudo()._sms_restore(self)
        return result
