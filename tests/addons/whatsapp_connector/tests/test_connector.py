from psycopg2.errors import UniqueViolation

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import recorder
from .common import ChatroomCommon


@tagged("post_install", "-at_install")
class TestConnector(ChatroomCommon):
    def test_unknown_connector_type_never_reaches_http(self):
        self.make_alien(self.connector)
        with self.assertRaises(AssertionError):
            self.connector.ca_request("send", {"text": "leak"})
        self.assertFalse(recorder.CALLS)

    def test_vendor_types_record_their_five_arguments(self):
        self.connector.ca_request(
            path="send",
            data={"text": "x"},
            params={"a": 1},
            timeout=5,
            ignore_exception=True,
        )
        self.assertEqual(
            recorder.CALLS[-1],
            {
                "connector_id": self.connector.id,
                "path": "send",
                "data": {"text": "x"},
                "params": {"a": 1},
                "timeout": 5,
                "ignore_exception": True,
            },
        )

    def test_unknown_action_is_refused(self):
        with self.assertRaises(ValidationError):
            self.connector.ca_request("fly")

    def test_status_connects_and_returns_the_pop_message(self):
        self.connector.ca_status = False
        action = self.connector.ca_get_status()
        self.assertTrue(self.connector.ca_status)
        self.assertEqual(action["res_model"], "acrux.chat.pop.message")
        self.assertEqual(action["target"], "new")

    def test_status_with_error_disconnects(self):
        with recorder.answering("status_get", {"status": {"acrux_er": "Off"}}):
            self.connector.ca_get_status()
        self.assertFalse(self.connector.ca_status)
        self.assertIn("Off", self.connector.message)

    @mute_logger("odoo.sql_db")
    def test_names_and_uuids_are_unique(self):
        with self.assertRaises(UniqueViolation):
            self.make_connector("Main", uuid="another")
        with self.assertRaises(UniqueViolation):
            self.make_connector("Another", uuid=self.connector.uuid)

    def test_keys_are_digits(self):
        self.assertEqual(
            self.connector.clean_id("+55 (11) 96123-4567"), "5511961234567"
        )
        self.assertEqual(self.connector.clean_id(""), "")

    def test_only_clean_international_numbers_are_accepted(self):
        self.connector.assert_id("5511961234567")
        for wrong in ("+5511961234567", "BANK", "27800", "", "525512345678"):
            with self.subTest(number=wrong), self.assertRaises(ValidationError):
                self.connector.assert_id(wrong)

    def test_webhook_accepts_any_number(self):
        self.connector.with_context(from_webhook=True).assert_id("27800")

    def test_numbers_are_shown_internationally_or_with_a_plus(self):
        self.assertEqual(self.connector.format_id("5511961234567"), "+55 11 96123-4567")
        self.assertEqual(self.connector.format_id("27800"), "+27800")

    def test_unknown_type_gets_the_default_endpoint(self):
        connector = self.env["acrux.chat.connector"].new(
            {"connector_type": "not_set", "endpoint": "https://mine.test"}
        )
        connector._onchange_connector_type()
        self.assertNotEqual(connector.endpoint, "https://mine.test")

    def test_webhook_url_ends_with_the_uuid(self):
        self.assertTrue(
            self.connector.webhook_url.endswith(
                f"/acrux_webhook/whatsapp_connector/{self.connector.uuid}"
            )
        )
