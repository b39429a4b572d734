from odoo import SUPERUSER_ID, models


class SmsComposer(models.TransientModel):
    """What core's dialog writes belongs to its record's company, and is counted."""

    _inherit = "sms.composer"

    def _prepare_mass_sms_values(self, records):
        """Many records: each one's company sends and pays."""
        values = super()._prepare_mass_sms_values(records)
        for record in records:
            for name in ("company_id", "record_company_id"):
                if name in record._fields and record[name]._name == "res.company":
                    values[record.id]["record_company_id"] = record[name].id
                    break
        return values

    def action_send_sms(self):
        """By hand, and so within the hour's limit, where our provider pays.

        Automations, reminders and SMS Marketing do not come by the button.
        """
        company = self.env.company
        if self.env.uid != SUPERUSER_ID and company._sms_native_provider():
            # sudo: the counters are the engine's.
            quota = self.env["sms.send.quota"].sudo()
            quota._take(company.sudo(), "single", self._sms_by_hand())
        return super().action_send_sms()

    def _sms_by_hand(self):
        """How many a person sends by this dialog."""
        numbers = len((self.sanitized_numbers or "").split(","))
        return max(numbers, len(self._get_records() or ()))
