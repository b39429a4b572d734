from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import pseudonym

# Runs that will still send, or may.
OPEN_RUNS = ("draft", "planning", "ready", "scheduled", "sending", "paused")
OPEN_BATCHES = ("draft", "queued", "sending", "unknown")


class SmsMessage(models.Model):
    """Forgetting: text, number and contact go, what is counted stays.

    The same statements serve retention and erasure, a page at a time, whatever its
    size. A pseudonym takes the number's place, so that different customers are still
    counted as such.
    """

    _inherit = "sms.message"

    anonymized_at = fields.Datetime("Anonymised on", readonly=True, copy=False)

    def _engine_fields(self):
        return super()._engine_fields() | {"anonymized_at"}

    @api.model
    def _forget(self, ids, tokens, company, before):
        """Anonymise these messages and every copy that hangs on them.

        :param tokens: {phone: pseudonym} of all their numbers
        :param before: activities' notes that are older go as well
        """
        self._forget_notes(ids, company, before)
        self._forget_told(ids, tokens)
        self._forget_rows(ids, tokens)
        self.env.invalidate_all()

    @api.model
    def _forget_notes(self, ids, company, before):
        """Notes stay where they were in the chatter, without text and link."""
        values = {
            "ids": list(ids),
            "before": before,
            "note": self.env["sms.person"]._note_text(company),
            "kind": self._activity_type_reply().id,
        }
        for statement in NOTES_SQL:
            self.env.cr.execute(statement, values)

    @api.model
    def _forget_told(self, ids, tokens):
        """What the gateway told of them word by word; the blacklist's link."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE sms_event e SET phone = t.token, text = NULL
                FROM sms_event o
                LEFT JOIN unnest(%s::text[], %s::text[]) t(phone, token)
                    ON t.phone = o.phone
                WHERE o.id = e.id AND o.message_id = ANY(%s)
                """,
                list(tokens),
                list(tokens.values()),
                list(ids),
            )
        )
        # The words of an opt-out are its evidence and stay; whose they were goes.
        self.env.cr.execute(
            "UPDATE phone_blacklist SET sms_message_id = NULL"
            " WHERE sms_message_id = ANY(%s)",
            [list(ids)],
        )

    @api.model
    def _forget_rows(self, ids, tokens):
        self.env.cr.execute(
            """
            UPDATE sms_message m SET phone = t.token, body = NULL, partner_id = NULL,
                source_id = NULL, error_message = NULL,
                dedupe_key = CASE WHEN m.dedupe_key IS NOT NULL
                    THEN t.token || '#' || m.id END,
                anonymized_at = now() AT TIME ZONE 'UTC'
            FROM sms_message o LEFT JOIN unnest(%s::text[], %s::text[]) t(phone, token)
                ON t.phone = o.phone
            WHERE o.id = m.id AND m.id = ANY(%s)
            """,
            [list(tokens), list(tokens.values()), list(ids)],
        )

    @api.model
    def _on_their_way(self, ids):
        """Return ``{campaign or "": messages}`` of those that may still leave."""
        self.env.flush_all()
        self.env.cr.execute(
            f"""
            SELECT COALESCE(r.name, ''), count(*) FROM sms_message m
            LEFT JOIN sms_run r ON r.id = m.run_id
            LEFT JOIN sms_batch b ON b.id = m.batch_id
            WHERE m.id = ANY(%s) AND {ON_ITS_WAY_SQL} GROUP BY 1 ORDER BY 1
            """,
            [list(ids)],
        )
        return dict(self.env.cr.fetchall())

    def _check_can_be_sent(self):
        if self.anonymized_at or pseudonym.is_pseudonym(self.phone):
            raise UserError(self.env._("This SMS was anonymised: write a new one."))
        return super()._check_can_be_sent()


ON_ITS_WAY_SQL = f"""
    (m.state = 'outgoing' OR b.state IN ('sending', 'unknown') OR b.try_again
     OR (m.state = 'draft' AND (b.state IN {OPEN_BATCHES} OR r.state IN {OPEN_RUNS})))
"""
NOTES_SQL = (
    """
    UPDATE mail_message n SET body = %(note)s, subject = NULL, message_id = NULL
    FROM mail_notification f
    WHERE f.sms_message_id = ANY(%(ids)s) AND n.id = f.mail_message_id
    """,
    """
    UPDATE mail_message n SET body = %(note)s, subject = NULL, message_id = NULL
    FROM sms_message m
    WHERE m.id = ANY(%(ids)s) AND m.direction = 'incoming'
      AND n.model = 'res.partner' AND n.res_id = m.partner_id
      AND ((n.message_type = 'sms' AND n.date = m.sent_date)
           OR (n.mail_activity_type_id = %(kind)s AND n.date < %(before)s))
    """,
    """
    UPDATE mail_activity a SET note = NULL, res_name = NULL FROM sms_message m
    WHERE m.id = ANY(%(ids)s) AND m.direction = 'incoming'
      AND a.res_model = 'res.partner' AND a.res_id = m.partner_id
      AND a.activity_type_id = %(kind)s AND a.create_date < %(before)s
    """,
    """
    UPDATE mail_notification SET sms_number = NULL, failure_reason = NULL,
        sms_message_id = NULL
    WHERE sms_message_id = ANY(%(ids)s)
    """,
)
