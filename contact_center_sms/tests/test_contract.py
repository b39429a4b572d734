import inspect
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from odoo.addons.sms_base_sr.tools import inbound
from odoo.addons.whatsapp_connector.models.acrux_chat_connector_request import (
    AcruxChatConnector as VendorConnector,
)
from odoo.addons.whatsapp_connector.tests import satellites
from odoo.addons.whatsapp_connector.tools import recorder

from .outgoing_case import NUMBER, PHONE, OutgoingCase

OURS = "odoo.addons.contact_center_sms."
APP = "odoo.addons.whatsapp_connector."
MODELS = (
    "acrux.chat.connector",
    "acrux.chat.conversation",
    "acrux.chat.message",
    "acrux.chat.message.wizard",
)
# What others rely on to be the app's alone: mass sending, dates and order live there.
LEFT_ALONE = {
    "acrux.chat.message": ("create", "message_send"),
    "acrux.chat.conversation": (
        "new_message",
        "parse_message_receive",
        "send_message",
        "build_dict",
    ),
}


class ContractSuite:
    """The agreement with the app, box by box, whatever else is installed beside us."""

    satellite = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.satellite:
            satellites.install(cls, cls.satellite)

    # -- how we override ---------------------------------------------------------------

    def overrides(self):
        """(model, method name, ours, the app's) of each method that both define."""
        for model in MODELS:
            found = {}
            for base in self.env.registry[model].__mro__:
                owner = base.__module__
                for side in (OURS, APP):
                    if owner.startswith(side) and ".tests." not in owner:
                        methods = filter(
                            lambda item: inspect.isfunction(item[1]), vars(base).items()
                        )
                        for name, method in methods:
                            found.setdefault(name, {}).setdefault(side, method)
            for name, sides in found.items():
                if len(sides) == 2:
                    yield model, name, sides[OURS], sides[APP]

    def test_overrides_keep_the_app_s_signatures(self):
        compared = 0
        for model, name, ours, theirs in self.overrides():
            if name in ("create", "write"):
                continue
            with self.subTest(model=model, method=name):
                wanted = inspect.signature(theirs).parameters.values()
                given = inspect.signature(ours).parameters.values()
                self.assertEqual(
                    [(p.name, p.kind, p.default) for p in given],
                    [(p.name, p.kind, p.default) for p in wanted],
                )
            compared += 1
        self.assertGreater(compared, 10)

    def test_what_must_be_the_app_s_alone_is_not_overridden(self):
        ours = {(model, name) for model, name, _ours, _theirs in self.overrides()}
        for model, names in LEFT_ALONE.items():
            for name in names:
                with self.subTest(model=model, method=name):
                    self.assertNotIn((model, name), ours)

    # -- connectors --------------------------------------------------------------------

    def test_connectors_are_made_by_program_and_in_the_form(self):
        with Form(self.env["acrux.chat.connector"]) as form:
            form.name = "From the form"
            form.connector_type = "sms"
            form.sms_provider_id = self.provider
            form.tz = "America/Sao_Paulo"
        for connector in (self.new_connector(name="By program"), form.record):
            with self.subTest(connector.name):
                self.assertGreater(connector.sequence, self.whatsapp.sequence)
                self.assertFalse(connector.show_icon)
                for name in ("source", "token", "uuid", "endpoint"):
                    self.assertTrue(connector[name])
                if "is_direct_connection" in connector._fields:
                    self.assertFalse(connector.is_direct_connection)

    def test_a_connector_that_becomes_one_for_sms_gets_the_same(self):
        connector = self.whatsapp.copy({"uuid": "123456", "token": "t", "name": "W"})
        connector.write({"connector_type": "sms"})
        self.assertNotEqual(connector.uuid, "123456")
        self.assertEqual(connector.endpoint, "https://sms.invalid")
        kept = connector.uuid
        connector.write({"connector_type": "sms", "name": "Again"})
        self.assertEqual(connector.uuid, kept)

    def test_each_path_has_its_answer(self):
        request = self.connector.ca_request
        status = {"status": {"acrux_ok": self.provider.display_name}}
        cases = [
            (lambda: request("status_get", timeout=20), status),
            (lambda: request("status_logout", timeout=20), {}),
            (lambda: request("config_set", {"webhook": "x"}), {}),
            (lambda: request("contact_get", params={"chatId": "1"}, timeout=5), {}),
            (lambda: request("contact_get_all"), {"dialogs": []}),
            (
                lambda: request(
                    "msg_set_read", {"phone": "1"}, timeout=5, ignore_exception=True
                ),
                {},
            ),
            (lambda: request("opt_in", {"number": "1"}), {}),
        ]
        for number, (call, answer) in enumerate(cases):
            with self.subTest(number=number):
                self.assertEqual(call(), answer)

    def test_each_other_path_is_refused_in_words(self):
        calls = {
            "delete_message": {"data": False, "params": {"id": "1"}},
            "whatsapp_number_get": {"params": {"n": "1"}, "timeout": 30},
            "template_get": {},
            "init_free_test": {"data": {}},
            "anything": {},
        }
        for path, parameters in calls.items():
            with self.subTest(path), self.assertRaisesRegex(UserError, path):
                self.connector.ca_request(path, **parameters)

    def test_other_types_are_asked_as_before(self):
        self.assertTrue(self.whatsapp.ca_request("send", {"text": "x"})["msg_id"])
        given = {
            "path": "contact_get",
            "data": {"a": 1},
            "params": {"b": 2},
            "timeout": 5,
            "ignore_exception": True,
        }
        self.whatsapp.ca_request(**given)
        self.assertEqual(
            recorder.CALLS[-1], {"connector_id": self.whatsapp.id, **given}
        )

    def test_numbers_names_and_short_codes_are_keys(self):
        received = self.connector.with_context(from_webhook=True)
        for raw, key in [
            (PHONE, NUMBER),
            ("27800", "27800"),
            ("BANCO", "BANCO"),
            ("+51987654321", "51987654321"),
        ]:
            with self.subTest(raw):
                self.assertEqual(self.connector.clean_id(raw), key)
                self.assertIsNone(received.assert_id(key))
                self.assertTrue(self.connector.format_id(key))

    # -- out and in --------------------------------------------------------------------

    def test_a_text_goes_out_and_its_fate_comes_back(self):
        line = self.say(self.talk(), "Bom dia")
        self.run_jobs()
        self.assertEqual(self.gateway.phones, [PHONE])
        self.assertEqual(
            (line.msgid, line.sms_state), (self.outgoing().reference, "sent")
        )
        report = {"reference": line.msgid, "state": "delivered"}
        self.tell(inbound.StatusItem(**report))
        self.run_jobs()
        self.assertEqual(line.sms_state, "delivered")

    def test_the_app_s_own_event_of_a_failure_is_understood(self):
        line = self.say(self.talk())
        event = {"type": "failed", "msgid": line.msgid, "reason": "No credit"}
        self.env["acrux.chat.conversation"].new_webhook_event(self.connector, event)
        self.assertEqual(line.error_msg, "No credit")
        other = {"type": "sms_status", "msgid": line.msgid, "sms_state": "sent"}
        self.env["acrux.chat.conversation"].new_webhook_event(self.whatsapp, other)
        self.assertEqual(line.sms_state, "outgoing")

    def test_a_reply_comes_in_once_with_all_that_others_need(self):
        reply = self.receive("Quanto fica?")
        self.run_jobs()
        line = self.conversations().chat_message_ids
        self.assertRecordValues(
            line,
            [
                {
                    "text": "Quanto fica?",
                    "msgid": reply.reference,
                    "sms_message_id": reply.id,
                    "sms_state": False,
                }
            ],
        )
        self.assertEqual(self.conversations().conv_type, "normal")
        self.assertTrue(reply.exists())

    def test_an_agent_answers_a_reply(self):
        reply = self.receive("Quanto fica?")
        self.run_jobs()
        conversation = self.conversations().with_user(self.agent)
        conversation.block_conversation()
        conversation.conversation_send_read()
        self.say(conversation, "R$ 100")
        self.run_jobs()
        self.assertEqual(self.gateway.phones, [PHONE])
        self.assertEqual(reply.answer_id, self.outgoing())
        self.assertEqual(self.conversations(), conversation)

    def test_more_than_text_is_refused(self):
        talk = self.talk()
        for values in ({"ttype": "image"}, {"button_ids": [1]}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.say(talk, **values)
        self.assertFalse(self.outgoing())

    def test_the_browser_is_given_the_state_of_each_line(self):
        names = self.env["acrux.chat.message"].get_fields_to_read()
        self.assertEqual(names.count("sms_state"), 1)
        for connector in (self.connector, self.whatsapp):
            [values] = self.say(self.talk(connector=connector)).get_js_dict()
            self.assertIn("sms_state", values)

    # -- no leak -----------------------------------------------------------------------

    def test_nothing_of_an_sms_reaches_the_vendor_s_request(self):
        seen = []
        vendor = VendorConnector.ca_request

        def spy(connector, *args, **kwargs):
            seen.append((connector.connector_type, args, kwargs))
            return vendor(connector, *args, **kwargs)

        with patch.object(VendorConnector, "ca_request", spy):
            self.live()
        self.assertFalse([call for call in seen if call[0] == "sms"])
        self.assertNotIn("Segredo", repr(seen) + repr(recorder.CALLS))
        self.assertTrue(seen, "WhatsApp was spied upon too")

    def live(self):
        """All that happens to conversations in a day."""
        self.receive("Segredo de cliente")
        self.run_jobs()
        talk = self.conversations().with_user(self.agent)
        talk.block_conversation()
        talk.conversation_send_read()
        self.say(talk, "Segredo da empresa")
        self.say(self.talk(connector=self.whatsapp), "Bom dia")
        self.run_jobs()
        with self.assertRaises(ValidationError):
            self.say(talk, "Segredo", ttype="image")
        talk.refresh_api_data()
        talk.release_conversation()
        self.connector.ca_get_status()
        self.connector.ca_get_chat_list()
        self.connector.ca_set_settings()
        self.connector.ca_set_logout()
        self.env["acrux.chat.conversation"].conversation_verify()


class TestContract(ContractSuite, OutgoingCase):
    """With the app alone."""


def under(satellite):
    """The suite with one of the app's other addons beside ours."""
    names = {
        "satellite": satellite,
        "__module__": __name__,
        "__doc__": f"Beside {satellite}.",
    }
    return type(f"TestContract{satellite}", (ContractSuite, OutgoingCase), names)


for _name in satellites.SATELLITES:
    globals()[f"TestContract{_name}"] = under(_name)
