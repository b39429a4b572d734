import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import failures, planning, segments
from ..tools.uuid7 import new_reference
from .sms_run import MESSAGE_CLASSES

STATES = [
    ("draft", "Draft"),
    ("outgoing", "In queue"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("error", "Not delivered"),
    ("rejected", "Rejected"),
    ("expired", "Expired"),
    ("canceled", "Cancelled"),
]
REPLY_CLASSES = [
    ("interested", "Interested"),
    ("opt_out", "Opt-out"),
    ("opt_in", "Opt-in"),
    ("other", "Other"),
]
# What nobody may type: each of them says what happened on the wire, or what it costs,
# or whose record a message was made for (its name is shown without asking again).
ENGINE_FIELDS = {
    "reference",
    "direction",
    "state",
    "run_id",
    "batch_id",
    "dedupe_key",
    "retry_of_id",
    "failure_type",
    "error_message",
    "provider_message_id",
    "provider_job_id",
    "sent_date",
    "delivered_date",
    "reply_class",
    "source_id",
    "sms_count",
    "cost",
}
# Of these, and only while it is theirs, people write drafts.
FROZEN_FIELDS = {
    "body",
    "phone",
    "partner_id",
    "direction",
    "company_id",
    "provider_id",
    "message_class",
}


class SmsMessage(models.Model):
    """The record of one SMS, out or in, or of the decision not to send one.

    Not a mail.thread: tracking makes status writes a hundred times slower, and the
    history that people look for stands in the partner's chatter. People write drafts;
    from the moment of sending the engine alone writes it.
    """

    _name = "sms.message"
    _description = "SMS message"
    _order = "id desc"
    _rec_name = "phone"
    _check_company_auto = True

    reference = fields.Char(
        required=True, readonly=True, copy=False, default=lambda self: new_reference()
    )
    direction = fields.Selection(
        [("outgoing", "Outgoing"), ("incoming", "Incoming")],
        required=True,
        default="outgoing",
        readonly=True,
    )
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", index="btree_not_null", ondelete="set null"
    )
    recipient_name = fields.Char("Name", compute="_compute_recipient_name")
    user_id = fields.Many2one(
        "res.users", "Salesperson", default=lambda self: self.env.user
    )
    phone = fields.Char(
        compute="_compute_phone", store=True, readonly=False, precompute=True
    )
    body = fields.Text("Message")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    provider_id = fields.Many2one("sms.provider", check_company=True)
    message_class = fields.Selection(MESSAGE_CLASSES, required=True, default="service")
    run_id = fields.Many2one("sms.run", readonly=True, ondelete="cascade")
    batch_id = fields.Many2one("sms.batch", readonly=True, index="btree_not_null")
    source_id = fields.Integer("Audience record", readonly=True)
    dedupe_key = fields.Char(readonly=True, copy=False)
    # Few have them, so the indexes are small; without, each message that is deleted
    # (with its run, say) would have the whole table read for those that name it.
    retry_of_id = fields.Many2one(
        "sms.message", "Retry of", readonly=True, copy=False, index="btree_not_null"
    )
    parent_id = fields.Many2one(
        "sms.message",
        "In reply to",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    failure_type = fields.Selection(
        failures.FAILURES, "Reason", readonly=True, copy=False
    )
    error_message = fields.Char("Details", readonly=True, copy=False)
    provider_message_id = fields.Char("Gateway's message id", readonly=True, copy=False)
    provider_job_id = fields.Char("Gateway's request id", readonly=True, copy=False)
    provider_reference = fields.Char("Reference at the gateway", related="reference")
    sent_date = fields.Datetime("Sent on", readonly=True, copy=False)
    delivered_date = fields.Datetime("Delivered on", readonly=True, copy=False)
    char_count = fields.Integer(
        "Characters", compute="_compute_segments", store=True, precompute=True
    )
    sms_count = fields.Integer(
        "Segments", compute="_compute_segments", store=True, precompute=True
    )
    cost = fields.Float(
        digits=(16, 4), compute="_compute_cost", store=True, precompute=True
    )
    reply_class = fields.Selection(
        REPLY_CLASSES, "Kind of reply", readonly=True, copy=False
    )

    _reference_unique = models.Constraint(
        "unique(reference)", "The reference of a message is unique."
    )
    _sends_once = models.UniqueIndex(
        "(run_id, dedupe_key) WHERE dedupe_key IS NOT NULL",
        "A campaign sends to each number once.",
    )
    _run_keyset = models.Index("(run_id, id)")
    _provider_message = models.Index(
        "(provider_message_id) WHERE provider_message_id IS NOT NULL"
    )
    # Replies are few: without this, counting them would read the whole run.
    _run_replies = models.Index("(run_id, phone) WHERE direction = 'incoming'")
    _phone = models.Index("(phone) WHERE phone IS NOT NULL")

    @api.depends("partner_id")
    def _compute_phone(self):
        for message in self:
            if message.partner_id and message.state == "draft":
                message.phone = message.partner_id.phone

    @api.depends("body")
    def _compute_segments(self):
        for message in self:
            measured = segments.measure(message.body or "")
            message.char_count = measured.characters
            message.sms_count = measured.segments

    @api.depends("sms_count", "provider_id")
    def _compute_cost(self):
        for message in self:
            if message.direction == "outgoing" and message.state == "draft":
                provider = message.provider_id or message._default_provider()
                message.cost = message.sms_count * provider.price_per_segment

    def _default_provider(self):
        self.ensure_one()
        return self.env["sms.provider"]._default_provider(self.company_id)

    @api.depends("phone", "direction", "partner_id")
    def _compute_display_name(self):
        for message in self:
            who = message.partner_id.name or message.phone or self.env._("New SMS")
            message.display_name = who

    @api.depends("partner_id")
    def _compute_recipient_name(self):
        for message in self:
            message.recipient_name = message.partner_id.name

    @api.model_create_multi
    def create(self, vals_list):
        """People write drafts only."""
        self._check_engine_fields(set().union(*vals_list))
        if not self.env.su:
            self = self._without_engine_defaults()
        return super().create(vals_list)

    def _engine_fields(self):
        """Names of the fields that the engine alone writes; addons add theirs."""
        return ENGINE_FIELDS

    def _without_engine_defaults(self):
        """A client's context names default values too: these are not for it to set."""
        ours = {f"default_{name}" for name in self._engine_fields()}
        kept = {k: v for k, v in self.env.context.items() if k not in ours}
        # pylint: disable-next=context-overridden  # keys are to go
        return self.with_context(kept)

    def _check_engine_fields(self, names):
        """States, dates and gateway ids are the engine's, whatever a client sends."""
        engine = self._engine_fields().intersection(names)
        if engine and not self.env.su:
            names = ", ".join(self._fields[name].string for name in sorted(engine))
            raise AccessError(self.env._("Only the SMS engine writes: %s.", names))

    def write(self, vals):
        """What was sent stays as it was sent."""
        self._check_engine_fields(vals)
        frozen = FROZEN_FIELDS & set(vals)
        # A campaign's message is a draft until the gateway has it: others checked it.
        if frozen and not self.env.su and any(m._is_released() for m in self):
            raise UserError(
                self.env._("An SMS that has left can no longer be changed. Copy it.")
            )
        return super().write(vals)

    def _is_released(self):
        """Whether it is the engine's by now: planned, or on its way."""
        self.ensure_one()
        return self.state != "draft" or bool(self.run_id or self.batch_id)

    @api.model
    def _normalize_phone(self, phone, company=None):
        """Return a number as E.164, or False: one function for both directions."""
        country = (company or self.env.company).country_id
        if not country:
            country = self.env.ref("base.br")
        number = self.env.user._phone_format(number=phone, country=country)
        if not number and phone and phone.startswith("00"):
            # The prefix of calls abroad, which Brazil's plan reads otherwise.
            number = self.env.user._phone_format(number=f"+{phone[2:]}")
        return number or False

    @api.model
    def _find_partner_by_phone(self, phone, company=None):
        """Return the partner who has this number, newest last resort excluded.

        Addons that keep numbers elsewhere extend this.
        """
        number = self._normalize_phone(phone, company)
        partners = self.env["res.partner"]
        if not number:
            return partners
        domain = [("phone_sanitized", "=", number)]
        if company:
            domain.append(("company_id", "in", (company.id, False)))
        return partners.search(domain, order="id", limit=1)

    @api.model
    def _copy_rows(self, columns, rows):
        """Insert rows by COPY; a number that the run has already is left alone.

        :param columns: names of stored columns; text and numbers only
        :param rows: tuples in the order of ``columns``
        """
        names = SQL(", ").join(map(SQL.identifier, columns))
        lines = planning.as_csv(rows)
        copy = f"COPY %s ({names.code}) FROM STDIN WITH (FORMAT csv)"
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.copy_expert(copy % self._table, lines)
        except psycopg2.errors.UniqueViolation:
            lines.seek(0)
            self._copy_new_rows(names, copy, lines)

    @api.model
    def _copy_new_rows(self, names, copy, lines):
        """Insert by way of a table of its own, which tells the new rows."""
        cr = self.env.cr
        cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE sms_page ON COMMIT DROP AS"
                " SELECT %s FROM sms_message WITH NO DATA",
                names,
            )
        )
        cr.copy_expert(copy % "sms_page", lines)
        cr.execute(
            SQL(
                "INSERT INTO sms_message (%(names)s) SELECT %(names)s FROM sms_page"
                " ON CONFLICT (run_id, dedupe_key) WHERE dedupe_key IS NOT NULL"
                " DO NOTHING",
                names=names,
            )
        )
        cr.execute("DROP TABLE sms_page")
