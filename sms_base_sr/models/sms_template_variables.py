from odoo import api, models
from odoo.exceptions import UserError

from ..tools import template_variables
from ..tools.template_variables import Variable


class SmsTemplateVariables(models.AbstractModel):
    """The registry of what texts may say, per kind of recipient; it has no table.

    Addons declare theirs by extending :meth:`_declare`, and :meth:`_models` for a kind
    of recipient of their own. Texts see the written values, never what they came from.
    """

    _name = "sms.template.variables"
    _description = "Variables of SMS templates"

    # -- what is declared --------------------------------------------------------------

    @api.model
    def _models(self):
        """Hook: the model of each kind of recipient that is installed."""
        return {"res_partner": "res.partner"}

    @api.model
    def _declare(self, kind):
        """Hook: the variables of one kind of recipient, beside :meth:`_common`."""
        return self._partner_variables() if kind == "res_partner" else []

    @api.model
    def _common(self):
        """What every text may say: who sends it."""
        company, phone = self.env._("Example Credit"), "(11) 4000-0000"
        return [
            Variable("user.name", "name", self.env._("Salesperson"), "Bia Lima"),
            Variable("user.company", "name", self.env._("Company"), company),
            Variable(
                "user.phone", "phone", self.env._("Telephone of the company"), phone
            ),
            Variable(
                "user.company_id.name",
                "name",
                self.env._("Company"),
                company,
                alias=True,
            ),
            Variable(
                "user.company_id.phone",
                "phone",
                self.env._("Telephone of the company"),
                phone,
                alias=True,
            ),
        ]

    @api.model
    def _campaign_variables(self):
        """What texts of campaigns may say as well."""
        return [Variable("campaign.name", "name", self.env._("Campaign"), "Novembro")]

    @api.model
    def _partner_variables(self):
        return [
            *self._person_variables("name", "vat"),
            Variable(
                "phone",
                "phone",
                self.env._("Customer's telephone"),
                "(11) 91234-5678",
                source="phone",
            ),
            Variable(
                "city", "name", self.env._("Customer's city"), "Recife", source="city"
            ),
        ]

    @api.model
    def _person_variables(self, name, cpf):
        """A person's names and tax number, by all the names that texts know."""
        full, example = self.env._("Customer's name"), "MARIA DE SOUZA"
        number, tax = self.env._("Tax number (CPF)"), "123.456.789-09"
        names = ("nome", "object.name", "partner.name")
        numbers = ("object.cpf", "partner.cpf")
        return [
            Variable("name", "name", full, example, name),
            Variable(
                "first_name", "first_name", self.env._("First name"), example, name
            ),
            Variable("cpf", "cpf", number, tax, cpf),
            *(Variable(n, "name", full, example, name, alias=True) for n in names),
            *(Variable(n, "cpf", number, tax, cpf, alias=True) for n in numbers),
        ]

    @api.model
    def _declared(self, kind):
        """All variables of a kind, aliases last; of ``all``, what every kind knows."""
        kinds = [kind] if kind in self._models() else list(self._models())
        first, *others = ([*self._declare(each)] for each in kinds)
        shared = set.intersection(
            {v.name for v in first}, *({v.name for v in each} for each in others)
        )
        own = [variable for variable in first if variable.name in shared]
        declared = [*own, *self._common(), *self._campaign_variables()]
        return sorted(declared, key=lambda variable: variable.alias)

    @api.model
    def _names(self, kind):
        """The names that a campaign of this kind declares."""
        return {variable.name for variable in self._declared(kind)}

    @api.model
    def _kind_of(self, model):
        """The kind of recipient that a model's records are; None for others."""
        kinds = {name: kind for kind, name in self._models().items()}
        return kinds.get(model)

    @api.model
    def _kind_for(self, model):
        """The kind that texts to a model's records may use: theirs, or their contacts'.

        None where it has neither.
        """
        kind = self._kind_of(model)
        if kind or not self.env[model]._mail_get_partner_fields():
            return kind
        return "res_partner"

    # -- what they are worth -----------------------------------------------------------

    @api.model
    def _values_of_sender(self, user, company):
        """Values of :meth:`_common`."""
        # sudo: the company's name and telephone are printed for customers anyway.
        company = company.sudo()
        about = {"name": company.name or "", "phone": company.phone or ""}
        return {
            "user": {
                "name": user.sudo().name,
                "company": about["name"],
                "phone": about["phone"],
                "company_id": about,
            }
        }

    @api.model
    def _row_writer(self, kind, company):
        """A function from {source: raw value} to the nested values of a recipient.

        A planner says by its context which names its texts have: a text has two or
        three of a dozen.
        """
        declared = self._declare(kind)
        wanted = self.env.context.get("sms_text_names")
        if wanted is not None:
            declared = [variable for variable in declared if variable.name in wanted]
        whole = company.sudo().sms_cpf_whole
        return lambda row: template_variables.fill(declared, row, whole)

    @api.model
    def _values_of_record(self, record, company=None):
        """Nested values of one record for a text that is sent to it alone.

        Fields are read with the rights of whoever asks.

        :raises UserError: texts know no variables of this model
        """
        kind = self._kind_of(record._name)
        if not kind:
            raise UserError(
                self.env._(
                    "SMS templates know no variables of “%s”.", record._description
                )
            )
        company = company or self._company_of(record)
        return template_variables.merge(
            self._values_of_sender(self.env.user, company),
            self._row_writer(kind, company)(self._row_of_record(kind, record)),
        )

    @api.model
    def _values_of_records(self, records, company):
        """{id: nested values} of many records, read with the rights of their user."""
        kind = self._kind_for(records._name)
        if not kind:
            return {record.id: {} for record in records}
        described = {record.id: record for record in records}
        if not self._kind_of(records._name):
            described = records._mail_get_partners()
        write = self._row_writer(kind, company)
        return {
            record.id: write(self._row_of_record(kind, described[record.id][:1]))
            for record in records
        }

    @api.model
    def _row_of_record(self, kind, record):
        """Hook: {source: raw value} of a record."""
        sources = {v.source for v in self._declare(kind)}
        fields = record._fields
        return {s: _follow(record, s) for s in sources if s.split(".")[0] in fields}

    @api.model
    def _company_of(self, record):
        company = record["company_id"] if "company_id" in record else None
        return company or self.env.company

    @api.model
    def _example_values(self, kind):
        """Nested examples, for a text that nobody gets yet."""
        whole = self.env.company.sms_cpf_whole
        return template_variables.examples(self._declared(kind), whole)


def _follow(record, path):
    """The value at the end of a path of fields; a record's is its name."""
    value = record
    for name in path.split("."):
        value = value[name]
    return value.display_name if isinstance(value, models.BaseModel) else value
