from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PURPOSES = [
    ("marketing", "Marketing"),
    ("service", "Service"),
    ("collection", "Collection"),
]
BASES = [
    ("consent", "Consent"),
    ("legitimate_interest", "Legitimate interest"),
    ("contract", "Contract"),
    ("legal_obligation", "Legal obligation"),
    ("credit_protection", "Protection of credit"),
]
# With these a record holds now; the moment is the statement's.
VALID_SQL = """(c.revoked_date IS NULL AND c.date_from <= now() AT TIME ZONE 'UTC'
    AND (c.date_until IS NULL OR c.date_until > now() AT TIME ZONE 'UTC'))"""
# A consent for a number is one for that number; else it is for the contact.
MATCHES_SQL = """(c.phone = {number}
    OR c.phone IS NULL AND c.partner_id = {partner})"""


class SmsConsent(models.Model):
    """On which basis a person may be texted for a purpose, and what proves it.

    People record it, replies do, and nobody changes it afterwards: what was wrong is
    revoked, with the reason, and recorded anew. Planning and claim read it where the
    company's settings ask for it.
    """

    _name = "sms.consent"
    _description = "SMS consent"
    _order = "id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", "Contact", index="btree_not_null", ondelete="cascade"
    )
    phone = fields.Char(
        compute="_compute_phone",
        store=True,
        readonly=False,
        precompute=True,
        help="Empty: whichever number the contact has.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    purpose = fields.Selection(PURPOSES, required=True, default="marketing")
    basis = fields.Selection(BASES, "Legal basis", required=True, default="consent")
    source = fields.Char(
        required=True, help="Where it was given: a form, a call, a contract."
    )
    evidence = fields.Text(help="The words, or where they can be found.")
    evidence_url = fields.Char("Link to the evidence")
    evidence_file = fields.Binary("Evidence as a file", attachment=True)
    evidence_file_name = fields.Char("File name")
    date_from = fields.Datetime(
        "From", required=True, default=lambda self: fields.Datetime.now()
    )
    date_until = fields.Datetime("Until")
    user_id = fields.Many2one(
        "res.users",
        "Recorded by",
        readonly=True,
        default=lambda self: self.env.user,
        copy=False,
    )
    message_id = fields.Many2one(
        "sms.message",
        "SMS that gave it",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    revoked_date = fields.Datetime("Revoked on", readonly=True, copy=False)
    revoked_reason = fields.Text("Why it was revoked", readonly=True, copy=False)
    revoked_by_id = fields.Many2one(
        "res.users", "Revoked by", readonly=True, copy=False
    )
    revoked_message_id = fields.Many2one(
        "sms.message",
        "SMS that revoked it",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    state = fields.Selection(
        [
            ("valid", "Valid"),
            ("future", "Not yet"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_state",
    )

    _phone_purpose = models.Index("(phone, company_id, purpose)")
    _one_at_least = models.Constraint(
        "CHECK (partner_id IS NOT NULL OR phone IS NOT NULL)",
        "Consent: choose a contact or enter a number.",
    )
    _order_of_dates = models.Constraint(
        "CHECK (date_until IS NULL OR date_until > date_from)",
        "Consent: it must end after it begins.",
    )

    @api.depends("partner_id")
    def _compute_phone(self):
        for consent in self:
            consent.phone = consent.phone or consent.partner_id.phone_sanitized

    @api.depends("date_from", "date_until", "revoked_date")
    def _compute_state(self):
        now = fields.Datetime.now()
        for consent in self:
            if consent.revoked_date:
                consent.state = "revoked"
            elif consent.date_from and consent.date_from > now:
                consent.state = "future"
            elif consent.date_until and consent.date_until <= now:
                consent.state = "expired"
            else:
                consent.state = "valid"

    @api.depends("partner_id", "phone", "purpose")
    def _compute_display_name(self):
        labels = dict(self._fields["purpose"]._description_selection(self.env))
        for consent in self:
            who = consent.partner_id.name or consent.phone or ""
            purpose = labels.get(consent.purpose, "")
            words = " – ".join(filter(None, (who, purpose)))
            consent.display_name = words if who else False

    @api.model_create_multi
    def create(self, vals_list):
        """Numbers are kept as E.164, which planning compares."""
        if not self.env.su:
            self._check_given(set().union(*vals_list))
            self = self._without_engine_defaults()
        return super().create([self._with_number(vals) for vals in vals_list])

    def _check_given(self, names):
        engine = names & ENGINE_FIELDS
        if engine:
            labels = ", ".join(self._fields[name].string for name in sorted(engine))
            raise UserError(self.env._("Only the SMS engine writes: %s.", labels))

    def _without_engine_defaults(self):
        """A client's context names default values too: these are not for it to set."""
        ours = {f"default_{name}" for name in ENGINE_FIELDS}
        kept = {k: v for k, v in self.env.context.items() if k not in ours}
        # pylint: disable-next=context-overridden  # keys are to go
        return self.with_context(kept)

    def _with_number(self, vals):
        given = vals.get("phone")
        if not given:
            return vals
        company = self.env["res.company"].browse(vals.get("company_id"))
        number = self.env["sms.message"]._normalize_phone(given, company)
        if not number:
            raise ValidationError(
                self.env._(
                    "Phone: “%s” is no phone number. Enter it with its area code, "
                    "for example (11) 91234-5678.",
                    given,
                )
            )
        return {**vals, "phone": number}

    def action_revoke(self):
        """Ask why, then revoke."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Revoke"),
            "res_model": "sms.consent.revoke",
            "view_mode": "form",
            "target": "new",
            "context": {"default_consent_ids": self.ids},
        }

    def _revoke(self, reason):
        """A person revokes these, and says why."""
        self.check_access("read")
        now = fields.Datetime.now()
        # sudo: nobody changes a record; whoever sees it may revoke it.
        self.sudo().filtered(lambda c: not c.revoked_date).write(
            {
                "revoked_date": now,
                "revoked_reason": reason,
                "revoked_by_id": self.env.uid,
            }
        )

    # -- what replies change -----------------------------------------------------------

    @api.model
    def _sms_revoke_by(self, message, evidence):
        """An opt-out ends all that was recorded for marketing, whatever its basis."""
        self.flush_model()
        self.env.cr.execute(
            f"""
            UPDATE sms_consent c
            SET revoked_date = %(date)s, revoked_reason = %(why)s,
                revoked_message_id = %(message)s,
                write_date = now() AT TIME ZONE 'UTC', write_uid = %(user)s
            WHERE c.company_id = %(company)s AND c.purpose = 'marketing'
              AND c.revoked_date IS NULL AND c.date_from <= %(date)s
              AND {MATCHES_SQL.format(number="%(phone)s", partner="%(partner)s")}
            """,
            {
                "date": message.sent_date or fields.Datetime.now(),
                "why": evidence,
                "message": message.id,
                "user": self.env.uid,
                "company": message.company_id.id,
                "phone": message.phone,
                "partner": message.partner_id.id or None,
            },
        )
        self.invalidate_model()

    @api.model
    def _sms_restore(self, messages):
        """These were no opt-outs: what they alone have revoked holds again."""
        revoked = self.search([("revoked_message_id", "in", messages.ids)])
        names = ("revoked_date", "revoked_reason", "revoked_message_id")
        revoked.write(dict.fromkeys(names, False))

    @api.model
    def _sms_grant_by(self, message):
        """The customer asks for SMS again: that is a consent, in his own words."""
        same = [("message_id", "=", message.id)]
        if message.id and self.search_count(same, limit=1):
            return
        self.create(
            {
                "partner_id": message.partner_id.id,
                "phone": message.phone,
                "company_id": message.company_id.id,
                "purpose": "marketing",
                "basis": "consent",
                "source": self.env._("Reply by SMS"),
                "evidence": message.body,
                "date_from": message.sent_date or fields.Datetime.now(),
                "message_id": message.id,
                "user_id": message.reply_class_user_id.id,
            }
        )


ENGINE_FIELDS = {
    "user_id",
    "message_id",
    "revoked_date",
    "revoked_reason",
    "revoked_by_id",
    "revoked_message_id",
}
