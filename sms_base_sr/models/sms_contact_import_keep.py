from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

ENDED_STATES = ("done", "canceled", "failed")
# In one transaction: a list has up to 200,000 lines.
IMPORTS_AT_ONCE = 20


class ResCompany(models.Model):
    """How long a company keeps lists of people that nobody needs any more."""

    _inherit = "res.company"

    sms_import_days = fields.Integer(
        "Keep lists of contacts (days)",
        default=30,
        help="Files and refused lines of imports are deleted after so many days; "
        "their figures stay. 0 keeps them for ever.",
    )

    @api.constrains("sms_import_days")
    def _check_sms_import_days(self):
        if any(company.sms_import_days < 0 for company in self):
            raise ValidationError(
                self.env._("Keep lists of contacts: enter 0 or more days.")
            )


class ResConfigSettings(models.TransientModel):
    """Settings › SMS › Lists of contacts."""

    _inherit = "res.config.settings"

    sms_import_days = fields.Integer(
        related="company_id.sms_import_days", readonly=False
    )


class SmsContactImport(models.Model):
    """Forgetting: a file and its refused lines are names, numbers and incomes.

    After the company's days only figures stay: how many lines, refused for what.
    """

    _inherit = "sms.contact.import"

    kept_until = fields.Datetime(
        "Lines kept until",
        compute="_compute_kept_until",
        help="Then the file and the lines that were not imported are deleted; download "
        "them before.",
    )
    forgotten_at = fields.Datetime("Lines deleted on", readonly=True, copy=False)
    refused_by_reason = fields.Json(
        readonly=True, copy=False, help="What stays known of the lines deleted."
    )

    @api.depends("state", "done_at", "write_date", "forgotten_at")
    def _compute_kept_until(self):
        for record in self:
            days = record.company_id.sms_import_days
            ended = record.done_at or record.write_date
            kept = record.state in ENDED_STATES and not record.forgotten_at
            waits = kept and days and ended
            record.kept_until = ended + timedelta(days=days) if waits else False

    @api.autovacuum
    def _gc_ended_imports(self):
        """Forget some of those that are kept too long; say whether there are more."""
        old = self.sudo().search(self._domain_kept_too_long(), limit=IMPORTS_AT_ONCE)
        for record in old:
            record._forget()
        return len(old), int(len(old) == IMPORTS_AT_ONCE)

    @api.model
    def _domain_kept_too_long(self):
        """Whose company's days are over; one that failed has no end of its own."""
        now = fields.Datetime.now()
        companies = self.env["res.company"].sudo().search([("sms_import_days", ">", 0)])
        over = Domain.OR(
            Domain("company_id", "in", of_days.ids)
            & Domain.OR(
                [
                    Domain("done_at", "<", now - timedelta(days=days)),
                    Domain("done_at", "=", False)
                    & Domain("write_date", "<", now - timedelta(days=days)),
                ]
            )
            for days, of_days in companies.grouped("sms_import_days").items()
        )
        ended = Domain("state", "in", ENDED_STATES)
        return ended & Domain("forgotten_at", "=", False) & over

    def _forget(self):
        """Delete what is about people; one that stopped can no longer go on."""
        self.ensure_one()
        record = self.try_lock_for_update()
        # Somebody has pressed *Continue* this moment: it is in use.
        if not record or record.state not in ENDED_STATES:
            return
        now = fields.Datetime.now()
        values = {
            "refused_by_reason": dict(record._count_refusals()),
            "forgotten_at": now,
            "file": False,
            "sample": False,
        }
        if record.state == "failed":
            values |= {"state": "canceled", "done_at": now}
        record.write(values)
        record.column_ids.write({"examples": False})
        self.env.cr.execute(
            "DELETE FROM sms_contact_import_line WHERE import_id = %s", [record.id]
        )
        self.env["sms.contact.import.line"].invalidate_model()

    def _count_refusals(self):
        """Once the lines are gone, what was known of them."""
        if not self.forgotten_at:
            return super()._count_refusals()
        counts = self.refused_by_reason or {}
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
