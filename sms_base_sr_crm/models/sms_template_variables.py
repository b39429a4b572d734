from odoo import api, models

from odoo.addons.sms_base_sr.tools.template_variables import Variable

KIND = "crm_lead"


class SmsTemplateVariables(models.AbstractModel):
    """What texts may say about a lead."""

    _inherit = "sms.template.variables"

    @api.model
    def _models(self):
        return {**super()._models(), KIND: "crm.lead"}

    @api.model
    def _declare(self, kind):
        declared = super()._declare(kind)
        return [*declared, *self._lead_variables()] if kind == KIND else declared

    @api.model
    def _lead_variables(self):
        closing, revenue = (
            self.env._("Expected closing"),
            self.env._("Expected revenue"),
        )
        return [
            *self._person_variables("contact_name", "partner_id.vat"),
            Variable(
                "phone", "phone", self.env._("Telephone"), "(11) 91234-5678", "phone"
            ),
            Variable("city", "name", self.env._("City"), "Recife", "city"),
            Variable(
                "lead.name", "name", self.env._("Lead"), "Crédito consignado", "name"
            ),
            Variable("lead.revenue", "money", revenue, 15000.0, "expected_revenue"),
            Variable("lead.date", "date", closing, "2026-12-01", "date_deadline"),
        ]

    @api.model
    def _row_of_record(self, kind, record):
        """A lead without a contact's name has its customer's."""
        row = super()._row_of_record(kind, record)
        if kind == KIND and not row.get("contact_name"):
            row["contact_name"] = record.partner_id.name or record.partner_name
        return row
