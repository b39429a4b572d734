from odoo import models

# Odoo's words: "pending" is shown as Sent and "sent" as Delivered.
NOTIFICATION_STATUS = {
    "draft": "ready",
    "outgoing": "ready",
    "sent": "pending",
    "delivered": "sent",
    "error": "exception",
    "expired": "exception",
    "rejected": "bounce",
    "canceled": "canceled",
}
FAILURE_TYPE = {
    "error": "sms_not_delivered",
    "expired": "sms_expired",
    "rejected": "sms_rejected",
}


def case_sql(mapping, column):
    """Return a CASE expression of constants for a mapping of states."""
    whens = " ".join(f"WHEN '{k}' THEN '{v}'" for k, v in mapping.items())
    return f"(CASE {column} {whens} END)"


STATUS_SQL = case_sql(NOTIFICATION_STATUS, "m.state")
FAILURE_SQL = case_sql(FAILURE_TYPE, "m.state")
# A body as Odoo's own SMS notes have it: escaped, with line breaks.
BODY_SQL = """'<p>' || replace(replace(replace(replace(COALESCE(body, ''),
    '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\\n', '<br/>') || '</p>'"""


class SmsBatch(models.Model):
    """The chatter mirror: each SMS in its partner's chatter, in Odoo's own look.

    One statement per batch: the ORM would take eight times as long. The author is the
    company, never a user, whose messaging menu would fill with failures.
    """

    _inherit = "sms.batch"

    def _mirror_chatter(self):
        """Write the notes of a batch's messages that have none yet."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            f"""
            WITH source AS (
                SELECT m.id, m.partner_id, m.phone, m.body, m.state, m.sent_date,
                       nextval('mail_message_id_seq') AS note_id
                FROM sms_message m
                WHERE m.batch_id = %(batch)s AND m.partner_id IS NOT NULL
                  AND m.sent_date IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM mail_notification n WHERE n.sms_message_id = m.id)
            ), note AS (
                INSERT INTO mail_message (id, model, res_id, message_type, subtype_id,
                    author_id, email_from, body, date, message_id, is_internal,
                    record_company_id, create_uid, write_uid, create_date, write_date)
                SELECT note_id, 'res.partner', partner_id, 'sms', %(subtype)s,
                    %(author)s, %(email)s, {BODY_SQL}, sent_date,
                    '<sms-' || id || '@sms-message>', TRUE, %(company)s,
                    %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC',
                    now() AT TIME ZONE 'UTC'
                FROM source m
                RETURNING id
            )
            INSERT INTO mail_notification (mail_message_id, res_partner_id, author_id,
                notification_type, notification_status, failure_type, sms_number,
                is_read, sms_message_id)
            SELECT m.note_id, m.partner_id, %(author)s, 'sms', {STATUS_SQL},
                {FAILURE_SQL}, m.phone, TRUE, m.id
            FROM source m JOIN note ON note.id = m.note_id
            """,
            {
                "batch": self.id,
                "subtype": self.env.ref("mail.mt_note").id,
                "author": self.company_id.partner_id.id,
                "email": self.company_id.email_formatted or self.company_id.name,
                "company": self.company_id.id,
                "uid": self.env.uid,
            },
        )
        self.env.invalidate_all()
        self._push_live()

    def _enqueue_status_mirror(self):
        """Have the notes of these batches show the state that their SMS have now."""
        for batch in self:
            if batch.company_id.sms_chatter_mode != "none" and batch.sent_date:
                batch.with_delay(
                    description=self.env._("Chatter status: %s", batch._job_title())
                )._mirror_statuses()

    def _mirror_statuses(self):
        """Bring the notes' statuses up to date by one statement."""
        self.env.flush_all()
        self.env.cr.execute(
            f"""
            UPDATE mail_notification n
            SET notification_status = {STATUS_SQL}, failure_type = {FAILURE_SQL},
                failure_reason = m.error_message
            FROM sms_message m
            WHERE n.sms_message_id = m.id AND m.batch_id = ANY(%s)
              AND n.notification_status IS DISTINCT FROM {STATUS_SQL}
            """,
            [self.ids],
        )
        self.env["mail.notification"].invalidate_model()
        self._push_live()

    def _push_live(self):
        """Show a single SMS's status in open browsers; campaigns would flood them."""
        single = self.filtered(lambda batch: not batch.run_id)
        notifications = self.env["mail.notification"].search(
            [("sms_message_id.batch_id", "in", single.ids)]
        )
        if notifications:
            notifications._sms_push()
