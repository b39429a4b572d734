import hashlib
from datetime import UTC, datetime, timedelta

from odoo import api, fields, models

# Clocks may differ: a token is accepted for half a minute after its end.
MARGIN = timedelta(minutes=5)


class SmsWebhookToken(models.Model):
    """Signatures that were used, each for one body, until they expire.

    The same token with the same body is a gateway that repeats itself: welcome. With
    another body it is a stolen one. Controllers insert, in the transaction that
    stores the events; expired rows are deleted by the daily clean-up.
    """

    _name = "sms.webhook.token"
    _description = "Used webhook signature"
    _log_access = False

    provider_id = fields.Many2one("sms.provider", required=True, ondelete="cascade")
    key = fields.Char(required=True)
    body_digest = fields.Char(required=True)
    expires = fields.Datetime(required=True, index=True)

    _key_unique = models.Constraint(
        "unique(provider_id, key)", "A signature is used for one body."
    )

    @api.model
    def _is_free(self, provider, verified, body):
        """Tell whether a token is not bound to another body, before that is read."""
        self.env.cr.execute(
            "SELECT body_digest FROM sms_webhook_token"
            " WHERE provider_id = %s AND key = %s",
            [provider.id, verified.replay_key],
        )
        return self.env.cr.fetchone() in (None, (digest_of(body),))

    @api.model
    def _take(self, provider, verified, body):
        """Bind a token to a body; return False where it is bound to another one.

        The unique key decides between calls of the same moment: the later one fails
        to serialize, and finds out when it is repeated.
        """
        self.env.cr.execute(
            """
            INSERT INTO sms_webhook_token (provider_id, key, body_digest, expires)
            VALUES (%s, %s, %s, %s) ON CONFLICT (provider_id, key) DO NOTHING
            RETURNING id
            """,
            [
                provider.id,
                verified.replay_key,
                digest_of(body),
                ends_at(verified.expires),
            ],
            log_exceptions=False,
        )
        return bool(self.env.cr.rowcount) or self._is_free(provider, verified, body)

    @api.autovacuum
    def _delete_expired(self):
        """Forget tokens that no check of ``exp`` would let through."""
        self.env.cr.execute(
            "DELETE FROM sms_webhook_token WHERE expires < %s",
            [fields.Datetime.now() - MARGIN],
        )
        self.invalidate_model()


def digest_of(body):
    """Return what is kept of a body."""
    return hashlib.sha256(body).hexdigest()


def ends_at(seconds):
    """Return the end of a token as the database writes dates."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
