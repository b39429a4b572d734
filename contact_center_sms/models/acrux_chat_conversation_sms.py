import re

from odoo import api, fields, models

# Fewer digits are a short code, which would be a part of anybody's number.
SHORTEST_NUMBER = 8
BRAZIL_OLD_MOBILE = re.compile(r"55([1-9]{2})([6-9][0-9]{7})")


class AcruxChatConversation(models.Model):
    """Conversations by SMS, where the app would ask its vendor's server or guess."""

    _inherit = "acrux.chat.conversation"

    def _is_sms(self):
        return self.connector_id.connector_type == "sms"

    @api.model
    def search_partner_from_number(self, conv_id):
        """By the number as SMS keep it; then as the app looks, by its digits."""
        if not conv_id._is_sms():
            return super().search_partner_from_number(conv_id=conv_id)
        company = conv_id.connector_id.company_id
        for number in numbers_to_look_for(conv_id.number):
            messages = self.env["sms.message"]
            partner = messages._find_partner_by_phone(number, company)
            if partner:
                return partner
        if not (conv_id.number or "").isdecimal():
            return self.env["res.partner"]
        if len(conv_id.number) < SHORTEST_NUMBER:
            return self.env["res.partner"]
        return super().search_partner_from_number(conv_id=conv_id)

    def update_conversation(self):
        """Nobody tells us name and picture of a number that writes SMS."""
        others = self.filtered(lambda conversation: not conversation._is_sms())
        if self and not others:
            return None
        return super(AcruxChatConversation, others).update_conversation()

    def conversation_send_read(self):
        """An agent looks at the chat: that is noted here, and told nobody."""
        ours = self.filtered(lambda conversation: conversation._is_sms())
        unread = self.env["acrux.chat.message"].search(
            [
                ("contact_id", "in", ours.ids),
                ("from_me", "=", False),
                ("read_date", "=", False),
            ]
        )
        if unread:
            unread.read_date = fields.Datetime.now()
        if ours and ours == self:
            return None
        return super(AcruxChatConversation, self - ours).conversation_send_read()


def numbers_to_look_for(number):
    """The number in E.164, and what it was before Brazil's mobiles had nine digits."""
    digits = number or ""
    if not digits.isdecimal():
        return [digits] if digits else []
    numbers = [f"+{digits}"]
    old = BRAZIL_OLD_MOBILE.fullmatch(digits)
    if old:
        numbers.append(f"+55{old[1]}9{old[2]}")
    return numbers
