from odoo import SUPERUSER_ID, api, fields, models


class SmsEventBody(models.Model):
    """A webhook's or a poll's body as it came, kept once for all of its events.

    Evidence for disputes and for payloads that nobody has seen before. Controllers
    and polls insert it; nobody changes it.
    """

    _name = "sms.event.body"
    _description = "Raw SMS event"
    _order = "id desc"

    provider_id = fields.Many2one("sms.provider", required=True, ondelete="cascade")
    source = fields.Selection([("webhook", "Webhook"), ("poll", "Poll")], required=True)
    remote_address = fields.Char()
    raw = fields.Text(required=True)
    signature_hash = fields.Char(
        readonly=True,
        index="btree_not_null",
        help="Digest of the signature, which is good for this body only.",
    )

    @api.model
    def _insert(self, provider_id, source, raw=None, remote=None, signature_hash=None):
        """Insert a body and return its id."""
        if not raw:
            return None
        self.env.cr.execute(
            """
            INSERT INTO sms_event_body (provider_id, source, raw, remote_address,
                signature_hash, create_date, create_uid)
            VALUES (%s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC', %s) RETURNING id
            """,
            [
                provider_id,
                source,
                raw.replace("\0", "\ufffd"),
                remote,
                signature_hash,
                SUPERUSER_ID,
            ],
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _delete(self, body_id):
        """Forget a body that told nothing new."""
        self.env.cr.execute("DELETE FROM sms_event_body WHERE id = %s", [body_id])

    @api.model
    def _signed_otherwise(self, signature_hash, raw):
        """Tell whether a signature has come with another body before."""
        known = self.search([("signature_hash", "=", signature_hash)])
        return any(body.raw != raw for body in known)
