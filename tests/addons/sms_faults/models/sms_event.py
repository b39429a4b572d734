from odoo import api, models

from .. import orders


class SmsEvent(models.Model):
    """Places at which a process that applies reports and replies can be killed."""

    _inherit = "sms.event"

    @api.model
    def _apply_page(self, after_id):
        last_id = super()._apply_page(after_id)
        if last_id:
            orders.die_at("in-reports")
        return last_id

    @api.model
    def _apply_reply_page(self, events):
        super()._apply_reply_page(events)
        orders.die_at("in-replies")
