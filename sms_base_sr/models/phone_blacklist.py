from odoo import api, fields, models

from ..tools import suppression

REASONS = [
    ("opt_out", "Asked not to be texted"),
    ("complaint", "Complaint"),
    ("wrong_number", "Somebody else's number"),
    ("legal", "Order of an authority"),
    ("other", "Other"),
]
SOURCES = [s for s in suppression.SOURCES if s[0] in ("reply", "person", "system")]
# What becomes of these when a number is blacklisted anew is for whoever does it to say.
FACTS = ("sms_reason", "sms_source", "sms_source_name", "sms_since")
EVIDENCE = ("sms_message_id", "sms_text", "sms_date", "sms_before")


class PhoneBlacklist(models.Model):
    """Core's blacklist decides who is not texted; reason, evidence and push are ours.

    Each change has the gateways told, whoever makes it. A number that leaves the
    blacklist is archived, as core does it, and its chatter keeps what was.
    """

    _inherit = "phone.blacklist"

    sms_reason = fields.Selection(REASONS, "Reason", tracking=True)
    sms_source = fields.Selection(SOURCES, "Known from", readonly=True)
    sms_source_name = fields.Char(
        "Source", readonly=True, help="The campaign that was replied to, or the user."
    )
    sms_since = fields.Datetime("Blacklisted since", readonly=True)
    sms_message_id = fields.Many2one(
        "sms.message",
        "SMS of the opt-out",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    # Kept when the message is not: it proves what the customer asked for.
    sms_text = fields.Text("Words of the opt-out", readonly=True)
    sms_date = fields.Datetime("Opted out on", readonly=True)
    sms_before = fields.Json(
        readonly=True, help="Why it was blacklisted before the customer opted out."
    )
    sms_gateways = fields.Text("Told to", compute="_compute_sms_gateways")

    @api.depends("number", "active")
    def _compute_sms_gateways(self):
        # sudo: what the gateways know is no secret to who may see the number.
        ledger = self.env["sms.blacklist.sync"].sudo()
        told = ledger.search([("number", "in", self.mapped("number"))])
        for entry in self:
            mine = told.filtered(lambda row, number=entry.number: row.number == number)
            entry.sms_gateways = "\n".join(row._in_words() for row in mine)

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever blacklists a number is its source, unless it is told better."""
        origin = self._sms_origin()
        before = self.with_context(active_test=False).search_fetch(
            [("number", "in", [vals["number"] for vals in vals_list])], ["active"]
        )
        back = before.filtered(lambda entry: not entry.active)
        entries = super().create([{**origin, **vals} for vals in vals_list])
        for entry, vals in zip(entries, vals_list, strict=False):
            # Core forgets what it was told of a number that it has in its archive.
            if entry in back and vals.get("sms_reason"):
                entry.sms_reason = vals["sms_reason"]
        self._tell_gateways()
        return entries

    def _sms_origin(self):
        """Why, by whom and since when, where nobody says more."""
        user = self.env.user
        machine = user._is_superuser() or user._is_public()
        return {
            "sms_reason": "other",
            "sms_source": "system" if machine else "person",
            "sms_source_name": False if machine else user.name,
            "sms_since": fields.Datetime.now(),
        }

    def write(self, vals):
        if vals.get("active") and any(not entry.active for entry in self):
            # Blacklisted anew: what was proves nothing about today.
            back = self.filtered(lambda entry: not entry.active)
            anew = {**self._sms_origin(), **dict.fromkeys(EVIDENCE, False)}
            super(PhoneBlacklist, back).write(anew)
        result = super().write(vals)
        if self and ("active" in vals or "number" in vals):
            self._tell_gateways()
        if vals.get("active") is False:
            # sudo: what the gateways answered is the engine's; they are told now.
            blocks = self.env["sms.gateway.block"].sudo()
            blocks._forget(self.mapped("number"), "gateway_blacklist")
        return result

    def unlink(self):
        result = super().unlink()
        self._tell_gateways()
        return result

    @api.model
    def _sms_block(self, number, evidence):
        """Blacklist a number and note why; return its entry."""
        entry = self._add([number])
        entry._sms_note(evidence)
        return entry

    def _sms_prove(self, message, before):
        """Keep the reply by which the customer has opted out, and what held before.

        :param before: whether the number was blacklisted already
        """
        self.ensure_one()
        facts = {name: str(self[name] or "") for name in FACTS}
        self.write(
            {
                "sms_reason": "opt_out",
                "sms_source": "reply",
                "sms_source_name": message.run_id.name or False,
                "sms_since": message.sent_date,
                "sms_message_id": message.id,
                "sms_text": message.body,
                "sms_date": message.sent_date,
                "sms_before": facts if before else False,
            }
        )

    def _sms_restore(self, evidence):
        """It was no opt-out; blacklisted for another reason it stays."""
        for entry in self:
            facts = {name: value or False for name, value in entry.sms_before.items()}
            entry.write({**facts, **dict.fromkeys(EVIDENCE, False)})
        self._sms_note(evidence)

    @api.model
    def _sms_free(self, number, evidence):
        """Take a number off the blacklist and note why."""
        self._remove([number])._sms_note(evidence)

    def _sms_note(self, text):
        for entry in self.with_context(mail_post_autofollow_author_skip=True):
            entry.message_post(body=text, subtype_xmlid="mail.mt_note")

    @api.model
    def _tell_gateways(self):
        # sudo: people who keep the blacklist need not know the providers.
        self.env["sms.provider"].sudo()._wake_up_blacklist()

    @api.model
    def _sms_suppressed(self, numbers):
        """Return {number: reason} for those of ``numbers`` that must not be texted."""
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT number, CASE WHEN sms_reason = 'opt_out' THEN 'opt_out'
                                ELSE 'blacklisted' END
            FROM phone_blacklist WHERE number = ANY(%s) AND active
            """,
            [list(numbers)],
        )
        return dict(self.env.cr.fetchall())
