from odoo import http

from odoo.addons.sms_base_sr.controllers.webhook_core import ROUTE, WebhookCore


class KolmeyaWebhook(WebhookCore, http.Controller):
    """Kolmeya's webhooks: a secret path per provider, and the fixed signed paths.

    The gateway sends every kind of event to the address that a request named, so
    the path's last part says nothing: the content decides.
    """

    @http.route(
        [
            "/kolmeya/webhook/<string:secret>",
            "/kolmeya/webhook/<string:secret>/reply",
            "/kolmeya/webhook/<string:secret>/status",
        ],
        **ROUTE,
    )
    def kolmeya_webhook(self, secret, **_kwargs):
        return self._receive_by_secret(secret)

    @http.route(["/kolmeya/webhook/reply", "/kolmeya/webhook/status"], **ROUTE)
    def kolmeya_webhook_signed(self, **_kwargs):
        return self._receive_signed()
