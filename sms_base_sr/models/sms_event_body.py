from odoo import api, fields, models

LAST_ID = "currval('sms_event_body_id_seq')"
PROVIDER_SQL = """
    (SELECT id FROM sms_provider WHERE id = %(id)s AND active AND write_date = %(door)s)
"""


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
    def _insert_sql(self, provider_id, source, raw=None, remote=None, door=None):
        """Return the statement that inserts a body, and the expression of its id.

        It is sent along with the one that inserts the body's events. No user: each
        webhook would have to lock that user's row. ``door`` is the version of the
        provider that let the body in: of another one no id is found, and none is
        refused by the column.
        """
        if not raw:
            return "", "NULL"
        provider = PROVIDER_SQL if door else "%(id)s"
        statement = self.env.cr._obj.mogrify(
            f"""
            INSERT INTO sms_event_body (provider_id, source, raw, remote_address,
                create_date)
            VALUES ({provider}, %(source)s, %(raw)s, %(remote)s,
                now() AT TIME ZONE 'UTC');
            """,
            {
                "id": provider_id,
                "door": door,
                "source": source,
                "raw": raw.replace("\0", "\ufffd"),
                "remote": remote,
            },
        )
        return statement.decode().replace("%", "%%"), LAST_ID

    @api.model
    def _delete_last(self):
        """Forget the body that was inserted last: it told nothing new."""
        self.env.cr.execute(
            "DELETE FROM sms_event_body WHERE id = currval('sms_event_body_id_seq')"
        )
