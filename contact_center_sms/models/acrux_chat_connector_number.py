import re

from odoo import models
from odoo.exceptions import UserError


class AcruxChatConnector(models.Model):
    """How a sender of SMS becomes the key of a conversation, and is shown."""

    _inherit = "acrux.chat.connector"

    def assert_id(self, key):
        """Short codes and foreign numbers write SMS too: only nothing is refused."""
        if not self._is_sms():
            return super().assert_id(key=key)
        # A number that came with its "+" may look like a local one without it.
        received = self.env.context.get("from_webhook")
        if not key or not received and key != self.clean_id(key):
            raise UserError(self.env._("“%s” is no phone number.", key or ""))
        return None

    def clean_id(self, key):
        """Digits of the E.164 number; a sender's name stays as it is."""
        if not self._is_sms():
            return super().clean_id(key=key)
        self.ensure_one()
        if key and re.search("[A-Za-z]", key):
            return key.strip()
        number = self.env["sms.message"]._normalize_phone(key, self.company_id)
        return re.sub(r"\D", "", number or key or "")

    def format_id(self, key):
        if self._is_sms() and key and (re.search("[A-Za-z]", key) or len(key) <= 6):
            return key  # a name or a short code
        return super().format_id(key=key)

    def _sms_phone(self, key):
        """The E.164 number of a conversation's key, or False.

        A key is an international number without its "+". Read as a local one, the
        answer to a customer abroad would reach a stranger.
        """
        normalize = self.env["sms.message"]._normalize_phone
        abroad = f"+{(key or '').lstrip('+')}"
        return normalize(abroad, self.company_id) or normalize(key, self.company_id)
