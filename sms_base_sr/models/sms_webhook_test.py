import json
import logging
import secrets
from urllib.parse import urlsplit

import requests

from odoo import api, fields, models

from ..tools import webhook_auth

_logger = logging.getLogger(__name__)

KEY = "sms_webhook_test"
LONGEST_NONCE = 64
TIMEOUT = (5, 10)


class SmsProvider(models.Model):
    """*Test webhook*: call ourselves from outside, as the gateway does, and tell."""

    _inherit = "sms.provider"

    def action_test_webhook(self):
        """Post a test call to the public address and say what came back."""
        self.ensure_one()
        self.check_access("write")
        if not self._webhook_path():
            words = self.env._("This provider type has no webhook: nothing to test.")
            return self._notify("info", words)
        url = self._webhook_url()
        if not url:
            return self._notify("danger", self.webhook_problem)
        nonce = secrets.token_urlsafe(16)
        body = json.dumps({KEY: nonce}).encode()
        started = fields.Datetime.now()
        try:
            answer = self._post_webhook_test(url, body, self._test_headers(body))
        except requests.RequestException as error:
            _logger.info("Webhook test: %s", type(error).__name__)
            return self._notify("danger", self._unreachable_words(error))
        return self._notify(*self._test_words(answer, nonce, started))

    @api.model
    def _post_webhook_test(self, url, body, headers):
        # The address must answer itself: a gateway follows no redirection.
        return requests.post(
            url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
        )

    def _test_headers(self, body):
        headers = {"Content-Type": "application/json"}
        if self.webhook_strict:
            token = webhook_auth.sign(self._get_secret("jwt_secret"), body)
            headers["X-SMS-Signature"] = token
        return headers

    # -- the answer --------------------------------------------------------------------

    def _webhook_test_answer(self, body, address):
        """Return what a test call is answered, or None where the body is none.

        Nothing is stored. The proof can be made with this database's key only.
        """
        nonce = body.get(KEY) if isinstance(body, dict) and len(body) == 1 else None
        if not isinstance(nonce, str) or not 0 < len(nonce) <= LONGEST_NONCE:
            return None
        proof = self._webhook_test_proof(nonce)
        blank = {"event_id": None, "sms_id": None}
        return {"status": "success", "test": proof, "sender": address, **blank}

    def _webhook_test_proof(self, nonce):
        return self._secret_box().fingerprint(f"{KEY}:{self.id}:{ascii(nonce)}")

    # -- words -------------------------------------------------------------------------

    def _test_words(self, answer, nonce, started):
        """Return kind and text of what an answer means."""
        found = answer_of(answer)
        if answer.status_code == 200 and found.get("test") == (
            self._webhook_test_proof(nonce)
        ):
            milliseconds = round(answer.elapsed.total_seconds() * 1000)
            return "success", self.env._(
                "It works: the test call came in at %(base)s and was accepted after "
                "%(time)s ms, as coming from %(sender)s.",
                base=self._webhook_base(),
                time=milliseconds,
                sender=found.get("sender") or "?",
            )
        return "danger", self._failed_test_words(answer, started)

    def _failed_test_words(self, answer, started):
        base, status = self._webhook_base(), answer.status_code
        if 300 <= status < 400:
            return self.env._(
                "%(base)s sends callers on to %(target)s, where gateways do not "
                "follow: enter the final address as “Webhook base address”.",
                base=base,
                target=urlsplit(answer.headers.get("Location") or "").netloc or "?",
            )
        if status in (401, 403, 429):
            return self.env._(
                "%(base)s answered %(status)s: refused. %(reason)s",
                base=base,
                status=status,
                reason=self._why_refused(started),
            )
        if status == 200:
            return self.env._(
                "Something answers at %s, but it is not this Odoo: check the address "
                "and where its proxy sends webhooks.",
                base,
            )
        return self.env._(
            "%(base)s answered %(status)s instead of 200: check that its proxy lets "
            "webhooks through to this Odoo and this database.",
            base=base,
            status=status,
        )

    def _why_refused(self, started):
        """Read our own record of the refusal, which is newer than our transaction."""
        with self.env.registry.cursor() as cr:
            refusal = self.env(cr=cr)["sms.webhook.refusal"].search(
                [
                    ("provider_id", "in", [self.id, False]),
                    ("last_date", ">=", fields.Datetime.subtract(started, seconds=1)),
                ],
                limit=1,
            )
            if not refusal:
                return self.env._("This Odoo did not see the call: it was the proxy.")
            reasons = dict(refusal._fields["reason"]._description_selection(self.env))
            return f"{reasons[refusal.reason]} ({refusal.address}). {refusal.advice}"

    def _unreachable_words(self, error):
        base = self._webhook_base()
        if isinstance(error, requests.exceptions.SSLError):
            return self.env._(
                "The certificate of %s is not accepted: gateways would refuse too.",
                base,
            )
        if isinstance(error, requests.Timeout):
            return self.env._(
                "%s does not answer. A firewall may be in the way, or all of this "
                "server's workers are busy: then try again.",
                base,
            )
        return self.env._(
            "Nobody answers at %s: check the address, the name server and the proxy.",
            base,
        )


def answer_of(answer):
    """Return the JSON object of an answer, or an empty one."""
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
