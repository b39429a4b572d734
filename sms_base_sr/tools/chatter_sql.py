"""SQL of the notes in the chatter: Odoo's own look, a whole batch in one statement."""

from .native_states import FAILURES, STATE_FAILURES

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


def case_sql(mapping: dict[str, str], column: str) -> str:
    """Return a CASE expression of constants for a mapping of states."""
    whens = " ".join(f"WHEN '{k}' THEN '{v}'" for k, v in mapping.items())
    return f"(CASE {column} {whens} END)"


STATUS_SQL = case_sql(NOTIFICATION_STATUS, "m.state")
REASON_SQL = case_sql(FAILURES, "m.failure_type")
# The state tells it, except of what never left.
FAILURE_SQL = f"""(CASE
    WHEN m.state = 'canceled' THEN COALESCE({REASON_SQL}, 'unknown')
    WHEN m.failure_type = 'not_attempted' THEN {REASON_SQL}
    ELSE {case_sql(STATE_FAILURES, "m.state")} END)"""
FAILED_SQL = "m.state IN ('error', 'expired', 'rejected')"
# A body as Odoo's own SMS notes have it: escaped, with line breaks.
BODY_SQL = """'<p>' || replace(replace(replace(replace(COALESCE(body, ''),
    '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\\n', '<br/>') || '</p>'"""
# Filled in by ``odoo.tools.SQL``; ``condition`` chooses among the messages ``m``.
# The notifications do not read ``note``: PostgreSQL, which expects one row of it, would
# compare each note with each message. Their keys are checked when all are in place.
NOTES_SQL = f"""
    WITH source AS (
        SELECT m.id, m.partner_id, m.phone, m.body, m.state, m.sent_date,
               m.failure_type,
               nextval('mail_message_id_seq') AS note_id
        FROM sms_message m
        WHERE %(condition)s AND m.company_id = %(company)s
          AND m.partner_id IS NOT NULL AND m.sent_date IS NOT NULL
          AND NOT EXISTS (
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
    )
    INSERT INTO mail_notification (mail_message_id, res_partner_id, author_id,
        notification_type, notification_status, failure_type, sms_number,
        is_read, sms_message_id)
    SELECT m.note_id, m.partner_id, %(author)s, 'sms', {STATUS_SQL},
        {FAILURE_SQL}, m.phone, TRUE, m.id
    FROM source m
"""
