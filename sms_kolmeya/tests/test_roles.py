from odoo.addons.sms_base_sr.tests.common import SmsCase
from odoo.addons.sms_base_sr.tests.rights_case import RightsCase


class TestRoles(RightsCase, SmsCase):
    """Role × model × operation of the gateway's addon."""

    ADDON = "sms_kolmeya"
    ROLES = {
        "employee": "base.group_user",
        "salesperson": "sms_base_sr.group_sms_user",
        "campaign": "sms_base_sr.group_sms_campaign",
        "supervisor": "sms_base_sr.group_sms_manager",
        "admin": "sms_base_sr.group_sms_admin",
    }
    RIGHTS = {"kolmeya.segment": "- r r r crud"}

    def test_cost_centres_of_another_company_are_nobodys(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        provider = self.provider.create({"name": "Theirs", "company_id": company.id})
        segments = self.env["kolmeya.segment"]
        theirs, ours = segments.create(
            [
                {"name": "Sales", "segment_id": 7, "provider_id": owner.id}
                for owner in (provider, self.provider)
            ]
        )
        for role in ("salesperson", "campaign", "supervisor", "admin"):
            seen = segments.with_user(self.users[role]).search([])
            with self.subTest(role=role):
                self.assertIn(ours, seen)
                self.assertNotIn(theirs, seen)
