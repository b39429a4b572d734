from odoo import models


class SmsRun(models.Model):
    """What marketing's other addons see of a campaign: its UTM values."""

    _inherit = "sms.run"

    def _utm_values(self):
        """Return campaign, medium and source, made where they do not exist yet.

        Without a run, an SMS by hand say, there is no campaign.
        """
        # sudo: salespeople need not know what these are.
        utm = self.env["utm.mixin"].sudo()
        values = {
            "medium_id": utm._find_or_create_record("utm.medium", "SMS").id,
            "source_id": utm._find_or_create_record("utm.source", "SMS").id,
        }
        if self.name and self.name.strip():
            campaign = utm._find_or_create_record("utm.campaign", self.name)
            values["campaign_id"] = campaign.id
        return values
