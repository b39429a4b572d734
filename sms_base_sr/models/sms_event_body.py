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

    @api.model
    def _insert(self, provider_id, source, raw=None, remote=None):
        """Insert a body and return its id."""
        if not raw:
            return None
        self.env.cr.execute(
            """
            INSERT INTO sms_event_body (provider_id, source, raw, remote_address,
                create_date, create_uid)
            VALUES (%s, %s, %s, %s, now() AT TIME ZONE 'UTC', %s) RETURNING id
            """,
            [
                provider_id,
                source,
                raw.replace("\0", "\ufffd"),
                remote,
                SUPERUSER_ID,
            ],
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _delete(self, body_id):
        """Forget a body that told nothing new."""
        self.env.cr.execute("DELETE FROM sms_event_body WHERE id = %s", [body_id])
