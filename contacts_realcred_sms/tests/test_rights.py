from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import CampaignCase


class TestRights(CampaignCase):
    """Who may do what with campaigns, without any right of an administrator."""

    def test_a_campaign_manager_does_the_whole_job(self):
        env = self.env(user=self.manager)
        campaign = env["contacts.realcred.campaign"].create(
            {"name_campaign": "Mine", "message": "Olá |NOME|"}
        )
        self.assertEqual(campaign.company_id, self.company)
        self.assertEqual(campaign.user_id, self.manager)
        env["contacts.realcred.batch"].create(
            {
                "name": "Bia",
                "telefone1": "(11) 91111-2222",
                "updated_limit": True,
                "campaing_id": campaign.id,
            }
        )
        campaign.action_sms_plan()
        self.run_jobs()
        campaign.action_sms_release()
        campaign.action_sms_pause()
        campaign.action_sms_resume()
        self.run_jobs()
        self.refresh_figures()
        self.assertEqual(campaign.state_sms, "finished")
        self.assertEqual(campaign.sms_sent, 1)
        messages = env["sms.message"].search([("campaign_id", "=", campaign.id)])
        self.assertEqual(messages.mapped("state"), ["sent"])

    def test_a_campaign_manager_opens_the_form(self):
        self.new_contact()
        self.send_campaign()
        campaign = self.campaign.with_user(self.manager)
        view = campaign.get_view(view_type="form")
        names = [
            name
            for model, fields in view["models"].items()
            for name in fields
            if model == campaign._name
        ]
        self.assertIn("sms_summary", names)
        campaign.invalidate_recordset()
        [values] = campaign.read(names)
        self.assertEqual(values["sms_sent"], 1)

    def test_a_campaign_manager_may_not_delete_campaigns(self):
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.manager).unlink()

    def test_a_salesperson_reads_the_figures_and_sends_nothing(self):
        self.new_contact()
        campaign = self.campaign.with_user(self.salesperson)
        self.assertEqual(campaign.name_campaign, "Novembro")
        self.assertEqual(campaign.sms_sent, 0)
        verbs = (
            "action_send_campaign",
            "check_data_kolmeya_send",
            "action_sms_plan",
            "action_sms_release",
            "action_sms_pause",
            "action_sms_resume",
            "action_sms_cancel",
        )
        for verb in verbs:
            with self.subTest(verb=verb), self.assertRaises(AccessError):
                getattr(campaign, verb)()
        with self.assertRaises(AccessError):
            campaign.message = "Something else"
        self.assertFalse(self.campaign.sms_run_id)
        self.assertFalse(self.pending_jobs())

    def test_a_salesperson_cannot_stop_what_is_being_sent(self):
        self.new_contact()
        self.campaign.action_send_campaign()
        campaign = self.campaign.with_user(self.salesperson)
        for verb in ("action_sms_pause", "action_sms_cancel", "process_sms_campaign"):
            with self.subTest(verb=verb), self.assertRaises(AccessError):
                getattr(campaign, verb)()
        self.run_jobs()
        self.assertEqual(self.messages().state, "sent")

    def test_a_user_without_sms_sees_no_campaign(self):
        user = self.new_user("nobody", "base.group_user")
        with self.assertRaises(AccessError):
            self.campaign.with_user(user).read(["name_campaign"])

    def test_another_company_sees_nothing(self):
        contact = self.new_contact()
        self.send_campaign()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            login="sms_stranger",
            groups="sms_base_sr.group_sms_manager,contacts_realcred.contacts_realcred_user",
            company_id=company.id,
            company_ids=[company.id],
        )
        env = self.env(user=stranger)
        for record in (
            self.campaign,
            contact,
            self.messages(),
            self.campaign.sms_run_id,
            self.messages().batch_id,
        ):
            seen = record.with_env(env)
            with self.subTest(model=record._name):
                self.assertFalse(seen.search([("id", "in", record.ids)]))
                with self.assertRaises(AccessError):
                    seen.read(["display_name"])
        with self.assertRaises(AccessError):
            self.campaign.with_env(env).action_send_campaign()

    def test_contacts_without_a_campaign_stay_everybodys(self):
        contact = self.new_contact(campaing_id=False)
        seen = contact.with_user(self.manager).search([("id", "=", contact.id)])
        self.assertEqual(seen, contact)

    def test_the_company_of_the_campaign_sends_and_pays(self):
        company = self.env["res.company"].create(
            {"name": "Filial", "country_id": self.env.ref("base.br").id}
        )
        provider = self.env["sms.provider"].create(
            {"name": "Theirs", "provider_type": "log", "company_id": company.id}
        )
        campaign = self.new_campaign(company_id=company.id)
        self.new_contact(campaing_id=campaign.id)
        campaign.action_send_campaign()
        self.run_jobs()
        message = self.messages(campaign)
        self.assertEqual(message.company_id, company)
        self.assertEqual(message.provider_id, provider)

    def test_a_message_shows_no_name_of_another_contact(self):
        """Its salesperson may not choose whose record it was made for."""
        contact = self.new_contact()
        own = self.env["sms.message"].with_user(self.salesperson)
        message = own.create({"body": "Oi", "phone": "+5511912345678"})
        for values in ({"campaign_id": self.campaign.id}, {"source_id": contact.id}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                message.write(values)

    def test_who_may_send_one_contact_sends_for_its_campaign(self):
        contact = self.new_contact()
        message = contact.with_user(self.manager).send_sms()
        self.assertEqual(message.contact_id, contact)
        self.assertEqual(message.campaign_id, self.campaign)
