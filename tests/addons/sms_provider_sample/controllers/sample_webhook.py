from odoo import http

from odoo.addons.sms_base_sr.controllers.webhook_core import ROUTE, WebhookCore


class SampleWebhook(WebhookCore, http.Controller):
    """Where the gateway calls us: the path's last part is the provider's secret."""

    @http.route("/sample/webhook/<string:secret>", **ROUTE)
    def sample_webhook(self, secret, **_kwargs):
        return self._receive_by_secret(secret)
