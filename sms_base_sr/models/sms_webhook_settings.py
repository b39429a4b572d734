import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import client_address, webhook_auth

_logger = logging.getLogger(__name__)

TRUSTED_PROXIES = "sms.webhook.trusted_proxies"
REFUSED_PER_MINUTE = "sms.webhook.refused_per_minute"
DEFAULT_PER_MINUTE = 300


class ResConfigSettings(models.TransientModel):
    """Settings › SMS › Webhooks: of the server, so the same for all companies."""

    _inherit = "res.config.settings"

    sms_trusted_proxies = fields.Char(
        "Trusted proxies", config_parameter=TRUSTED_PROXIES
    )
    sms_refused_per_minute = fields.Integer(
        "Refused calls per minute",
        config_parameter=REFUSED_PER_MINUTE,
        default=DEFAULT_PER_MINUTE,
    )

    @api.constrains("sms_trusted_proxies")
    def _check_sms_trusted_proxies(self):
        for settings in self:
            try:
                webhook_auth.parse_networks(settings.sms_trusted_proxies)
            except ValueError as error:
                raise ValidationError(
                    self.env._("Trusted proxies: %s", error)
                ) from error


class SmsProvider(models.Model):
    """What the settings mean for a call; read from caches, without a query."""

    _inherit = "sms.provider"

    @api.model
    def _trusted_proxies(self):
        # sudo: calls come from nobody.
        text = self.env["ir.config_parameter"].sudo().get_param(TRUSTED_PROXIES)
        try:
            return webhook_auth.parse_networks(text) or client_address.LOOPBACK
        except ValueError as error:
            _logger.info("%s: %s", TRUSTED_PROXIES, error)
            return ()

    @api.model
    def _refused_per_minute(self):
        # sudo: see above.
        text = self.env["ir.config_parameter"].sudo().get_param(REFUSED_PER_MINUTE)
        try:
            return int(text) if text else DEFAULT_PER_MINUTE
        except ValueError:
            return DEFAULT_PER_MINUTE
