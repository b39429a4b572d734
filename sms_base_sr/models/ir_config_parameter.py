import logging

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.webhook_auth import MIN_SECRET_BYTES

_logger = logging.getLogger(__name__)


class IrConfigParameter(models.Model):
    """Webhook secrets may be set as parameters, as ever, but never stay there.

    A parameter is plain text in each dump and readable by every administrator: its
    value goes into the provider's encrypted field, and the parameter is blanked.
    """

    _inherit = "ir.config_parameter"

    @api.model
    def _webhook_secret_types(self):
        """Return {parameter: provider type, or None for any type}."""
        return {"sms.webhook.jwt_secret": None}

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            self._take_webhook_secret(vals.get("key"), vals) for vals in vals_list
        ]
        return super().create(vals_list)

    def write(self, vals):
        ours = self.filtered(lambda parameter: parameter._keeps_webhook_secret(vals))
        for parameter in ours:
            key = vals.get("key") or parameter.key
            super(IrConfigParameter, parameter).write(
                self._take_webhook_secret(key, vals)
            )
        return super(IrConfigParameter, self - ours).write(vals)

    def _keeps_webhook_secret(self, vals):
        return (vals.get("key") or self.key) in self._webhook_secret_types()

    @api.model
    def _take_webhook_secret(self, key, vals):
        """Return the values without a secret, which its provider has now."""
        # Other addons' data hand numbers to parameters of theirs.
        secret = str(vals.get("value") or "").strip()
        if key not in self._webhook_secret_types() or not secret:
            return vals
        self._webhook_secret_provider(key).jwt_secret = secret
        return {**vals, "value": ""}

    @api.model
    def _webhook_secret_provider(self, key):
        """The provider that a parameter speaks of: active ones before others."""
        provider_type = self._webhook_secret_types()[key]
        domain = [("provider_type", "=", provider_type)] if provider_type else []
        # sudo: who may write system parameters is above providers' companies.
        providers = self.env["sms.provider"].sudo().with_context(active_test=False)
        provider = providers.search(domain, order="active desc, sequence, id", limit=1)
        if not provider:
            raise UserError(
                self.env._("%s: add an SMS provider first, which keeps it.", key)
            )
        return provider

    @api.model
    def _move_webhook_secrets(self):
        """Move what was set before this addon was installed."""
        # sudo: runs at install, for everybody.
        parameters = self.sudo().search(
            [("key", "in", list(self._webhook_secret_types()))]
        )
        for parameter in parameters.filtered("value"):
            if len(parameter.value.strip().encode()) < MIN_SECRET_BYTES:
                _logger.warning("%s is too short: set a new one", parameter.key)
                parameter.value = ""
            else:
                parameter.value = str(parameter.value)
