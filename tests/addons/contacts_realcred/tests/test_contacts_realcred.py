from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.contacts_realcred.models.contacts_realcred_campaign import (
    ContactsRealcredCampaign,
)


@tagged("post_install", "-at_install")
class TestContactsRealcred(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            login="realcred user",
            groups="contacts_realcred.contacts_realcred_user",
        )
        cls.manager = new_test_user(
            cls.env,
            login="realcred manager",
            groups="contacts_realcred.contacts_realcred_manager",
        )
        cls.outsider = new_test_user(
            cls.env, login="realcred outsider", groups="base.group_user"
        )
        cls.campaign = cls.env["contacts.realcred.campaign"].create(
            {
                "name_campaign": "June",
                "message": "Ola |NOME|",
                "contacts_realcred_campaign_ids": [
                    (0, 0, {"name": "Maria", "telefone1": "(11) 96123-4567"})
                ],
            }
        )

    def test_campaign_is_named_by_name_campaign_and_starts_as_draft(self):
        self.assertEqual(self.campaign.display_name, "June")
        self.assertEqual(self.campaign.state_sms, "draft")

    def test_sending_a_campaign_only_marks_it_in_process(self):
        # The app's own method, whatever other addons of this database make of it.
        campaign = self.campaign.with_user(self.user)
        ContactsRealcredCampaign.action_send_campaign(campaign)
        self.assertEqual(self.campaign.state_sms, "process")

    def test_scheduled_action_runs_on_an_empty_recordset(self):
        cron = self.env.ref("contacts_realcred.ir_cron_check_data_kolmeya_send")
        self.assertTrue(cron.active)
        cron.ir_actions_server_id.run()
        self.assertEqual(self.campaign.state_sms, "draft")

    def test_contact_counts_money_in_the_company_currency(self):
        contact = self.campaign.contacts_realcred_campaign_ids
        self.assertEqual(contact.currency_id, self.env.company.currency_id)
        self.assertNotIn("partner_id", contact._fields)

    def test_deleting_a_campaign_deletes_its_contacts(self):
        contact = self.campaign.contacts_realcred_campaign_ids
        self.campaign.with_user(self.manager).unlink()
        self.assertFalse(contact.exists())

    def test_user_may_not_delete_a_campaign(self):
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.user).unlink()

    def test_outsider_sees_no_campaign(self):
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.outsider).read(["name_campaign"])
