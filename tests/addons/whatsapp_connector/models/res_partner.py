import re

from odoo import api, fields, models


class ResPartner(models.Model):
    """Ties a partner to conversations, and to numbers by their digits."""

    _inherit = "res.partner"

    contact_ids = fields.One2many(
        comodel_name="acrux.chat.conversation",
        inverse_name="res_partner_id",
        string="Conversations",
    )
    conv_standard_numbers = fields.Char(
        compute="_compute_conv_standard_numbers",
        store=True,
        help="Country code and digits of the phone, as typed.",
    )

    @api.depends("phone", "country_id")
    def _compute_conv_standard_numbers(self):
        for partner in self:
            # The code is put before whatever was typed, a second time where the
            # phone has it already; the search is a substring match.
            numbers = []
            digits = re.sub(r"\D", "", partner.phone or "")
            if digits:
                numbers.append(f"{partner.country_id.phone_code or ''}{digits}")
            numbers = partner._compute_conv_standard_numbers_hook(numbers)
            partner.conv_standard_numbers = ",".join(numbers)

    def _compute_conv_standard_numbers_hook(self, numbers):
        return numbers

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        conversation_id = self.env.context.get("conversation_id")
        if conversation_id:
            conversation = self.env["acrux.chat.conversation"].browse(conversation_id)
            defaults = {"name": conversation.name, "phone": conversation.number_format}
            for name, value in defaults.items():
                if name in fields_list:
                    values.setdefault(name, value)
        return values
