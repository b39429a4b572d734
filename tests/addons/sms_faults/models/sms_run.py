from odoo import models

from .. import orders


class SmsRun(models.Model):
    """Places at which a planner can be killed."""

    _inherit = "sms.run"

    def _plan_next_page(self):
        orders.die_at("before-page")
        return super()._plan_next_page()

    def _store_page(self, decisions):
        super()._store_page(decisions)
        orders.die_at("in-page")
