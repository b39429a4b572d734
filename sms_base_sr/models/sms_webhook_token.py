import hashlib
from datetime import UTC, datetime, timedelta

from odoo import api, fields, models

# No clock is believed beyond this; a token that lives longer is refused by nobody,
# but remembered no longer.
LONGEST = timedelta(days=3650)
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
    def _take(self, provider, verified, body):
        """Bind a token to a body; return False where it is bound to another one.

        The unique key decides between calls of the same moment: the later one fails
        to serialize, and finds out when it is repeated.
        """
        digest = hashlib.sha256(body).hexdigest()
        expires = ends_at(verified.expires)
        self.env.cr.execute(
            """
            INSERT INTO sms_webhook_token (provider_id, key, body_digest, expires)
            VALUES (%s, %s, %s, %s) ON CONFLICT (provider_id, key) DO NOTHING
            RETURNING id
            """,
            [provider.id, verified.replay_key, digest, expires],
            log_exceptions=False,
        )
        if self.env.cr.rowcount:
            return True
        self.env.cr.execute(
            "SELECT body_digest FROM sms_webhook_token"
            " WHERE provider_id = %s AND key = %s",
            [provider.id, verified.replay_key],
        )
        return self.env.cr.fetchone() == (digest,)

    @api.autovacuum
    def _delete_expired(self):
        """Forget tokens that no check of ``exp`` would let through."""
        self.env.cr.execute(
            "DELETE FROM sms_webhook_token WHERE expires < %s",
            [fields.Datetime.now() - MARGIN],
        )
        self.invalidate_model()


def ends_at(seconds):
    """Return the end of a token as a date that the database can hold."""
    latest = datetime.now(UTC) + LONGEST
    end = min(float(seconds), latest.timestamp())
    return datetime.fromtimestamp(end, UTC).replace(tzinfo=None)
