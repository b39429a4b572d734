from odoo.exceptions import AccessError

from .common import SmsCase

OURS = "sms_base_sr.sms_composer_action_"


class TestSendModel(SmsCase):
    """*Send SMS* stands in the menu of models with a phone, unless switched off."""

    def offered(self, model, user=None):
        """Types of views in which a person finds *Send SMS*, and from whom."""
        actions = self.env["ir.actions.actions"].with_user(user or self.salesperson)
        found = {}
        for action in actions.get_bindings(model).get("action", ()):
            record = self.env["ir.actions.act_window"].sudo().browse(action["id"])
            if record.exists() and record.res_model == "sms.composer":
                ours = record.get_external_id()[record.id].startswith(OURS)
                found[action["binding_view_types"]] = "ours" if ours else "Odoo's"
        return found

    def test_contacts_keep_odoos_own(self):
        found = self.offered("res.partner")
        self.assertEqual(found, {"list,kanban": "Odoo's", "form": "Odoo's"})

    def switch(self, model, offered):
        """What an administrator does in *Send SMS on*."""
        self.env["sms.send.model"].action_open()
        row = self.env["sms.send.model"].search([("model", "=", model)])
        row.offered = offered
        return row

    def test_models_with_a_number_of_their_own_have_it(self):
        """Attendees and users show a contact's number: there it is switched on."""
        self.assertFalse(self.offered("res.users"))
        self.switch("res.users", True)
        wanted = {"list,kanban": "ours", "form": "ours"}
        self.assertEqual(self.offered("res.users"), wanted)

    def test_what_is_no_person_has_none(self):
        for model in ("sms.message", "res.company", "res.bank", "ir.ui.view"):
            with self.subTest(model):
                self.assertFalse(self.offered(model))

    def test_who_writes_no_sms_does_not_see_it(self):
        self.switch("res.users", True)
        employee = self.new_user("employee", "base.group_user")
        self.assertFalse(self.offered("res.users", employee))

    def test_an_administrator_switches_it_off_and_on(self):
        admin = self.new_user("admin", "sms_base_sr.group_sms_admin")
        switches = self.env["sms.send.model"].with_user(admin)
        action = switches.action_open()
        self.assertEqual(action["res_model"], "sms.send.model")
        users = switches.search([("model", "=", "res.users")])
        self.assertEqual(users.number_from, "Phone")
        self.assertTrue(switches.search([("model", "=", "res.partner")]).odoos)
        for wanted in (True, False, True):
            users.offered = wanted
            self.assertEqual(bool(self.offered("res.users")), wanted)

    def test_looking_again_adds_no_row_twice(self):
        switches = self.env["sms.send.model"]
        switches.action_open()
        count = switches.search_count([])
        switches.action_open()
        self.assertEqual(switches.search_count([]), count)

    def test_only_administrators_look(self):
        with self.assertRaises(AccessError):
            self.env["sms.send.model"].with_user(self.manager).action_open()
