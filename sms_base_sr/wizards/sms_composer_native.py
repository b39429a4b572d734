from odoo import models


class SmsComposer(models.TransientModel):
    """What core's dialog writes: of which company, and of which class."""

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
        """Core hands on the text alone; advertising stays advertising."""
        kind = self.template_id.message_class
        composer = self.with_context(sms_message_class=kind) if kind else self
        return super(SmsComposer, composer).action_send_sms()
