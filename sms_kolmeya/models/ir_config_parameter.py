from odoo import api, models


class IrConfigParameter(models.Model):
    """Kolmeya's parameter of the 15.0 system."""

    _inherit = "ir.config_parameter"

    @api.model
    def _webhook_secret_types(self):
        return {
            **super()._webhook_secret_types(),
            "kolmeya.webhook.jwt_secret": "kolmeya",
        }
