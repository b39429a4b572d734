from odoo import api, models

from odoo.addons.sms_base_sr.tools.personal_data import Place

LEADS = Place(
    "crm.lead",
    "t.id IN (SELECT lead_id FROM sms_message WHERE id = ANY(%(messages)s))",
    ("create_date", "name", "contact_name", "phone", "description"),
    """name = %(token)s, contact_name = NULL, phone = NULL, phone_sanitized = NULL,
        description = NULL""",
)


class SmsPerson(models.AbstractModel):
    """Leads that were made of replies hold a copy of number and texts."""

    _inherit = "sms.person"

    @api.model
    def _places(self):
        return [LEADS, *super()._places()]


class SmsMessage(models.Model):
    """A lead names its customer: an anonymised SMS leads to none."""

    _inherit = "sms.message"

    @api.model
    def _forget(self, ids, tokens, company, before):
        self.env.cr.execute(
            "UPDATE sms_message SET lead_id = NULL WHERE id = ANY(%s)", [list(ids)]
        )
        return super()._forget(ids, tokens, company, before)
