from odoo import models


class SmsMessage(models.Model):
    """Why an SMS failed, in words for the ChatRoom."""

    _inherit = "sms.message"

    def _chatroom_reason(self):
        """The reason in the reader's language, with what the gateway said."""
        self.ensure_one()
        name = "failure_type" if self.failure_type else "state"
        labels = dict(self._fields[name]._description_selection(self.env))
        return ": ".join(filter(None, [labels.get(self[name]), self.error_message]))
