from odoo import api, fields, models
from odoo.exceptions import ValidationError

LIMITS = ("sms_approval_count", "sms_approval_cost")


class ResCompany(models.Model):
    """Above which size or price a campaign wants another person's approval."""

    _inherit = "res.company"

    sms_approval_count = fields.Integer(
        "Approval above (SMS)",
        help="Campaigns with more SMS wait for another person's approval. 0: never.",
    )
    sms_approval_cost = fields.Monetary(
        "Approval above (price)",
        currency_field="currency_id",
        help="Campaigns that cost more wait for another person's approval. 0: never.",
    )

    @api.constrains(*LIMITS)
    def _check_sms_approval(self):
        for company in self:
            if min(company._sms_approval_limits()) < 0:
                raise ValidationError(
                    self.env._("Approval of campaigns: enter 0 (never) or more.")
                )

    def _sms_approval_limits(self):
        """Return (SMS, price) above which approval is wanted; 0 for never."""
        self.ensure_one()
        return self.sms_approval_count, self.sms_approval_cost

    def write(self, vals):
        result = super().write(vals)
        if not set(LIMITS).isdisjoint(vals):
            self._ask_approval_of_waiting_runs()
        return result

    def _ask_approval_of_waiting_runs(self):
        """A lower limit holds for what is planned and has not left as well."""
        waiting = [
            ("company_id", "in", self.ids),
            ("state", "in", ("ready", "scheduled")),
            ("approval", "=", False),
        ]
        # sudo: who may write the company decides; runs are the engine's.
        for run in self.env["sms.run"].sudo().search(waiting):
            if run._approval_reasons():
                run._move(["ready", "scheduled"], {"approval": "wanted"})
