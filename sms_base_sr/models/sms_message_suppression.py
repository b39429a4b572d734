from odoo import api, fields, models
from odoo.tools import format_date

from ..tools import failures, suppression

FIELDS = ("suppression_source", "suppression_name", "suppression_date")
BY_GATEWAY = {key for key, _label in failures.BY_GATEWAY}


class SmsMessage(models.Model):
    """Each decision not to text tells where it is known from, and since when."""

    _inherit = "sms.message"

    suppression_source = fields.Selection(
        suppression.SOURCES, "Known from", readonly=True, copy=False
    )
    suppression_name = fields.Char("Source", readonly=True, copy=False)
    suppression_date = fields.Datetime("Known since", readonly=True, copy=False)
    suppression_words = fields.Char(
        "Source and date", compute="_compute_suppression_words"
    )

    def _engine_fields(self):
        return super()._engine_fields() | set(FIELDS)

    @api.depends("failure_type", *FIELDS)
    @api.depends_context("lang", "tz")
    def _compute_suppression_words(self):
        for message in self:
            known = message.failure_type and message.suppression_source
            message.suppression_words = known and message._suppression_in_words()

    def _suppression_in_words(self):
        """Say it as people do: *reply of 12/03/2026 to “Natal”*."""
        self.ensure_one()
        day = self.suppression_date or self.create_date
        moment = fields.Datetime.context_timestamp(self, day) if day else None
        words = {"name": self.suppression_name, "date": format_date(self.env, moment)}
        sentence = self._suppression_sentences(bool(words["name"]))
        return sentence[self.suppression_source] % words

    def _suppression_sentences(self, named):
        """The sentence of each source; ``named`` where more is known of it."""
        if named:
            return {
                **self._suppression_sentences(False),
                "reply": self.env._("reply of %(date)s to “%(name)s”"),
                "person": self.env._("by %(name)s on %(date)s"),
                "gateway": self.env._("answer of %(name)s on %(date)s"),
                "register": self.env._("list “%(name)s” of %(date)s"),
            }
        return {
            "reply": self.env._("reply of %(date)s"),
            "person": self.env._("by a person on %(date)s"),
            "system": self.env._("Odoo, on %(date)s"),
            "gateway": self.env._("answer of the gateway on %(date)s"),
            "register": self.env._("do-not-disturb list of %(date)s"),
            "consent_none": self.env._("none on record on %(date)s"),
            "consent_revoked": self.env._("revoked on %(date)s"),
            "consent_expired": self.env._("expired on %(date)s"),
            "history": self.env._("last SMS of %(date)s"),
            "contact": self.env._("the contact's data on %(date)s"),
            "campaign": self.env._("the campaign on %(date)s"),
        }

    def action_reset_to_draft(self):
        """What will be sent after all has no reason any more."""
        result = super().action_reset_to_draft()
        # sudo: see there.
        self.sudo().write(dict.fromkeys(FIELDS, False))
        return result

    # -- what the gateway says ---------------------------------------------------------

    @api.model
    def _store_acceptance(self, rows, request_id, sent_date, price=0.0):
        result = super()._store_acceptance(rows, request_id, sent_date, price)
        self._note_gateway_reasons(row[0] for row in rows if row[3] in BY_GATEWAY)
        return result

    @api.model
    def _raise_states(self, rows):
        result = super()._raise_states(rows)
        self._note_gateway_reasons(row[0] for row in rows if row[2] in BY_GATEWAY)
        return result

    @api.model
    def _note_gateway_reasons(self, message_ids):
        """Refusals are the gateway's word, of today; it keeps to some of them."""
        ids = list(message_ids)
        if not ids:
            return
        self.env.cr.execute(
            """
            UPDATE sms_message m SET suppression_source = 'gateway',
                suppression_name = p.name,
                suppression_date = now() AT TIME ZONE 'UTC'
            FROM sms_provider p
            WHERE m.id = ANY(%s) AND p.id = m.provider_id
              AND m.failure_type = ANY(%s) AND m.suppression_source IS NULL
            """,
            [ids, sorted(BY_GATEWAY)],
        )
        self.invalidate_model(FIELDS)
        self.env["sms.gateway.block"]._note(ids)
