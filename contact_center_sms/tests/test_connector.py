import uuid
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form

from odoo.addons.whatsapp_connector.tools import recorder

from .common import ChatroomSmsCase

SECRETS = ("uuid", "token")


class TestConnector(ChatroomSmsCase):
    """A connector of the type SMS: nothing of it reaches the vendor's server."""

    # -- creating ----------------------------------------------------------------------

    def create_in_form(self, name, user=None):
        """Create a connector as an administrator of the ChatRoom does."""
        connectors = self.env["acrux.chat.connector"]
        if user:
            connectors = connectors.with_user(user)
        with Form(connectors) as form:
            form.name = name
            form.connector_type = "sms"
            form.sms_provider_id = self.provider
            form.tz = "America/Sao_Paulo"
        return form.record

    def test_the_form_needs_no_more_than_name_type_and_provider(self):
        connector = self.create_in_form(
            "From the form", self.env.ref("base.user_admin")
        )
        self.assertRecordValues(
            connector,
            [
                {
                    "connector_type": "sms",
                    "sms_provider_id": self.provider.id,
                    "company_id": self.company.id,
                    "source": "sms",
                    "endpoint": "https://sms.invalid",
                    "show_icon": False,
                    "ca_status": True,
                }
            ],
        )

    def test_the_secrets_of_a_connector_cannot_be_guessed(self):
        connectors = (
            self.connector
            | self.create_in_form("One")
            | self.create_in_form("Two")
            | self.new_connector(name="Three")
        )
        for name in SECRETS:
            values = connectors.mapped(name)
            with self.subTest(name=name):
                self.assertEqual(len(set(values)), len(connectors))
                self.assertEqual({uuid.UUID(value).version for value in values}, {4})

    def test_whatsapp_stays_the_first_connector(self):
        form = self.create_in_form("Form")
        for connector in (self.connector, form):
            self.assertGreater(connector.sequence, self.whatsapp.sequence)
        first = self.env["acrux.chat.connector"].search(
            [("id", "in", (self.whatsapp | self.connector | form).ids)], limit=1
        )
        self.assertEqual(first, self.whatsapp)

    def test_what_is_given_is_kept(self):
        connector = self.new_connector(name="Given", uuid="mine", sequence=7)
        self.assertRecordValues(connector, [{"uuid": "mine", "sequence": 7}])

    def test_a_connector_made_by_a_program_can_be_used_in_the_form(self):
        zones = {"America/Manaus": "America/Manaus", False: "America/Sao_Paulo"}
        self.env.user.tz = False
        for number, (zone, expected) in enumerate(zones.items()):
            connectors = self.env["acrux.chat.connector"].with_context(tz=zone)
            values = {"name": f"Program {number}", "connector_type": "sms"}
            connector = connectors.create(values)
            with self.subTest(zone=zone):
                self.assertEqual(connector.tz, expected)
                with Form(connector) as form:
                    form.sms_provider_id = self.provider
        self.assertEqual(self.new_connector(name="Own", tz="UTC").tz, "UTC")

    def test_other_types_are_created_as_before(self):
        self.assertRecordValues(
            self.whatsapp,
            [
                {
                    "source": "/",
                    "token": "token of WhatsApp",
                    "uuid": "uuid of WhatsApp",
                    "sequence": 1,
                    "show_icon": True,
                }
            ],
        )
        other = self.env["acrux.chat.connector"].new({"connector_type": "gupshup"})
        other._onchange_connector_type()
        self.assertNotEqual(other.endpoint, "https://sms.invalid")
        self.assertFalse(other.token)

    def test_the_provider_is_of_the_same_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        provider = self.env["sms.provider"].create(
            {"name": "Theirs", "provider_type": "log", "company_id": company.id}
        )
        with self.assertRaises(UserError):
            self.connector.sms_provider_id = provider

    # -- requests ----------------------------------------------------------------------

    def test_requests_that_the_app_makes_by_itself_are_answered_here(self):
        conn = self.connector
        provider = self.provider.display_name
        status = {"status": {"acrux_ok": provider}}
        cases = [
            (lambda: conn.ca_request("status_get", timeout=20), status),
            (lambda: conn.ca_request("status"), status),
            (lambda: conn.ca_request("status_logout", timeout=20), {}),
            (lambda: conn.ca_request("config_set", {"webhook": "x"}), {}),
            (
                lambda: conn.ca_request(
                    "contact_get", params={"chatId": "1"}, timeout=5
                ),
                {},
            ),
            (lambda: conn.ca_request("contact_get_all"), {"dialogs": []}),
            (
                lambda: conn.ca_request(
                    "msg_set_read", {"phone": "1"}, timeout=5, ignore_exception=True
                ),
                {},
            ),
            (lambda: conn.ca_request("opt_in", {"number": "1"}), {}),
        ]
        for number, (request, expected) in enumerate(cases):
            with self.subTest(number=number):
                self.assertEqual(request(), expected)
        self.assertFalse(recorder.CALLS)

    def test_requests_that_sms_cannot_serve_are_refused_here(self):
        paths = (
            "whatsapp_number_get",
            "template_get",
            "delete_message",
            "init_free_test",
            "conversations",
            "account",
            "profile_url",
            "logout",
            "config_get",
            "something new",
        )
        for path in paths:
            with self.subTest(path=path), self.assertRaises(UserError):
                self.connector.ca_request(
                    path=path,
                    data=False,
                    params={"a": 1},
                    timeout=30,
                    ignore_exception=True,
                )
        self.assertFalse(recorder.CALLS)

    def test_the_stand_in_would_notice_a_leak(self):
        with (
            patch.object(
                self.env.registry["acrux.chat.connector"],
                "_is_sms",
                lambda _self: False,
            ),
            self.assertRaises(recorder.UnexpectedRequestError),
        ):
            self.connector.ca_request("send", {"text": "leak"})

    def test_requests_of_other_types_are_forwarded_whole(self):
        answer = self.whatsapp.ca_request("send", {"text": "x"})
        self.assertTrue(answer["msg_id"])
        self.whatsapp.ca_request(
            path="contact_get",
            data={"a": 1},
            params={"b": 2},
            timeout=5,
            ignore_exception=True,
        )
        first, second = recorder.CALLS
        self.assertEqual(first["data"], {"text": "x"})
        self.assertEqual(
            second,
            {
                "connector_id": self.whatsapp.id,
                "path": "contact_get",
                "data": {"a": 1},
                "params": {"b": 2},
                "timeout": 5,
                "ignore_exception": True,
            },
        )

    def test_requests_are_forwarded_by_keyword(self):
        seen = []

        def spy(_connector, *args, **kwargs):
            seen.append((args, sorted(kwargs)))
            return {}

        # The vendor's class below ours, as another addon might have replaced it.
        ours = "odoo.addons.contact_center_sms."
        below = [
            cls
            for cls in self.env.registry["acrux.chat.connector"].__mro__
            if "ca_request" in vars(cls) and not cls.__module__.startswith(ours)
        ]
        with patch.object(below[0], "ca_request", spy):
            self.whatsapp.ca_request("send", {"text": "x"})
        self.assertEqual(
            seen, [((), ["data", "ignore_exception", "params", "path", "timeout"])]
        )

    # -- numbers -----------------------------------------------------------------------

    def test_the_key_of_a_conversation_and_how_it_is_shown(self):
        cases = [
            # received or typed, key, shown
            ("+5511912345678", "5511912345678", "+55 11 91234-5678"),
            ("5511912345678", "5511912345678", "+55 11 91234-5678"),
            ("(11) 91234-5678", "5511912345678", "+55 11 91234-5678"),
            ("11912345678", "5511912345678", "+55 11 91234-5678"),
            ("+1 650 253 0000", "16502530000", "+1 650-253-0000"),
            ("27800", "27800", "27800"),
            ("BANCO", "BANCO", "BANCO"),
            (" Banco 24h ", "Banco 24h", "Banco 24h"),
        ]
        for raw, key, shown in cases:
            with self.subTest(raw=raw):
                self.assertEqual(self.connector.clean_id(raw), key)
                self.assertEqual(self.connector.clean_id(key), key)
                self.assertIsNone(self.connector.assert_id(key))
                self.assertEqual(self.connector.format_id(key), shown)
        for nothing in ("", None, False):
            self.assertEqual(self.connector.clean_id(nothing), "")

    def test_only_keys_that_are_clean_are_accepted(self):
        for key in ("", None, "+5511912345678", "11912345678", "(11) 91234-5678", " X"):
            with self.subTest(key=key), self.assertRaises(UserError):
                self.connector.assert_id(key)

    def test_what_was_received_is_accepted_unless_it_is_nothing(self):
        received = self.connector.with_context(from_webhook=True)
        for key in ("51987654321", "27800", "BANCO"):
            self.assertIsNone(received.assert_id(key))
        with self.assertRaises(UserError):
            received.assert_id("")

    def test_numbers_of_other_types_follow_their_own_rules(self):
        self.assertEqual(self.whatsapp.clean_id("(11) 91234-5678"), "11912345678")
        self.assertEqual(self.whatsapp.format_id("27800"), "+27800")
        with self.assertRaises(UserError):
            self.whatsapp.assert_id("27800")

    # -- uninstalling ------------------------------------------------------------------

    def test_uninstalling_keeps_the_conversations(self):
        self.receive("Quero")
        self.run_jobs("_mirror_chatroom")
        conversation = self.conversations()
        line = conversation.chat_message_ids
        selection = self.env["ir.model.fields.selection"].search(
            [
                ("field_id.model", "=", "acrux.chat.connector"),
                ("field_id.name", "=", "connector_type"),
                ("value", "=", "sms"),
            ]
        )
        selection._process_ondelete()
        self.assertRecordValues(
            self.connector, [{"connector_type": "not_set", "ca_status": False}]
        )
        self.assertEqual(conversation.exists().connector_id, self.connector)
        self.assertEqual(line.exists().text, "Quero")
        self.assertEqual(self.whatsapp.connector_type, "apichat.io")
