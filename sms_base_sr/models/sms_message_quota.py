from odoo import SUPERUSER_ID, models


class SmsMessage(models.Model):
    """What people send by hand is counted; what jobs send is not."""

    _inherit = "sms.message"

    def action_send(self):
        """Count before the first leaves: a list is sent whole or not at all."""
        if self.env.uid != SUPERUSER_ID:
            self._take_quota()
        return super().action_send()

    def _take_quota(self):
        # sudo: the counters are the engine's.
        quota = self.env["sms.send.quota"].sudo()
        for company, messages in self.grouped("company_id").items():
            tests = messages.filtered("is_test")
            quota._take(company.sudo(), "test", len(tests))
            quota._take(company.sudo(), "single", len(messages - tests))
