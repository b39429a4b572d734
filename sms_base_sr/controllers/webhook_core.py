"""Receiving, for all gateways: authenticate, store, answer. Jobs apply."""

import hashlib
import json
import logging

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
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
    # See ir.http: the body is kept as it came, the query is ignored.
    "sms_webhook": True,
}
SIGNATURE_HEADERS = ("X-Kolmeya-Signature", "X-SMS-Signature")
# Charsets that a header may declare for a body that is not UTF-8.
LATIN_CHARSETS = ("iso-8859-1", "iso8859-1", "latin1", "windows-1252", "cp1252")


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
        return self._answer(self._provider_by_signature, self._signature_hash)

    def _answer(self, find_provider, signature_hash=lambda: None):
        try:
            body = request.httprequest.get_data()
            provider = find_provider(body)
            return self._store(provider, self._text(body), signature_hash())
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
        if not provider.exists().active:
            raise Rejected(403, "Forbidden")
        return provider

    def _provider_by_signature(self, body):
        """Return the provider whose secret verifies the signature."""
        token = self._signature()
        providers = self._env()["sms.provider"].search(
            [("jwt_secret_sealed", "!=", False)]
        )
        for provider in providers:
            try:
                secret = provider._get_secret("jwt_secret")
                webhook_auth.verify_jwt(token, [secret], body)
                return provider
            except webhook_auth.Refused as refused:
                _logger.info("Signature not of %s: %s", provider.id, refused.reason)
            except UserError as error:
                _logger.warning("Signature secret of %s: %s", provider.id, error)
        raise Rejected(401, "Unauthorized")

    def _signature(self):
        headers = request.httprequest.headers
        for name in SIGNATURE_HEADERS:
            if headers.get(name):
                return headers[name]
        raise Rejected(401, "Unauthorized")

    def _signature_hash(self):
        """What to remember of a signature: not enough to use it."""
        return hashlib.sha256(self._signature().encode()).hexdigest()

    def _store(self, provider, text, signature_hash):
        provider = provider.with_company(provider.company_id)
        bodies = provider.env["sms.event.body"]
        if signature_hash and bodies._signed_otherwise(signature_hash, text):
            raise Rejected(401, "Unauthorized")
        items = self._parse(provider, text)
        events = provider.env["sms.event"]
        events._store_items(
            provider,
            items,
            "webhook",
            raw=text,
            remote=request.httprequest.remote_addr,
            signature_hash=signature_hash,
        )
        return request.make_json_response(self._success(provider, items))

    def _text(self, body):
        """The body as text: UTF-8, or the older charset that the header declares."""
        try:
            return body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            declared = request.httprequest.mimetype_params.get("charset", "")
            if declared.lower() in LATIN_CHARSETS:
                return body.decode("cp1252", "replace")
            raise Rejected(400, "The body is not UTF-8") from error

    def _parse(self, provider, text):
        """Items of a body: JSON, or text that the gateway's addon understands."""
        if not provider._can("parse_webhook"):
            raise Rejected(400, "This provider receives nothing")
        try:
            return provider._parse_webhook(self._decode(text))
        except ValueError as error:
            raise Rejected(400, str(error)) from error
        except RecursionError as error:
            raise Rejected(400, "The body is nested too deeply") from error

    def _decode(self, text):
        try:
            return json.loads(text)
        except ValueError:
            # Proxies turn JSON into forms: the gateway's addon reads those.
            return text

    def _success(self, provider, items):
        """Tell what is stored; the message's id only where one is known already."""
        event = provider.env["sms.event"]._find(provider, items[0]) if items else None
        message = event and provider.env["sms.message"].search(
            [
                ("provider_id", "=", provider.id),
                "|",
                ("reference", "=", event.reference or "-"),
                ("provider_message_id", "=", event.gateway_message_id or "-"),
            ],
            limit=1,
        )
        return {
            "status": "success",
            "event_id": event.id if event else None,
            "sms_id": message.id if message else None,
        }
