from datetime import date

from odoo.addons.sms_base_sr.tests.common import SmsCase


class TestLeadTemplates(SmsCase):
    """Texts to leads: their own variables, in the form and in Odoo's dialog."""

    def setUp(self):
        super().setUp()
        self.template = self.env["sms.template"].create(
            {
                "name": "Lead",
                "applies_to": "crm_lead",
                "message_template": "{{ first_name }}: {{ lead.revenue|reais }} até "
                "{{ lead.date }}",
            }
        )
        self.lead = self.env["crm.lead"].create(
            {
                "name": "Consignado",
                "contact_name": "MARIA DE SOUZA",
                "phone": "(11) 91234-5678",
                "expected_revenue": 1500,
                "date_deadline": date(2026, 12, 1),
            }
        )

    def test_a_template_of_leads_belongs_to_leads(self):
        self.assertEqual(self.template.model, "crm.lead")

    def test_the_preview_shows_a_lead(self):
        told = self.template.sms_preview(near=[self.lead.id, 0])
        self.assertEqual(told["model"], "crm.lead")
        self.assertEqual(told["text"], "Maria: R$ 1.500,00 até 01/12/2026")

    def test_a_lead_without_a_contact_has_its_customers_name(self):
        self.lead.write({"contact_name": False, "partner_id": self.partner.id})
        told = self.template.sms_preview(text="{{ name }}", near=[self.lead.id, 0])
        self.assertEqual(told["text"], "Ana Exemplo")

    def test_odoos_dialog_writes_it_for_the_lead(self):
        composer = self.env["sms.composer"].create(
            {
                "composition_mode": "comment",
                "res_model": "crm.lead",
                "res_id": self.lead.id,
                "template_id": self.template.id,
            }
        )
        self.assertEqual(composer.body, "Maria: R$ 1.500,00 até 01/12/2026")
