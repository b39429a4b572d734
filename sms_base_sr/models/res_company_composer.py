from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Above, Odoo's own way of making them one by one is too slow for a screen.
MOST = 1000


class ResCompany(models.Model):
    """Up to how many SMS the dialog *Send SMS* sends itself; above, a campaign does."""

    _inherit = "res.company"

    sms_composer_limit = fields.Integer(
        "Campaign above (recipients)",
        default=200,
        help="“Send SMS” on a list with more records makes a campaign, with progress, "
        "sending hours and approval. Campaign managers alone send it.",
    )

    @api.constrains("sms_composer_limit")
    def _check_sms_composer_limit(self):
        for company in self:
            if not 1 <= company.sms_composer_limit <= MOST:
                raise ValidationError(
                    self.env._("Campaign above (recipients): enter 1 to %s.", MOST)
                )


class ResConfigSettings(models.TransientModel):
    """Settings › SMS › Safety."""

    _inherit = "res.config.settings"

    sms_composer_limit = fields.Integer(
        related="company_id.sms_composer_limit", readonly=False
    )
