from odoo import models


class AcruxChatMessage(models.Model):
    """What an agent may send by SMS is decided before anything of it is stored."""

    _inherit = "acrux.chat.message"

    def message_check_allow_send(self):
        result = super().message_check_allow_send()
        connector = self.contact_id.connector_id
        if connector._is_sms():
            connector._sms_refuse_content(self._sms_content())
            connector._sms_refuse_text(self.text)
            connector._sms_refuse_account()
            connector._sms_refuse_recipient(self.contact_id.number)
        return result

    def _sms_content(self):
        """What the line holds besides its text, under the app's own names."""
        connector = self.contact_id.connector_id
        names = connector._sms_content_names()
        return {name: self[name] for name in names if name in self._fields}
