"""Receiving, for all gateways: authenticate, store, answer. Jobs apply."""

import json
import logging
import time

import psycopg2.errors
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from odoo import SUPERUSER_ID
from odoo.http import request
from odoo.tools import config

from ..models.sms_event import STORE_TRIES
from ..models.sms_provider_doors import DoorChanged
from ..models.sms_webhook_door import Call
from ..tools import client_address
from ..tools.caller_limit import CallerLimit
from ..tools.webhook_auth import Refused

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
# What a caller who is turned away learns, whatever the reason: nothing.
UNWELCOME = {"secret": (403, "Forbidden"), "fixed": (401, "Unauthorized")}

limit = CallerLimit()


def caller_key(call):
    """Whom the limit counts: who calls which database."""
    return request.db, client_address.caller_of(call.address)


class Rejected(Exception):
    """Answer this status with this sentence; the reason is for our record.

    ``seconds`` is when to call again, ``count`` how many calls this one stands for.
    """

    def __init__(self, status, message, reason, provider_id=None, **more):
        super().__init__(message)
        self.status, self.reason, self.provider_id = status, reason, provider_id
        self.seconds = more.get("seconds")
        self.count = more.get("count", 1)


class WebhookCore:
    """What each webhook controller does with a request."""

    def _receive_by_secret(self, secret):
        """Handle a call on a provider's own secret path."""
        return self._answer(
            "secret", lambda providers, call: providers._admit_by_secret(secret, call)
        )

    def _receive_signed(self):
        """Handle a call on a fixed path, where the signature names the provider."""
        return self._answer(
            "fixed", lambda providers, call: providers._admit_by_signature(call)
        )

    def _answer(self, door, admit):
        call = Call(door, self._address(), self._signature(), b"")
        try:
            self._hear(call)
            call = call._replace(body=self._body())
            return self._let_in(admit, call)
        except Rejected as rejected:
            return self._refuse(rejected, call)

    def _let_in(self, admit, call):
        """Admit and store; once more where the provider was changed in between."""
        for known in ("by heart", "anew"):
            entry = self._admit(admit, call)
            if call.door == "secret":
                limit.know(request.httprequest.path)
            try:
                return self._take_in(entry, call)
            except DoorChanged:
                _logger.info("The provider was changed; it was known %s", known)
                request.env.cr.rollback()
                self._env()["sms.provider"]._forget_doors()
        raise Rejected(*UNWELCOME[call.door], "changed", entry.provider.id)

    def _env(self):
        """The superuser's environment: the caller is nobody."""
        return request.env(user=SUPERUSER_ID)

    # -- who calls ---------------------------------------------------------------------

    def _address(self):
        """The caller's address; a proxy is believed where both settings say so."""
        environ = request.httprequest.environ
        # Odoo has put there what the header says, whoever sent it.
        original = environ.get("werkzeug.proxy_fix.orig") or environ
        named = environ.get("HTTP_X_FORWARDED_FOR") if config["proxy_mode"] else None
        proxies = self._env()["sms.provider"]._trusted_proxies()
        peer = original.get("REMOTE_ADDR")
        return client_address.client_address(peer, named, proxies)

    def _signature(self):
        headers = request.httprequest.headers
        found = (headers.get(name) for name in SIGNATURE_HEADERS)
        return next(filter(None, found), None)

    def _hear(self, call):
        """Let somebody who was refused too often wait; this asks no database."""
        per_minute = self._env()["sms.provider"]._refused_per_minute()
        held = limit.held(caller_key(call), per_minute, time.monotonic())
        known = call.door == "secret" and limit.knows(request.httprequest.path)
        if held and not known:
            more = {"seconds": held.seconds, "count": held.untold}
            raise Rejected(429, "Too many calls", "too_many", **more)

    def _body(self):
        try:
            return request.httprequest.get_data()
        except RequestEntityTooLarge as error:
            raise Rejected(413, "At most 2 MB at a time", "too_large") from error
        except HTTPException as error:
            raise Rejected(400, "The body is not complete", "body") from error

    def _admit(self, admit, call):
        try:
            return admit(self._env()["sms.provider"], call)
        except Refused as refused:
            status, message = UNWELCOME[call.door]
            raise Rejected(
                status, message, refused.reason, refused.provider_id
            ) from refused

    # -- who is turned away ------------------------------------------------------------

    def _refuse(self, rejected, call):
        """Count the call and answer; of those who wait, one in a while is counted."""
        if rejected.status in (401, 403, 413):
            per_minute = self._env()["sms.provider"]._refused_per_minute()
            limit.spend(caller_key(call), per_minute, time.monotonic())
        if rejected.count:
            _logger.info("Webhook call of %s: %s", call.address, rejected.reason)
            refusals = self._env()["sms.webhook.refusal"]
            refusals._note(rejected.reason, call, rejected.provider_id, rejected.count)
        headers = {"Retry-After": str(rejected.seconds)} if rejected.seconds else {}
        return request.make_json_response(
            {"status": "error", "message": str(rejected)},
            headers=headers,
            status=rejected.status,
        )

    # -- what it says ------------------------------------------------------------------

    def _take_in(self, entry, call):
        provider = entry.provider.with_company(entry.provider.company_id)
        entry = entry._replace(provider=provider)
        try:
            self._check_token(entry, call)
            text = self._text(call.body)
            content = self._decode(text)
            answer = provider._webhook_test_answer(content, call.address)
            if answer is None:
                items = self._parse(provider, content)
                event_id, sms_id = self._store(entry, items, call, text)
                # The message's id only where it is known already.
                answer = {"status": "success", "event_id": event_id, "sms_id": sms_id}
            return request.make_json_response(answer)
        except Rejected as rejected:
            rejected.provider_id = provider.id
            raise

    def _store(self, entry, items, call, text):
        """Store the items and bind the signature to the body: both, or nothing.

        Return what the answer names: an event's id, and a message's.
        """
        provider, door = entry.provider, entry.version
        origin = {"raw": text, "remote": call.address or None, "door": door}
        for attempt in range(1, STORE_TRIES + 1):
            try:
                named = provider.env["sms.event"]._receive(provider, items, **origin)
                if self._bind(entry, call):
                    return named
                break
            except psycopg2.errors.SerializationFailure:
                if attempt == STORE_TRIES:
                    raise
                request.env.cr.rollback()
        request.env.cr.rollback()
        raise Rejected(*UNWELCOME[call.door], "replayed")

    def _check_token(self, entry, call):
        """A thief learns nothing, not even whether his body would be understood."""
        tokens = entry.provider.env["sms.webhook.token"]
        token = entry.verified
        if token and not tokens._is_free(entry.provider, token, call.body):
            raise Rejected(*UNWELCOME[call.door], "replayed")

    def _bind(self, entry, call):
        tokens = entry.provider.env["sms.webhook.token"]
        token = entry.verified
        return not token or tokens._take(entry.provider, token, call.body)

    def _text(self, body):
        """The body as text: UTF-8, or the older charset that the header declares."""
        try:
            return body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            declared = request.httprequest.mimetype_params.get("charset", "")
            if declared.lower() in LATIN_CHARSETS:
                return body.decode("cp1252", "replace")
            raise Rejected(400, "The body is not UTF-8", "body") from error

    def _decode(self, text):
        try:
            return json.loads(text)
        except RecursionError as error:
            raise Rejected(400, "The body is nested too deeply", "body") from error
        except ValueError:
            # Proxies turn JSON into forms: the gateway's addon reads those.
            return text

    def _parse(self, provider, content):
        """Items of a body: JSON, or text that the gateway's addon understands."""
        if not provider._can("parse_webhook"):
            raise Rejected(400, "This provider receives nothing", "body")
        try:
            return provider._parse_webhook(content)
        except ValueError as error:
            raise Rejected(400, str(error), "body") from error
        except RecursionError as error:
            raise Rejected(400, "The body is nested too deeply", "body") from error
