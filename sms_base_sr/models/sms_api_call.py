from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import hmac

from ..tools import api_input

KINDS = [("send", "Send to numbers"), ("campaign", "Campaign")]
# So long a call can be repeated, and asked for by its reference.
KEPT_FOR = timedelta(days=180)


class SmsApiCall(models.Model):
    """One call of the interface under the caller's own reference, made at most once.

    The unique index decides between two callers. The engine alone writes it, in the
    transaction of the call: what failed leaves no trace and may be tried again. It
    holds neither numbers nor texts: those are the messages'.
    """

    _name = "sms.api.call"
    _description = "SMS interface: call"
    _order = "id desc"
    _rec_name = "reference"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    reference = fields.Char("Caller's reference", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    fingerprint = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    message_list = fields.Json("Messages", readonly=True)
    campaign_id = fields.Many2oneReference(model_field="campaign_model", readonly=True)
    campaign_model = fields.Char(readonly=True)
    run_id = fields.Many2one("sms.run", readonly=True, ondelete="set null")

    _reference_unique = models.Constraint(
        "unique(company_id, reference)", "This reference was used already."
    )

    @api.model
    def _begin(self, company, kind, reference, *content):
        """Return (call, whether it is new).

        A caller who comes at the same moment waits here for the first one's end. He
        does not see it in his snapshot, so the database refuses him, and Odoo runs
        his request again: then he does.

        :raises BadInput: the reference stands for another content
        """
        seed = api_input.digest(kind, *content)
        # Keyed: a number that somebody suspects cannot be tried out on a dump.
        fingerprint = hmac(self.env(su=True), "sms.api.call", seed)
        self.env.cr.execute(
            """
            INSERT INTO sms_api_call (company_id, reference, kind, fingerprint,
                create_uid, write_uid, create_date, write_date)
            VALUES (%(company)s, %(reference)s, %(kind)s, %(fingerprint)s, %(user)s,
                %(user)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')
            ON CONFLICT (company_id, reference) DO NOTHING RETURNING id
            """,
            {
                "company": company.id,
                "reference": reference,
                "kind": kind,
                "fingerprint": fingerprint,
                "user": self.env.uid,
            },
            log_exceptions=False,
        )
        row = self.env.cr.fetchone()
        if row:
            return self.sudo().browse(row[0]), True
        return self._first_call(company, reference, fingerprint), False

    def _first_call(self, company, reference, fingerprint):
        """The call that used the reference: the same content is the same call."""
        # sudo: whoever's it is, it is taken; the answer shows what its reader may see.
        domain = [("company_id", "=", company.id), ("reference", "=", reference)]
        first = self.sudo().search(domain)
        if first.fingerprint != fingerprint:
            raise api_input.BadInput(
                "reference",
                f"“{reference}” was used for another content; give a new reference to "
                "send something else",
            )
        return first

    @api.autovacuum
    def _gc_calls(self):
        old = fields.Datetime.now() - KEPT_FOR
        self.search([("create_date", "<", old)], limit=10_000).unlink()
