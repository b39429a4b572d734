from odoo import models


class SmsComposer(models.TransientModel):
    """What core's dialog writes for many belongs to each record's company."""

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
