from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.sms_base_sr.models.sms_provider import retire
from odoo.addons.sms_base_sr.models.sms_secret_mixin import write_only
from odoo.addons.sms_base_sr.tools.capabilities import Capabilities

from ..tools.sample_gateway import SampleGateway, parse_webhook


class SmsProvider(models.Model):
    """An account at the sample gateway."""

    _inherit = "sms.provider"

    provider_type = fields.Selection(
        selection_add=[("sample", "Sample")], ondelete={"sample": retire}
    )
    sample_url = fields.Char("Address")
    sample_key, sample_key_sealed = write_only("sample_key", "API key")

    def _webhook_path(self):
        if self.provider_type == "sample":
            return "/sample/webhook"
        return super()._webhook_path()

    def _sample_capabilities(self):
        return Capabilities(
            batch_size=100, status_query=True, replies=True, webhooks=True
        )

    def _sample_gateway(self):
        key = self._get_secret("sample_key")
        if not key:
            raise UserError(self.env._("API key: enter the account's key."))
        return SampleGateway(key, self.sample_url)

    def _sample_send_batch(self, request):
        gateway = self._sample_gateway()
        return lambda: gateway.send_batch(request)

    def _sample_query_batch(self, reference):
        gateway = self._sample_gateway()
        return lambda: gateway.query_batch(reference)

    def _sample_fetch_replies(self, hours):
        gateway = self._sample_gateway()
        return lambda: gateway.fetch_replies(hours)

    def _sample_parse_webhook(self, body):
        return parse_webhook(body)
