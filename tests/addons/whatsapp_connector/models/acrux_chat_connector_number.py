import re

import phonenumbers

from odoo import models
from odoo.exceptions import ValidationError


class AcruxChatConnector(models.Model):
    """How a number becomes the key of a conversation, and is shown.

    A channel with other identifiers (short codes, names) overrides these three
    methods; the rest of the app never parses a number by itself.
    """

    _inherit = "acrux.chat.connector"

    def _has_phone_keys(self):
        return not (self.is_facebook_or_instagram() or self.is_wechat())

    def clean_id(self, key):
        self.ensure_one()
        if not self._has_phone_keys():
            return key
        return re.sub(r"\D", "", key or "")

    def assert_id(self, key):
        """Raise when ``key`` cannot be the number of a conversation."""
        self.ensure_one()
        if self.env.context.get("from_webhook") or not self._has_phone_keys():
            return
        if not key or key != self.clean_id(key):
            raise ValidationError(
                self.env._("The number %s must have digits only.", key or "")
            )
        if key.startswith("52") and not key.startswith("521"):
            raise ValidationError(self.env._("Numbers of Mexico start with 521."))
        if not self._parse_phone(key):
            raise ValidationError(
                self.env._("%s is not an international phone number.", key)
            )

    def format_id(self, key):
        self.ensure_one()
        if not self._has_phone_keys():
            return dict(self._fields["connector_type"].selection)[self.connector_type]
        digits = re.sub(r"\D", "", key or "")
        if not digits:
            return key or ""
        parsed = self._parse_phone(digits)
        if parsed:
            text = phonenumbers.format_number(
                parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL
            )
            if re.sub(r"\D", "", text) == digits:
                return text
        return f"+{digits}"

    def _parse_phone(self, digits):
        # Mexican mobiles carry a 1 that the numbering plan no longer has.
        candidate = f"+52{digits[3:]}" if digits.startswith("521") else f"+{digits}"
        try:
            parsed = phonenumbers.parse(candidate)
        except phonenumbers.NumberParseException:
            return None
        return parsed if phonenumbers.is_possible_number(parsed) else None
