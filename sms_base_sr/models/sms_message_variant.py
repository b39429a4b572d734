from odoo import fields, models


class SmsMessage(models.Model):
    """Which of two texts a campaign's message carries; a reply has its message's."""

    _inherit = "sms.message"

    variant = fields.Selection(
        [("a", "A"), ("b", "B")], "Text (A/B)", readonly=True, copy=False
    )

    def _engine_fields(self):
        return super()._engine_fields() | {"variant"}
