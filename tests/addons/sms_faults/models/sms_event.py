from odoo import api, models

from .. import orders


class SmsEvent(models.Model):
    """Places at which a process that applies reports and replies can be killed."""

    _inherit = "sms.event"

    @api.model
    def _raise_messages(self, events, matches):
        batch_ids = super()._raise_messages(events, matches)
        orders.die_at("in-reports")
        return batch_ids

    @api.model
    def _apply_reply_page(self, events):
        super()._apply_reply_page(events)
        orders.die_at("in-replies")
