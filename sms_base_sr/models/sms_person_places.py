from odoo import api, models

from ..tools.personal_data import DELETE, Place

NOTE = "%(note)s"
TYPE_REPLY = "sms_base_sr.mail_activity_type_reply"


class SmsPerson(models.AbstractModel):
    """The places of the base and of the core models that it writes to."""

    _inherit = "sms.person"

    @api.model
    def _places(self):
        return [
            *super()._places(),
            *GATEWAY,
            *CHATTER,
            *IMPORTS,
            *PROGRAMS,
            *PASSING,
            *SUPPRESSION,
            MESSAGES,
        ]

    @api.model
    def _parameters(self, person, token=None):
        kind = self.env.ref(TYPE_REPLY, raise_if_not_found=False)
        return {
            **super()._parameters(person, token),
            "note": self._note_text(person.company),
            "reply_type": kind.id if kind else None,
        }

    @api.model
    def _note_text(self, company):
        """What stands in the chatter where a text stood, in the company's language."""
        here = self.with_context(lang=company.partner_id.lang)
        return f"<p>{here.env._('The text of this SMS was deleted.')}</p>"


# What the gateway told: raw bodies first, they are found by their events too. A body
# may tell of others as well: their part is not shown, and stands in their own events.
GATEWAY = (
    Place(
        "sms.event.body",
        """t.provider_id = ANY(%(providers)s) AND (t.raw LIKE ANY(%(like)s) OR t.id IN (
            SELECT body_id FROM sms_event WHERE message_id = ANY(%(messages)s)))""",
        ("create_date", "source", "raw"),
        "raw = '{}'",
        shared=("raw",),
    ),
    Place(
        "sms.event",
        """t.provider_id = ANY(%(providers)s) AND (t.message_id = ANY(%(messages)s)
            OR t.phone = ANY(%(exact)s) OR t.phone = ANY(%(numbers)s)
            OR t.key LIKE ANY(%(like)s))""",
        ("create_date", "kind", "phone", "text", "reported_state", "key"),
        """phone = CASE WHEN phone IS NULL THEN NULL ELSE %(token)s END, text = NULL,
            key = CASE WHEN key LIKE ANY(%(like)s) THEN 'forgotten:' || id ELSE key END
        """,
    ),
    Place(
        "sms.batch.attempt",
        """(t.detail LIKE ANY(%(like)s) OR t.answer LIKE ANY(%(like)s)) AND t.batch_id
            IN (SELECT batch_id FROM sms_message WHERE id = ANY(%(messages)s))""",
        ("started_at", "detail", "answer"),
        "detail = NULL, answer = NULL",
        shared=("detail", "answer"),
    ),
    Place(
        "sms.batch",
        """t.failure_reason LIKE ANY(%(like)s) AND t.id
            IN (SELECT batch_id FROM sms_message WHERE id = ANY(%(messages)s))""",
        ("create_date", "failure_reason"),
        "failure_reason = NULL",
        shared=("failure_reason",),
    ),
)
# Core's chatter: notes of SMS, of replies, and of activities that remind of replies.
CHATTER = (
    Place(
        "mail.message",
        """(t.id IN (SELECT mail_message_id FROM mail_notification
                WHERE sms_message_id = ANY(%(messages)s))
            OR (t.model = 'res.partner' AND t.res_id = ANY(%(partners)s)
                AND (t.record_company_id IS NULL OR t.record_company_id = %(company)s)
                AND (t.message_type = 'sms'
                     OR t.mail_activity_type_id = %(reply_type)s))
            OR (t.model = 'phone.blacklist' AND t.res_id IN (
                SELECT id FROM phone_blacklist WHERE number = ANY(%(numbers)s)))
            OR (t.model = 'queue.job' AND t.body LIKE ANY(%(like)s)))""",
        ("date", "model", "message_type", "subject", "body"),
        "body = %(note)s, message_id = NULL, subject = NULL",
    ),
    Place(
        "mail.notification",
        "t.sms_message_id = ANY(%(messages)s) OR t.sms_number = ANY(%(exact)s)",
        ("sms_number", "notification_status", "failure_reason"),
        "sms_number = NULL, failure_reason = NULL, sms_message_id = NULL",
    ),
    Place(
        "mail.activity",
        """t.res_model = 'res.partner' AND t.res_id = ANY(%(partners)s)
            AND t.activity_type_id = %(reply_type)s""",
        ("create_date", "res_name", "summary", "note"),
        "note = NULL, res_name = NULL",
    ),
    Place(
        "mail.tracking.value",
        """t.mail_message_id IN (SELECT id FROM mail_message
                WHERE model IN ('phone.blacklist', 'queue.job'))
            AND (t.old_value_char LIKE ANY(%(like)s)
                 OR t.new_value_char LIKE ANY(%(like)s))""",
        ("old_value_char", "new_value_char"),
        DELETE,
    ),
    Place(
        "sms.sms",
        """(t.number = ANY(%(exact)s) OR t.partner_id = ANY(%(partners)s))
            AND t.state != 'outgoing'""",
        ("create_date", "number", "body", "state"),
        DELETE,
    ),
)
IMPORTS = (
    Place(
        "sms.contact.import.line",
        """t.import_id IN (SELECT id FROM sms_contact_import
                WHERE company_id = %(company)s)
            AND (t.phone = ANY(%(numbers)s) OR t.cells::text LIKE ANY(%(like)s))""",
        ("import_id", "number", "phone", "cells"),
        "phone = NULL, cells = NULL, detail = NULL",
    ),
    Place(
        "sms.contact.import",
        """t.company_id = %(company)s AND (t.sample::text LIKE ANY(%(like)s)
            OR t.sample::text LIKE ANY(%(names)s))""",
        ("create_date", "file_name", "sample"),
        "sample = NULL",
        shared=("sample",),
    ),
    Place(
        "sms.contact.import.column",
        """t.import_id IN (SELECT id FROM sms_contact_import
                WHERE company_id = %(company)s)
            AND (t.examples LIKE ANY(%(like)s) OR t.examples LIKE ANY(%(names)s))""",
        ("title", "examples"),
        "examples = NULL",
        shared=("examples",),
    ),
)
# What a program, or a person with a list, asked for; a campaign that is on its way
# keeps its audience.
PROGRAMS = (
    Place(
        "sms.api.campaign",
        """t.company_id = %(company)s
            AND (concat(t.domain, t.common_values)
                LIKE ANY(%(like)s::text[] || %(names)s::text[]))
            AND NOT EXISTS (SELECT 1 FROM sms_run r WHERE r.id = t.sms_run_id
                AND r.state NOT IN ('done', 'canceled', 'failed'))""",
        ("create_date", "name", "domain", "common_values"),
        "domain = NULL, common_values = NULL",
        shared=("domain", "common_values"),
    ),
    Place(
        "sms.composer.campaign",
        """t.company_id = %(company)s
            AND (concat(t.domain, t.body)
                LIKE ANY(%(like)s::text[] || %(names)s::text[]))
            AND NOT EXISTS (SELECT 1 FROM sms_run r WHERE r.id = t.sms_run_id
                AND r.state NOT IN ('done', 'canceled', 'failed'))""",
        ("create_date", "name", "domain", "body"),
        "domain = NULL, body = NULL",
    ),
)
# What goes by itself soon, and would be in a backup until then.
PASSING = (
    Place(
        "queue.job",
        """t.state IN ('done', 'cancelled', 'failed') AND
            concat(t.name, t.result, t.exc_message, t.exc_info, t.args, t.kwargs)
            LIKE ANY(%(like)s::text[] || %(names)s::text[])""",
        ("name", "state", "result", "exc_message"),
        DELETE,
        shared=("result", "exc_message"),
    ),
    Place(
        "bus.bus",
        "t.message LIKE ANY(%(like)s::text[] || %(names)s::text[])",
        ("create_date", "message"),
        DELETE,
        shared=("message",),
    ),
    Place(
        "sms.test.send",
        "regexp_replace(t.phone, '[^0-9+]', '', 'g') = ANY(%(exact)s)",
        ("create_date", "phone"),
        DELETE,
    ),
    Place(
        "sms.person.lookup",
        """regexp_replace(t.phone, '[^0-9+]', '', 'g') = ANY(%(exact)s)
            AND t.create_date < (now() AT TIME ZONE 'UTC') - interval '1 hour'""",
        ("create_date", "phone"),
        DELETE,
    ),
    Place(
        "res.users",
        "regexp_replace(t.sms_test_phone, '[^0-9+]', '', 'g') = ANY(%(exact)s)",
        ("login", "sms_test_phone"),
        "sms_test_phone = NULL",
    ),
)
SUPPRESSION = (
    Place(
        "phone.blacklist",
        "t.number = ANY(%(numbers)s)",
        ("number", "active", "create_date", "sms_date", "sms_text"),
        "sms_text = NULL, sms_message_id = NULL",
        "The number stays on the blacklist: it proves and keeps the opt-out.",
    ),
    Place(
        "sms.blacklist.sync",
        """t.number = ANY(%(numbers)s) AND t.provider_id = ANY(%(providers)s)
            AND NOT EXISTS (SELECT 1 FROM phone_blacklist b
                WHERE b.number = t.number AND b.active)""",
        ("number", "blocked", "told_at", "refusal"),
        DELETE,
    ),
)
# Last: the others are found by them. How they are erased stands in ``_forget``.
MESSAGES = Place(
    "sms.message",
    "t.id = ANY(%(messages)s)",
    (
        "create_date",
        "direction",
        "state",
        "phone",
        "body",
        "partner_id",
        "sent_date",
        "delivered_date",
        "failure_type",
        "error_message",
        "reply_class",
        "run_id",
        "user_id",
        "sms_count",
        "cost",
    ),
)
