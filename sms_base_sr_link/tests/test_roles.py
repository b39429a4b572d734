from odoo.addons.sms_base_sr.tests.rights_case import RightsCase

from .link_case import LinkCase


class TestRoles(RightsCase, LinkCase):
    """Role × model × operation of the counters of clicks."""

    ADDON = "sms_base_sr_link"
    ROLES = {
        "employee": "base.group_user",
        "salesperson": "sms_base_sr.group_sms_user",
        "campaign": "sms_base_sr.group_sms_campaign",
        "supervisor": "sms_base_sr.group_sms_manager",
        "admin": "sms_base_sr.group_sms_admin",
    }
    # employee, salesperson, campaign manager, supervisor, administrator
    RIGHTS = {"sms.run.click": "- - r r r"}

    def test_another_companys_counters_are_nobodys(self):
        run = self.linked_run()
        self.click(self.messages(run)[0])
        self.summary(run)
        counters = self.env["sms.run.click"].search([("run_id", "=", run.id)])
        self.assertTrue(counters.with_user(self.users["campaign"]).has_access("read"))
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.cr.execute(
            "UPDATE sms_run SET company_id = %s WHERE id = %s", [elsewhere.id, run.id]
        )
        self.env.invalidate_all()
        for role in self.ROLES:
            with self.subTest(role=role):
                theirs = counters.with_user(self.users[role])
                self.assertFalse(theirs.has_access("read"))

    def test_employees_do_not_see_who_clicked(self):
        clicks = self.env["link.tracker.click"]
        for role, expected in [("employee", False), ("salesperson", True)]:
            seen = clicks.with_user(self.users[role]).fields_get()
            with self.subTest(role=role):
                self.assertEqual("sms_message_id" in seen, expected)
