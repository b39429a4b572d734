from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Disputes, late reports and answers need them for a while.
SHORTEST = 3


class ResCompany(models.Model):
    """How long a company keeps what can be read of its SMS."""

    _inherit = "res.company"

    sms_keep_months = fields.Integer(
        "Keep texts and numbers (months)",
        help="Then messages, replies, chatter, ChatRoom, gateway events and refused "
        "lines are anonymised; counts and costs stay. 0 keeps them for ever.",
    )

    @api.constrains("sms_keep_months")
    def _check_sms_keep_months(self):
        for company in self:
            months = company.sms_keep_months
            if months and months < SHORTEST:
                raise ValidationError(
                    self.env._(
                        "Keep texts and numbers: enter 0, or at least %s months.",
                        SHORTEST,
                    )
                )

    def _sms_keep_limit(self):
        """What is older than this is anonymised."""
        self.ensure_one()
        now = fields.Datetime.now()
        return fields.Datetime.subtract(now, months=self.sms_keep_months)


class ResConfigSettings(models.TransientModel):
    """Settings › SMS › Personal data."""

    _inherit = "res.config.settings"

    sms_keep_months = fields.Integer(
        related="company_id.sms_keep_months", readonly=False
    )
    sms_refusal_days = fields.Integer("Keep refused calls (days)")
    sms_audit_months = fields.Integer("Keep the audit log (months)")

    @api.model
    def get_values(self):
        parameters = self.env["ir.config_parameter"].sudo()
        found = super().get_values()
        for name, (key, default) in PERIODS.items():
            found[name] = int(parameters.get_param(key, default))
        return found

    def set_values(self):
        """By hand: 0 means *for ever*, which Odoo's own way would not store."""
        result = super().set_values()
        parameters = self.env["ir.config_parameter"].sudo()
        for name, (key, _default) in PERIODS.items():
            parameters.set_param(key, str(max(0, self[name])))
        return result


# Nobody's company owns these: what was refused, and the audit log.
PERIODS = {
    "sms_refusal_days": ("sms_base_sr.refusal_days", "30"),
    "sms_audit_months": ("sms_base_sr.audit_months", "0"),
}
