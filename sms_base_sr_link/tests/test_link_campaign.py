from lxml import etree

from odoo.exceptions import ValidationError

from odoo.addons.sms_base_sr.tests.campaign_model import NAME, add_campaign_model
from odoo.addons.sms_base_sr.tests.common import SmsCase

HOST = "https://s.example.com.br"
TARGET = "https://www.example.com.br/oferta"


class TestLinkCampaign(SmsCase):
    """The switch of a campaign, and what changes with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_campaign_model(cls)
        cls.company.sms_link_host = HOST
        cls.partner.ref = "campaign"

    def new_campaign(self, text=f"Oi {{{{ name }}}} {TARGET}", **values):
        template = self.env["sms.template"].create(
            {"name": "T", "message_template": text}
        )
        values = {"name": "Natal", "sms_count_clicks": True, **values}
        return self.env[NAME].create({"sms_template_id": template.id, **values})

    def planned(self, **values):
        campaign = self.new_campaign(**values)
        campaign.with_user(self.manager).action_sms_plan()
        self.run_jobs("_plan")
        return campaign

    def test_it_is_off_unless_somebody_turns_it_on(self):
        self.assertFalse(self.env[NAME].create({"name": "Natal"}).sms_count_clicks)

    def test_a_manager_plans_a_campaign_with_links(self):
        run = self.planned().sms_run_id
        self.assertTrue(run.count_clicks)
        [message] = self.env["sms.message"].search([("run_id", "=", run.id)])
        self.assertIn(f"{HOST}/r/", message.body)

    def test_the_switch_and_the_address_make_a_plan_stale(self):
        campaign = self.planned()
        self.assertEqual(campaign.sms_run_id._stale_reason(), "")
        campaign.sms_count_clicks = False
        self.assertIn("counting of clicks", campaign.sms_run_id._stale_reason())
        campaign.sms_count_clicks = True
        self.company.sms_link_host = "https://other.example.com.br"
        self.assertIn("address of short links", campaign.sms_run_id._stale_reason())

    def test_a_test_holds_a_link_that_counts_for_nobody(self):
        campaign = self.new_campaign().with_user(self.manager)
        decision = campaign._sms_sample()
        link = decision.text.split()[-1]
        code, key = link.removeprefix(f"{HOST}/r/").split("/")
        trackers = self.env["link.tracker"]
        self.assertEqual(trackers._sms_read_key(code, key), 0)
        self.assertEqual(trackers._sms_of_code(code).url, TARGET)
        # It is as long as the real ones: its segments are theirs.
        campaign.action_sms_plan()
        self.run_jobs("_plan")
        run = campaign.sudo().sms_run_id
        [message] = self.env["sms.message"].search([("run_id", "=", run.id)])
        self.assertEqual(len(message.body), len(decision.text))

    def test_the_form_has_the_switch_beside_the_one_of_the_accents(self):
        view = self.env["ir.ui.view"].create(
            {
                "name": "campaign",
                "model": NAME,
                "arch": "<form><field name='sms_drop_accents' widget='boolean_toggle'"
                " readonly=\"sms_state == 'done'\"/></form>",
            }
        )
        arch = etree.fromstring(self.env[NAME].get_view(view.id, "form")["arch"])
        [field] = arch.xpath("//field[@name='sms_count_clicks']")
        self.assertEqual(field.get("widget"), "boolean_toggle")
        self.assertIn("done", field.get("readonly"))

    def test_the_address_is_a_host_and_nothing_more(self):
        good = ["s.example.com.br", "https://s.example.com.br/", "http://10.0.0.1:8069"]
        bad = [
            "javascript:alert(1)",
            "https://a.br/path",
            "a b",
            "ação.com.br",
            "//a.br",
        ]
        bad += ["https://a.br?x=1", "https://user@a.br", "ftp://a.br", "a.br\nb.br"]
        for host in good:
            with self.subTest(host=host):
                self.company.sms_link_host = host
        for host in bad:
            with self.subTest(host=host), self.assertRaises(ValidationError):
                self.company.sms_link_host = host
