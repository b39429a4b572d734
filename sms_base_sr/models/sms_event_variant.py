from odoo import api, models


class SmsEvent(models.Model):
    """A reply tells for which of two texts it counts."""

    _inherit = "sms.event"

    @api.model
    def _reply_extra_values(self, answered):
        values = super()._reply_extra_values(answered)
        return {**values, "variant": answered.variant}
