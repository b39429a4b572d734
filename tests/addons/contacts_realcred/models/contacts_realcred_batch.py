from odoo import fields, models


class ContactsRealcredBatch(models.Model):
    """One contact of a campaign, as imported: a row of text, not a partner.

    It exists because campaigns are built on these rows. The partner, when it
    is known, hangs on ``cpf_id``; there is no ``partner_id`` on purpose.
    """

    _name = "contacts.realcred.batch"
    _description = "Contacts Realcred Contact"
    _order = "id"

    name = fields.Char(required=True)
    cpf = fields.Char(string="CPF")
    telefone1 = fields.Char(string="Phone 1")
    whatsapp1 = fields.Char(string="WhatsApp 1")
    uf = fields.Char(string="State (UF)")
    updated_limit = fields.Boolean(string="Limit Updated")
    falecido = fields.Boolean(string="Deceased")
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        default=lambda self: self.env.company.currency_id,
    )
    vi_rmi = fields.Monetary(string="Monthly Income (RMI)")
    margemDisponivel = fields.Char(string="Available Margin")
    cpf_id = fields.Many2one(comodel_name="res.partner", string="Partner", index=True)
    campaing_id = fields.Many2one(
        comodel_name="contacts.realcred.campaign",
        string="Campaign",
        ondelete="cascade",
        index=True,
    )
