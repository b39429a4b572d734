from odoo import fields, models


class SmsMessage(models.Model):
    """Tests: single SMS to one's own number that belong to no campaign.

    They take the way of every single send. Without run and contact they are in no
    campaign's figures and in nobody's chatter.
    """

    _inherit = "sms.message"

    is_test = fields.Boolean("Test", readonly=True, copy=False)

    def _engine_fields(self):
        return super()._engine_fields() | {"is_test"}
