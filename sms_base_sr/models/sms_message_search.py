from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import typed_phone


class SmsMessage(models.Model):
    """Looking for a number as people type it, by the index wherever that can be."""

    _inherit = "sms.message"

    typed_phone = fields.Char(
        "Phone, as typed",
        compute="_compute_typed_phone",
        search="_search_typed_phone",
        exportable=False,
        help="For searching: with or without +55 and area code, or a part of it.",
    )

    @api.depends("phone")
    def _compute_typed_phone(self):
        for message in self:
            message.typed_phone = message.phone

    @api.model
    def _search_typed_phone(self, operator, value):
        if operator not in ("=", "ilike", "in"):
            return NotImplemented
        texts = [value] if isinstance(value, str) else list(value or [])
        return Domain.OR(self._domain_of_phone(text) for text in texts if text)

    @api.model
    def _domain_of_phone(self, text):
        """A whole number is looked up; of a part every number is read."""
        number = self._normalize_phone(text)
        if number:
            return Domain("phone", "=", number)
        possible = typed_phone.without_area_code(text)
        if possible:
            return Domain("phone", "in", possible)
        return Domain("phone", "ilike", typed_phone.digits_of(text))
