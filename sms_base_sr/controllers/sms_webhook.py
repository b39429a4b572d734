from odoo import http

from .webhook_core import ROUTE, WebhookCore


class SmsWebhook(WebhookCore, http.Controller):
    """The fixed addresses that integrations of the 15.0 system know; signed only."""

    @http.route(["/sms/webhook/reply", "/sms/webhook/status"], **ROUTE)
    def sms_webhook(self, **_kwargs):
        return self._receive_signed()
