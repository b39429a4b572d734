"""Receiving, for all gateways: authenticate, store, answer. Applying is a job's work."""

import json
import logging

from odoo import SUPERUSER_ID
from odoo.http import request

from ..tools import webhook_auth

_logger = logging.getLogger(__name__)

# A batch of a thousand reports is about 150 kB.
MAX_BODY = 2 * 1024 * 1024
ROUTE = {
    "type": "http",
    "auth": "public",
    "methods": ["POST"],
    "csrf": False,
    "save_session": False,
    "max_content_length": MAX_BODY,
}
SIGNATURE_HEADERS = ("X-Kolmeya-Signature", "X-SMS-Signature")
# PostgreSQL stores neither.
FORBIDDEN_CHARACTERS = ("\x00",)


class Rejected(Exception):
    """Answer this status with this sentence."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class WebhookCore:
    """What each webhook controller does with a request."""

    def _receive_by_secret(self, secret):
        """Handle a call on a provider's own secret path."""
        return self._answer(lambda body: self._provider_by_secret(secret))

    def _receive_signed(self):
        """Handle a call on a fixed path, where the signature names the provider."""
        return self._answer(self._provider_by_signature)

    def _answer(self, find_provider):
        try:
            body = request.httprequest.get_data()
            provider = find_provider(body)
            return self._store(provider, body)
        except Rejected as rejected:
            _logger.info("Webhook refused: %s", rejected)
            return request.make_json_response(
                {"status": "error", "message": str(rejected)}, status=rejected.status
            )

    def _env(self):
        """The superuser's environment: the caller is nobody."""
        return request.env(user=SUPERUSER_ID)

    def _provider_by_secret(self, secret):
        provider = self._env()["sms.provider"]._by_webhook_secret(secret)
        if not provider.active:
            raise Rejected(403, "Forbidden")
        return provider

    def _provider_by_signature(self, body):
        """Return the provider whose secret verifies the signature."""
        token = self._signature()
        providers = self._env()["sms.provider"].search([("jwt_secret_sealed", "!=", False)])
        for provider in providers:
            try:
                webhook_auth.verify_jwt(token, [provider._get_secret("jwt_secret")], body)
                return provider
            except webhook_auth.Refused as refused:
                _logger.info("Signature not of %s: %s", provider.id, refused.reason)
        raise Rejected(401, "Unauthorized")

    def _signature(self):
        headers = request.httprequest.headers
        for name in SIGNATURE_HEADERS:
            if headers.get(name):
                return headers[name]
        raise Rejected(401, "Unauthorized")

    def _store(self, provider, body):
        decoded = self._decode(body)
        provider = provider.with_company(provider.company_id)
        try:
            items = provider._parse_webhook(decoded)
        except ValueError as error:
            raise Rejected(400, str(error)) from error
        events = provider.env["sms.event"]
        stored = events._store_items(
            provider,
            items,
            "webhook",
            raw=body.decode("utf-8", "replace"),
            remote=request.httprequest.remote_addr,
        )
        return request.make_json_response(self._success(provider, items, stored))

    def _decode(self, body):
        try:
            text = body.decode("utf-8")
            decoded = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Rejected(400, "The body is not JSON") from error
        if any(c in json.dumps(decoded, ensure_ascii=False) for c in FORBIDDEN_CHARACTERS):
            raise Rejected(400, "The body has characters that no text has")
        return decoded

    def _success(self, provider, items, stored):
        """Tell what was stored; the message's id only where one is known already."""
        sms_id = None
        if items:
            reference = getattr(items[0], "reference", None)
            gateway_id = getattr(items[0], "message_id", None)
            message = provider.env["sms.message"].search(
                [
                    ("provider_id", "=", provider.id),
                    "|",
                    ("reference", "=", reference or "-"),
                    ("provider_message_id", "=", gateway_id or "-"),
                ],
                limit=1,
            )
            sms_id = message.id or None
        event_id = next(iter(stored.values()), None)
        return {"status": "success", "event_id": event_id, "sms_id": sms_id}
