from odoo import api, fields, models


class SmsMessage(models.Model):
    """The mailing of SMS Marketing that a message belongs to."""

    _inherit = "sms.message"

    mailing_id = fields.Many2one(
        "mailing.mailing",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="sms_base_sr.group_sms_user",
    )

    def _engine_fields(self):
        return super()._engine_fields() | {"mailing_id"}

    @api.model
    def _forget(self, ids, tokens, company, before):
        """The traces' copies of the number go with the messages' own."""
        self.env.cr.execute(
            """
            UPDATE mailing_trace t SET sms_number = NULL, failure_reason = NULL
            FROM sms_tracker k JOIN sms_message m ON m.native_uuid = k.sms_uuid
            WHERE k.mailing_trace_id = t.id AND m.id = ANY(%s)
            """,
            [list(ids)],
        )
        return super()._forget(ids, tokens, company, before)

    def _after_incoming(self):
        """SMS Marketing counts who replied, as it does with mails."""
        result = super()._after_incoming()
        uuids = self.parent_id.filtered("mailing_id").mapped("native_uuid")
        if uuids:
            # sudo: traces are SMS Marketing's own.
            trackers = self.env["sms.tracker"].sudo()
            found = trackers.search([("sms_uuid", "in", uuids)])
            found.mailing_trace_id.set_replied()
        return result
