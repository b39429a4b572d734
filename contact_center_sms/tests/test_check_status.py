from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from odoo.addons.sms_base_sr.models.sms_provider import SmsProvider
from odoo.addons.whatsapp_connector.tools import recorder

from .common import ChatroomSmsCase


class TestCheckStatus(ChatroomSmsCase):
    """*Check Status* says which account, whether it answers, and what it holds."""

    def check(self, connector=None):
        """Press the button; return kind, title and text of what is shown."""
        action = (connector or self.connector).ca_get_status()
        # A notification needs no view, so any screen can show it.
        self.assertEqual(action["type"], "ir.actions.client")
        self.assertEqual(action["tag"], "display_notification")
        params = action["params"]
        return params["type"], params["title"], params["message"]

    def gateway_says(self, kind, text):
        """Have the gateway of the tests answer, and store something."""

        def check(provider):
            provider.write({"poll_delay": 601})
            return provider._notify(kind, text)

        return patch.object(SmsProvider, "_log_check_connection", check, create=True)

    def suspend(self, reason="unauthorized: 401"):
        self.env["sms.provider.health"].sudo()._suspend(self.provider.id, reason)
        self.provider.invalidate_recordset()
        self.provider.health_id.invalidate_recordset()

    def test_it_shows_the_account_and_its_balance_and_keeps_them(self):
        self.connector.ca_status = False
        with self.gateway_says("success", "Connected. Balance: R$ 9.396,84"):
            kind, title, text = self.check()
        self.assertEqual((kind, title), ("success", self.provider.display_name))
        self.assertIn("R$ 9.396,84", text)
        self.assertTrue(self.connector.ca_status)
        self.assertIn("R$ 9.396,84", self.connector.message)
        self.assertIn(self.provider.display_name, self.connector.ca_status_txt)
        self.assertFalse(recorder.CALLS)

    def test_it_shows_what_is_wrong_and_disconnects(self):
        cases = {
            "the gateway refuses": lambda: self.gateway_says(
                "danger", "The gateway refuses the API token: enter it again."
            ),
            "nothing can be asked": lambda: patch.object(
                SmsProvider,
                "_log_check_connection",
                side_effect=UserError("API token: enter the token."),
                create=True,
            ),
        }
        for name, gateway in cases.items():
            with self.subTest(name), gateway():
                self.connector.ca_status = True
                kind, title, text = self.check()
                self.assertEqual((kind, title), ("danger", self.provider.display_name))
                self.assertIn("API token", text)
                self.assertFalse(self.connector.ca_status)

    def test_an_account_that_is_held_back_is_not_connected(self):
        self.suspend()
        with self.gateway_says("success", "Connected. Balance: R$ 1,00"):
            kind, _title, text = self.check()
        self.assertEqual(kind, "danger")
        for part in ("R$ 1,00", "unauthorized", "Resume sending"):
            self.assertIn(part, text)
        self.assertFalse(self.connector.ca_status)

    def test_an_archived_account_is_not_connected(self):
        self.provider.active = False
        kind, _title, text = self.check()
        self.assertEqual(kind, "danger")
        self.assertIn("archived", text)
        self.assertFalse(self.connector.ca_status)

    def test_without_an_account_that_of_the_company_is_asked(self):
        self.connector.sms_provider_id = False
        self.assertEqual(self.check()[1], self.provider.display_name)
        self.provider.active = False
        kind, title, text = self.check()
        self.assertEqual((kind, title), ("danger", self.connector.display_name))
        self.assertIn("Choose an SMS provider", text)
        self.assertFalse(self.connector.ca_status)

    def test_what_is_put_right_in_the_account_connects_again(self):
        self.suspend()
        self.check()
        self.provider.action_resume()
        self.assertTrue(self.connector.ca_status)
        with self.gateway_says("danger", "No answer"):
            self.provider.action_check_connection()
        self.assertFalse(self.connector.ca_status)
        with self.gateway_says("success", "Connected"):
            self.provider.action_check_connection()
        self.assertTrue(self.connector.ca_status)
        self.assertTrue(self.whatsapp.ca_status)

    def test_an_agent_may_look(self):
        agent = new_test_user(
            self.env, "only_chat", groups="whatsapp_connector.group_chat_basic"
        )
        self.connector.ca_status = False
        with self.gateway_says("success", "Balance: R$ 1,00"):
            self.assertIn("R$ 1,00", self.check(self.connector.with_user(agent))[2])
        self.assertTrue(self.connector.ca_status)

    def test_the_other_buttons_do_nothing(self):
        self.assertIsNone(self.connector.ca_set_logout())
        self.assertEqual(self.connector.ca_set_settings(), {})
        self.assertFalse(self.connector.allow_caption())
        self.assertTrue(self.connector.ca_status)
        self.assertFalse(recorder.CALLS)

    def test_the_buttons_of_other_types_do_what_they_did(self):
        self.whatsapp.ca_get_status()
        self.whatsapp.ca_set_settings()
        self.whatsapp.ca_set_logout()
        self.assertTrue(self.whatsapp.allow_caption())
        self.assertEqual(
            [call["path"] for call in recorder.CALLS],
            ["status_get", "config_set", "status_logout"],
        )
        self.assertFalse(self.whatsapp.ca_status)
