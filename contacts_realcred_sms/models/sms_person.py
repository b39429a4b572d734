from odoo import api, models

from odoo.addons.sms_base_sr.tools.personal_data import Place

CONTACTS = Place(
    "contacts.realcred.batch",
    """t.campaing_id IN (SELECT id FROM contacts_realcred_campaign
            WHERE company_id = %(company)s)
        AND (t.cpf_id = ANY(%(partners)s) OR t.sms_phone = ANY(%(numbers)s)
            OR t.sms_whatsapp = ANY(%(numbers)s))""",
    (
        "campaing_id",
        "name",
        "cpf",
        "telefone1",
        "whatsapp1",
        "uf",
        "updated_limit",
        "falecido",
        "vi_rmi",
        "margemDisponivel",
    ),
    """name = %(token)s, cpf = NULL, telefone1 = NULL, whatsapp1 = NULL,
        sms_phone = NULL, sms_whatsapp = NULL, cpf_id = NULL, vi_rmi = NULL,
        "margemDisponivel" = NULL""",
)


class SmsPerson(models.AbstractModel):
    """Contacts of campaigns: rows of a list, with or without a partner.

    Erased at request. Retention leaves them: how long a list of customers is kept is
    for the app to say that owns it.
    """

    _inherit = "sms.person"

    @api.model
    def _places(self):
        return [CONTACTS, *super()._places()]
