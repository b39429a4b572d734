from odoo import api, fields, models

LAST_ID = "currval('sms_event_body_id_seq')"


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
    def _insert_sql(self, provider_id, source, raw=None, remote=None):
        """Return the statement that inserts a body, and the expression of its id.

        It is sent along with the one that inserts the body's events. No user: each
        webhook would have to lock that user's row.
        """
        if not raw:
            return "", "NULL"
        statement = self.env.cr._obj.mogrify(
            """
            INSERT INTO sms_event_body (provider_id, source, raw, remote_address,
                create_date)
            VALUES (%s, %s, %s, %s, now() AT TIME ZONE 'UTC');
            """,
            [provider_id, source, raw.replace("\0", "\ufffd"), remote],
        )
        return statement.decode().replace("%", "%%"), LAST_ID

    @api.model
    def _delete_last(self):
        """Forget the body that was inserted last: it told nothing new."""
        self.env.cr.execute(
            "DELETE FROM sms_event_body WHERE id = currval('sms_event_body_id_seq')"
        )
