from odoo.exceptions import AccessError

from odoo.addons.sms_base_sr.tests.rights_case import RightsCase

from .common import CampaignCase

APP = "contacts_realcred.contacts_realcred_user"


class TestRoles(RightsCase, CampaignCase):
    """Role × model × operation of campaigns and of their contacts."""

    ADDON = "contacts_realcred_sms"
    ROLES = {
        "employee": "base.group_user",
        "app": APP,
        "salesperson": "sms_base_sr.group_sms_user",
        "app_salesperson": f"{APP},sms_base_sr.group_sms_user",
        "campaign": "sms_base_sr.group_sms_campaign",
        "supervisor": "sms_base_sr.group_sms_manager",
        "admin": "sms_base_sr.group_sms_admin",
    }
    # employee, the app's user, salesperson, salesperson who uses the app,
    # campaign manager, supervisor, administrator
    RIGHTS = {
        "contacts.realcred.campaign": "- cru r cru cru cru cru",
        "contacts.realcred.batch": "- cru - cru crud crud crud",
    }

    def test_who_sends_campaigns(self):
        """The app's own users write campaigns; campaign managers send them."""
        self.new_contact()
        for role in ("app", "app_salesperson"):
            theirs = self.campaign.with_user(self.users[role])
            theirs.name_campaign = "Dezembro"
            for verb in ("action_send_campaign", "action_sms_plan"):
                with (
                    self.subTest(role=role, verb=verb),
                    self.assertRaisesRegex(AccessError, "campaign managers"),
                ):
                    getattr(theirs, verb)()
        self.assertFalse(self.campaign.sms_run_id)
        for role in ("campaign", "supervisor", "admin"):
            campaign = self.new_campaign().with_user(self.users[role])
            campaign.action_send_campaign()
            with self.subTest(role=role):
                self.assertEqual(campaign.sms_state, "planning")

    def test_a_salesperson_of_the_app_sends_to_one_contact(self):
        contact = self.new_contact().with_user(self.users["app_salesperson"])
        message = contact.send_sms()
        self.assertEqual(message.user_id, self.users["app_salesperson"])
