from odoo import api, models


class PhoneBlacklist(models.Model):
    """Core's blacklist decides who is not texted; only the look-up is ours."""

    _inherit = "phone.blacklist"

    @api.model
    def _sms_suppressed(self, numbers):
        """Return {number: reason} for those of ``numbers`` that must not be texted."""
        self.flush_model()
        self.env.cr.execute(
            "SELECT number FROM phone_blacklist WHERE number = ANY(%s) AND active",
            [list(numbers)],
        )
        return {row[0]: "blacklisted" for row in self.env.cr.fetchall()}
