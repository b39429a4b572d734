from odoo import api, models


class SmsEvent(models.Model):
    """Replies belong to the campaign of the message that they answer."""

    _inherit = "sms.event"

    @api.model
    def _reply_extra_values(self, answered):
        return {
            **super()._reply_extra_values(answered),
            "campaign_id": answered.campaign_id.id,
        }
