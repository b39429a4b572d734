from odoo import api, fields, models

from odoo.addons.sms_base_sr.tools.contact_values import Target


class ContactsRealcredCampaign(models.Model):
    """Contacts of a campaign may come from a file."""

    _inherit = "contacts.realcred.campaign"

    def _sms_import_targets(self):
        """The fields of a contact, by the names that people give to their columns."""
        return [
            Target(
                "name",
                self.env._("Name"),
                required=True,
                words=(
                    "nome",
                    "nome completo",
                    "cliente",
                    "nome do cliente",
                    "contato",
                ),
            ),
            Target(
                "telefone1",
                self.env._("Phone"),
                kind="phone",
                required=True,
                main=True,
                words=("telefone", "celular", "fone", "tel", "phone", "numero"),
            ),
            Target(
                "whatsapp1",
                self.env._("WhatsApp"),
                kind="phone",
                words=("whatsapp", "whats", "zap", "telefone 2", "celular 2", "fone 2"),
            ),
            Target("cpf", self.env._("CPF"), kind="cpf", words=("cpf", "documento")),
            Target(
                "uf", self.env._("State"), kind="state", words=("uf", "estado", "state")
            ),
            Target(
                "updated_limit",
                self.env._("Limit updated"),
                kind="boolean",
                words=("limite atualizado", "atualizado", "limite"),
            ),
            Target(
                "vi_rmi",
                self.env._("Amount (RMI)"),
                kind="money",
                words=("rmi", "vi rmi", "vi rm", "limite", "valor", "renda", "oferta"),
            ),
            Target(
                "margemDisponivel",
                self.env._("Available margin"),
                words=("margem", "margem disponivel"),
            ),
            Target(
                "falecido",
                self.env._("Deceased"),
                kind="boolean",
                words=("falecido", "obito", "falecida"),
            ),
        ]

    def _sms_import_taken(self, numbers):
        self.env["contacts.realcred.batch"].flush_model(["sms_phone", "campaing_id"])
        self.env.cr.execute(
            "SELECT sms_phone FROM contacts_realcred_batch"
            " WHERE campaing_id = %s AND sms_phone = ANY(%s)",
            [self.id, list(numbers)],
        )
        return {row[0] for row in self.env.cr.fetchall()}

    def _sms_import_create(self, contact_import, rows):
        """Create a page at once; by records, which the app's own code may extend."""
        constants = self._sms_import_constants(contact_import)
        # Both forms of the numbers are given: none is computed a second time.
        normalize = self.env["sms.message"]._normalize_phone
        self.env["contacts.realcred.batch"].create(
            [
                {
                    **constants,
                    **values,
                    "campaing_id": self.id,
                    "sms_phone": phone,
                    "sms_whatsapp": normalize(
                        values.get("whatsapp1"), contact_import.company_id
                    ),
                }
                for phone, values in rows
            ]
        )

    def _sms_import_constants(self, contact_import):
        """Values of every contact for which the file has no column of its own."""
        return {"updated_limit": contact_import.realcred_limits_updated}

    def _sms_import_warnings(self, contact_import):
        warnings = super()._sms_import_warnings(contact_import)
        chosen = contact_import.column_ids.mapped("target")
        if not contact_import.realcred_limits_updated and "updated_limit" not in chosen:
            warnings.append(
                self.env._(
                    "No column says that limits are up to date: such contacts get no "
                    "SMS. Choose one, or tick “Limits are up to date”."
                )
            )
        return warnings


class SmsContactImport(models.Model):
    """What the company asks about a list."""

    _inherit = "sms.contact.import"

    realcred_limits_updated = fields.Boolean(
        "Limits are up to date",
        help="Of every contact of this file, where no column says so.",
    )

    @api.depends("realcred_limits_updated")
    def _compute_preview(self):
        return super()._compute_preview()

    def _people_fields(self):
        return super()._people_fields() | {"realcred_limits_updated"}
