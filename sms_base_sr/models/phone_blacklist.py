from odoo import api, fields, models


class PhoneBlacklist(models.Model):
    """Core's blacklist decides who is not texted; look-up, evidence and push are ours.

    Each change has the gateways told, whoever makes it.
    """

    _inherit = "phone.blacklist"

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
        entries = super().create(vals_list)
        self._tell_gateways()
        return entries

    def write(self, vals):
        result = super().write(vals)
        if self and ("active" in vals or "number" in vals):
            self._tell_gateways()
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
            "SELECT number FROM phone_blacklist WHERE number = ANY(%s) AND active",
            [list(numbers)],
        )
        return {row[0]: "blacklisted" for row in self.env.cr.fetchall()}
