from odoo import models

from .. import clocks


class SmsProvider(models.Model):
    """A gateway that is waited for some seconds only."""

    _inherit = "sms.provider"

    def _kolmeya_gateway(self):
        gateway = super()._kolmeya_gateway()
        clocks.shorten_client(gateway.api)
        return gateway
