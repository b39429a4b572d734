from unittest.mock import patch

from odoo.tests import Form

from .common import CampaignCase


class TestTemplatePreview(CampaignCase):
    """Contacts of a campaign in the template's form, written as the campaign would."""

    def setUp(self):
        super().setUp()
        self.template = self.env["sms.template"].create(
            {"name": "T", "applies_to": "contacts_realcred", "message_template": "Oi"}
        )
        self.contact = self.new_contact(name="ANA LIMA", vi_rmi=1234.5)

    def preview(self, text, contact=None):
        near = [(contact or self.contact).id, 0]
        return self.template.sms_preview(text=text, near=near)

    def test_the_preview_is_what_the_campaign_sends(self):
        text = (
            "{{ name }} {{ first_name }} {{ cpf }} {{ vi_rmi }} {{ vi_rmi|reais }}"
            " {{ campaign.name }} {{ user.name }} {{ user.company_id.phone }}"
        )
        self.campaign.message = text
        sent = self.plan_campaign().body
        self.assertEqual(self.preview(text)["text"], sent)
        self.assertEqual(self.campaign._render_message(self.contact), sent)
        self.assertIn("R$ 1.234,50", sent)

    def test_a_variable_of_realcred_contacts_is_unknown_elsewhere(self):
        told = self.template.sms_preview(text="{{ vi_rmi }}", applies_to="res_partner")
        [unknown] = told["unknown"]
        self.assertEqual(unknown["name"], "vi_rmi")
        self.assertEqual(unknown["known_for"], "Realcred contacts")

    def test_values_of_another_addon_are_written_by_their_kind(self):
        extra = {"proxima_parcela_data": "2026-12-01", "proxima_parcela_valor": 99.9}
        model = type(self.env["contacts.realcred.campaign"])
        text = "{{ proxima_parcela_data }}: {{ proxima_parcela_valor }}"
        with patch.object(
            model, "_sms_extra_values", lambda _self, ids: {i: extra for i in ids}
        ):
            self.assertEqual(self.preview(text)["text"], "01/12/2026: 99,90")
        missing = self.preview(text)["missing"]
        self.assertEqual(missing, ["proxima_parcela_data", "proxima_parcela_valor"])

    def test_changing_how_tax_numbers_are_printed_makes_a_plan_stale(self):
        for text, stale in (("CPF {{ cpf }}", True), ("{{ name }}", False)):
            campaign = self.new_campaign(message=text)
            self.new_contact(2, campaing_id=campaign.id)
            self.plan_campaign(campaign)
            self.company.sms_cpf_whole = not self.company.sms_cpf_whole
            with self.subTest(text):
                self.assertEqual(bool(campaign.sms_run_id._stale_reason()), stale)

    def test_many_contacts_are_tried_all_over_the_audience(self):
        for number in range(2, 62):
            self.new_contact(number, cpf=False if number > 50 else "1")
        self.template.message_template = "{{ name }} {{ cpf }}"
        action = self.template.action_sms_test_render()
        wizards = self.env[action["res_model"]].with_context(**action["context"])
        form = Form(wizards)
        form.campaign = f"contacts.realcred.campaign,{self.campaign.id}"
        form.count = 20
        self.assertIn("of 20 tried", " ".join(form.report.split()))
        # The last ones, who have none, are met too.
        self.assertRegex(form.report, 'data-missing="cpf">[1-9]')
        found = self.campaign._sms_spread_recipients(1000)
        self.assertEqual(len(found), 61)
        ids = [recipient.source_id for recipient in found]
        self.assertEqual(ids, sorted(set(ids)))

    def test_a_hostile_name_is_sent_as_text(self):
        names = ["{{ 7*7 }}", "{% for i in range(9) %}", "\u202eanA", "|CPF|"]
        for number, name in enumerate(names, 2):
            self.new_contact(number, name=name)
        self.new_contact(9, name="y" * 10_000)
        self.campaign.message = "Oi {{ name }}"
        messages = self.plan_campaign()
        self.assertEqual(
            [m.body for m in messages if m.state == "draft"],
            ["Oi ANA LIMA", *(f"Oi {n}" for n in (*names[:2], "anA", names[3]))],
        )
        failed = messages.filtered(lambda m: m.failure_type == "text_failed")
        self.assertIn("too long", failed.error_message)
