from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..tools import native_states, planning, text_template
from ..tools.suppression import NOT_SUPPRESSED

COLUMNS = (
    "reference",
    "native_uuid",
    "batch_id",
    "phone",
    "body",
    "state",
    "failure_type",
    "error_message",
    "partner_id",
    "user_id",
    "char_count",
    "sms_count",
    "cost",
    "suppression_source",
    "suppression_name",
    "suppression_date",
)


class AnyTimes(set):
    """Numbers already written to: two SMS to one number are two SMS."""

    def add(self, element):
        """Forget it."""


class SmsNative(models.AbstractModel):
    """From core's ``sms.sms`` to the ledger: one message per uuid, however often asked.

    It has no records. All happens in the transaction of whoever sends, with as many
    queries for one SMS as for a thousand; jobs call the gateway later.
    """

    _name = "sms.native"
    _description = "SMS of Odoo handed over"

    @api.model
    def _hand_over(self, contents):
        """Make messages of a company's SMS; return core's results, one for each.

        :param contents: {uuid: (number, text)}
        """
        rows = self.env["sms.sms"].search([("uuid", "in", list(contents))])
        by_uuid = rows.grouped("uuid")
        known = self._known(list(contents))
        results = [self._result(uuid, *known[uuid]) for uuid in known]
        kinds = defaultdict(list)
        for uuid in contents:
            if uuid not in known:
                sms = by_uuid.get(uuid, rows.browse())
                kinds[sms._sms_message_class()].append((uuid, sms, *contents[uuid]))
        for message_class, wanted in kinds.items():
            results += self._hand_over_class(message_class, wanted)
        self._link_notes(list(contents))
        return results

    @api.model
    def _known(self, uuids):
        """{uuid: (state, reason)} of those that are messages.

        What never left begins anew: its message stays as it is, without the uuid.
        """
        self.env["sms.message"].flush_model(["native_uuid", "state", "failure_type"])
        self.env.cr.execute(
            "SELECT id, native_uuid, state, failure_type, error_message"
            " FROM sms_message WHERE native_uuid = ANY(%s)",
            [uuids],
        )
        known, again = {}, []
        for message_id, uuid, state, reason, detail in self.env.cr.fetchall():
            if native_states.may_begin_anew(state, reason):
                again.append(message_id)
            else:
                known[uuid] = (state, reason, detail)
        if again:
            self.env.cr.execute(
                "UPDATE sms_message SET native_uuid = NULL WHERE id = ANY(%s)", [again]
            )
            self.env["sms.message"].invalidate_model(["native_uuid"])
        return known

    # -- deciding ----------------------------------------------------------------------

    @api.model
    def _hand_over_class(self, message_class, wanted):
        """As a campaign's page: decide, store, wake the jobs."""
        company = self.env.company
        provider = company._sms_native_provider()
        recipients = self._recipients(wanted, message_class)
        run = self.env["sms.run"].new(
            {
                "company_id": company.id,
                "provider_id": provider.id,
                "message_class": message_class,
            }
        )
        page = planning.Page(
            text_template.compile_text("{{ text }}"),
            taken=AnyTimes(),
            suppressed=run._numbers_suppressed(recipients),
            common={},
            refused=run._contacts_suppressed(recipients),
        )
        decisions = page.decide(recipients)
        self._store(decisions, wanted, provider, message_class)
        return [
            self._result(uuid, "canceled", decision.failure_type, decision.detail)
            if decision.failure_type
            else self._result(uuid, "outgoing", None)
            for decision, (uuid, *_rest) in zip(decisions, wanted, strict=True)
        ]

    @api.model
    def _recipients(self, wanted, message_class):
        company = self.env.company
        normalize = self.env["sms.message"]._normalize_phone
        numbers = [normalize(number, company) for _u, _sms, number, _text in wanted]
        partners = self.env["sms.api"]._partners_of([n for n in numbers if n])
        return [
            planning.Recipient(
                source_id=position,
                raw_phone=raw,
                phone=number,
                values={"text": sms._sms_text(text or "", message_class)},
                partner_id=sms._sms_partner_id(partners.get(number)),
                user_id=self._author_id(sms),
            )
            for position, ((_uuid, sms, raw, text), number) in enumerate(
                zip(wanted, numbers, strict=True)
            )
        ]

    @api.model
    def _author_id(self, sms):
        """Who wrote it; an automatism is nobody's conversation."""
        author = sms.create_uid.id
        return author if author != SUPERUSER_ID else None

    @api.model
    def _result(self, uuid, state, reason, detail=None):
        """What core makes states, notifications and traces of."""
        result = {"uuid": uuid, "state": native_states.result(state, reason)}
        if reason:
            field = self.env["sms.message"]._fields["failure_type"]
            labels = dict(field._description_selection(self.env))
            result["failure_reason"] = detail or labels.get(reason)
        return result

    # -- storing -----------------------------------------------------------------------

    @api.model
    def _store(self, decisions, wanted, provider, message_class):
        """All messages in one statement; each zone's in a batch of its own."""
        batches = self.env["sms.api"]._batches_of(
            decisions, provider, message_class, native=True
        )
        constants = self._constants(provider, message_class)
        extra = [sms._sms_message_columns() for _uuid, sms, *_rest in wanted]
        names = list(self.env["sms.sms"]._sms_message_columns())
        rows = [
            (
                *self._row(decision, uuid, batches, provider),
                *(more[name] for name in names),
                *constants.values(),
            )
            for decision, (uuid, *_rest), more in zip(
                decisions, wanted, extra, strict=True
            )
        ]
        self.env["sms.message"]._copy_rows([*COLUMNS, *names, *constants], rows)
        channel = "root.sms.now" if len(decisions) == 1 else "root.sms.send"
        made = self.env["sms.batch"].browse(dict.fromkeys(batches.values()))
        made._enqueue(channel=channel)

    @api.model
    def _constants(self, provider, message_class):
        now = fields.Datetime.now()
        return {
            "company_id": self.env.company.id,
            "provider_id": provider.id,
            "message_class": message_class,
            "direction": "outgoing",
            "create_uid": self.env.uid,
            "write_uid": self.env.uid,
            "create_date": now,
            "write_date": now,
        }

    @api.model
    def _row(self, decision, uuid, batches, provider):
        recipient, why = decision.recipient, decision.why or NOT_SUPPRESSED
        since = why.since or (fields.Datetime.now() if why.reason else None)
        text = decision.text or recipient.values["text"]
        return (
            decision.reference,
            uuid,
            batches.get(decision.reference),
            recipient.phone or recipient.raw_phone or None,
            text,
            "outgoing" if decision.sendable else "canceled",
            decision.failure_type,
            decision.detail,
            recipient.partner_id or None,
            recipient.user_id or None,
            len(text),
            decision.segments,
            decision.segments * provider.price_per_segment,
            why.source,
            why.name,
            since,
        )

    @api.model
    def _link_notes(self, uuids):
        """Core's own notes are the notes of these messages: no second one is made.

        What core logged for many without a notification gets one, so that its status
        is seen.
        """
        self.env["mail.notification"].flush_model()
        self.env["sms.sms"].flush_model()
        self.env.cr.execute(
            """
            UPDATE mail_notification n SET sms_message_id = m.id
            FROM sms_sms s JOIN sms_message m ON m.native_uuid = s.uuid
            WHERE s.uuid = ANY(%s) AND n.sms_id_int = s.id
              AND n.notification_type = 'sms'
            """,
            [uuids],
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_notification (mail_message_id, res_partner_id,
                    author_id, notification_type, notification_status, failure_type,
                    sms_number, is_read, sms_id_int, sms_message_id)
                SELECT s.mail_message_id, m.partner_id, %(author)s, 'sms',
                    CASE m.state WHEN 'canceled' THEN 'canceled' ELSE 'process' END,
                    NULL, s.number, TRUE, s.id, m.id
                FROM sms_sms s JOIN sms_message m ON m.native_uuid = s.uuid
                WHERE s.uuid = ANY(%(uuids)s) AND s.mail_message_id IS NOT NULL
                  AND NOT EXISTS (
                    SELECT 1 FROM mail_notification n WHERE n.sms_message_id = m.id)
                """,
                author=self.env.company.partner_id.id,
                uuids=uuids,
            )
        )
        self.env["mail.notification"].invalidate_model()
        self.env["mail.message"].invalidate_model(["notification_ids"])
