from odoo import models

from .res_company import SmsApiSimulator


class SmsSms(models.Model):
    """What is sent directly goes the same way as the queue."""

    _inherit = "sms.sms"

    def _split_by_api(self):
        yield SmsApiSimulator(self.env), self
