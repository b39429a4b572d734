from odoo import models

MODEL = "contacts.realcred.batch"


class SmsComposerCampaign(models.Model):
    """Contacts chosen from a list: the same are left out as in their campaigns."""

    _inherit = "sms.composer.campaign"

    def _sms_refused(self, records):
        if records._name != MODEL:
            return super()._sms_refused(records)
        why = self.env["contacts.realcred.campaign"]._sms_ineligible
        names = ["falecido", "updated_limit"]
        found = {row["id"]: why(row) for row in records.read(names)}
        return {key: reason for key, reason in found.items() if reason}
