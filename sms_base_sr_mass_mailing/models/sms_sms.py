import re

from odoo import models

# How core's unsubscribe links end: the mailing and the recipient's own code.
UNSUBSCRIBE = re.compile(r"/sms/\d+/\w+")


class SmsSms(models.Model):
    """SMS Marketing is advertising: its hours, its registers and consent hold."""

    _inherit = "sms.sms"

    def _sms_message_class(self):
        if self.mailing_id or self.env.context.get("sms_marketing_test"):
            return "promotional"
        return super()._sms_message_class()

    def _sms_text(self, text, message_class):
        """What holds core's own link to opt out needs no second sentence of it."""
        if message_class == "promotional" and UNSUBSCRIBE.search(text):
            return text
        return super()._sms_text(text, message_class)

    def _sms_message_columns(self):
        return {
            **super()._sms_message_columns(),
            "mailing_id": self.mailing_id.id or None,
        }

    def _handle_call_result_hook(self, results):
        """Left out of a mailing is cancelled there, as core does it by its own list."""
        result = super()._handle_call_result_hook(results)
        mailed = self.filtered(lambda sms: sms.mailing_id and sms.state == "error")
        ours = mailed.filtered(lambda s: s._get_sms_company()._sms_native_provider())
        for reason, sms in ours.grouped("failure_type").items():
            sms._update_sms_state_and_trackers("canceled", failure_type=reason)
        return result
