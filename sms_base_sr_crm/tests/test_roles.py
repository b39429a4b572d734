from lxml import etree

from odoo.addons.sms_base_sr.tests.common import SmsCase
from odoo.addons.sms_base_sr.tests.rights_case import RightsCase

VIEWS = ("view_form_replies", "view_list_replies", "view_form")


class TestRoles(RightsCase, SmsCase):
    """The addon gives nobody a right: CRM's own decide."""

    ADDON = "sms_base_sr_crm"
    ROLES = {"salesperson": "sms_base_sr.group_sms_user"}
    RIGHTS = {}

    def test_only_who_works_with_leads_sees_the_buttons(self):
        seller = self.new_user(
            "crm", "sms_base_sr.group_sms_user,sales_team.group_sale_salesman"
        )
        for name in VIEWS:
            view = self.env.ref(f"sms_base_sr.sms_message_{name}")
            for user, expected in [(seller, 1), (self.salesperson, 0)]:
                messages = self.env["sms.message"].with_user(user)
                arch = messages.get_view(view.id, view.type)["arch"]
                found = etree.fromstring(arch).xpath(
                    "//button[@name='action_make_lead']"
                )
                with self.subTest(view=name, user=user.login):
                    self.assertEqual(len(found), expected)
