from odoo import api, models

from odoo.addons.sms_base_sr.tools import template_variables
from odoo.addons.sms_base_sr.tools.template_variables import Variable

from .contacts_realcred_campaign_audience import KIND

MODEL = "contacts.realcred.batch"


class SmsTemplateVariables(models.AbstractModel):
    """What texts may say about a contact of a campaign."""

    _inherit = "sms.template.variables"

    @api.model
    def _models(self):
        return {**super()._models(), KIND: MODEL}

    @api.model
    def _declare(self, kind):
        declared = super()._declare(kind)
        return [*declared, *self._realcred_variables()] if kind == KIND else declared

    @api.model
    def _realcred_variables(self):
        """Sources are columns that planning reads; all names of earlier versions."""
        income, due = self.env._("Monthly income"), self.env._("Next instalment: when")
        amount = self.env._("Next instalment: how much")
        return [
            *self._person_variables("name", "cpf"),
            Variable("vi_rmi", "money", income, 1234.5, "vi_rmi"),
            Variable("object.vi_rmi", "money", income, 1234.5, "vi_rmi", alias=True),
            Variable(
                "margem",
                "text",
                self.env._("Available margin"),
                "250,00",
                "margemDisponivel",
            ),
            Variable("uf", "text", self.env._("State"), "SP", "uf"),
            # Known to whoever extends _sms_extra_values; empty without them.
            Variable(
                "proxima_parcela_data",
                "date",
                due,
                "2026-12-01",
                "proxima_parcela_data",
            ),
            Variable(
                "proxima_parcela_valor",
                "money",
                amount,
                199.9,
                "proxima_parcela_valor",
            ),
        ]

    @api.model
    def _company_of(self, record):
        if record._name == MODEL and record.campaing_id:
            return record.campaing_id._sms_company()
        return super()._company_of(record)

    @api.model
    def _row_of_record(self, kind, record):
        row = super()._row_of_record(kind, record)
        if kind != KIND or not record.campaing_id:
            return row
        extra = record.campaing_id._sms_extra_values(record.ids)
        return {**row, **extra.get(record.id, {})}

    @api.model
    def _values_of_record(self, record, company=None):
        """A contact's text is written by its campaign."""
        values = super()._values_of_record(record, company)
        if record._name != MODEL or not record.campaing_id:
            return values
        common = record.campaing_id._sms_common_values()
        return template_variables.merge(values, common)
