from datetime import datetime

from odoo.exceptions import UserError, ValidationError

from odoo.addons.whatsapp_connector.tools import recorder

from .outgoing_case import PHONE, OutgoingCase


class TestRefusals(OutgoingCase):
    """What cannot go by SMS is refused in a sentence, and nothing of it is stored."""

    def assert_refused(self, pattern, conversation=None, text="Olá", **values):
        conversation = conversation or self.conversations().with_user(self.agent)
        lines = self.env["acrux.chat.message"].search_count([])
        with self.assertRaisesRegex(ValidationError, pattern), self.cr.savepoint():
            self.say(conversation, text, **values)
        self.assertEqual(self.env["acrux.chat.message"].search_count([]), lines)
        self.assertFalse(self.outgoing())
        self.assertFalse(self.pending_jobs())
        self.assertFalse(recorder.CALLS)

    def attachment(self, name="proposta.pdf"):
        return self.env["ir.attachment"].create({"name": name, "raw": b"x"})

    # -- what it holds -----------------------------------------------------------------

    def test_only_text_goes_by_sms(self):
        talk = self.talk()
        file = self.attachment()
        held = {"res_model": "ir.attachment", "res_id": file.id}
        cases = {
            "image": {"ttype": "image", **held},
            "audio": {"ttype": "audio", **held},
            "video": {"ttype": "video", **held},
            "file": {"ttype": "file", **held},
            "sticker": {"ttype": "sticker", **held},
            "location": {"ttype": "location"},
            "contact": {"ttype": "contact"},
            "attachment": held,
            "buttons": {"button_ids": [(0, 0, {"text": "Sim"})]},
            "list of choices": {"chat_list_id": 7},
            "WhatsApp template": {"template_waba_id": 7},
        }
        for word, values in cases.items():
            with self.subTest(word):
                self.assert_refused(f"SMS carries text only.*{word}", talk, **values)

    def test_what_was_stored_with_more_than_text_is_not_sent_either(self):
        talk = self.talk()
        values = {"contact_id": talk.id, "from_me": True, "text": "x"}
        for ttype in ("image", "audio", "location"):
            line = self.env["acrux.chat.message"].create({**values, "ttype": ttype})
            with self.subTest(ttype), self.assertRaisesRegex(UserError, "text only"):
                line.message_send()
        self.assertFalse(self.outgoing())

    def test_a_caption_does_not_go_without_its_picture(self):
        self.assert_refused("image", self.talk(), "Veja a foto", ttype="image")

    def test_a_product_goes_as_its_description(self):
        talk = self.talk()
        cases = {
            "Crédito: R$ 100": {"text": "Crédito: R$ 100", "is_product": True},
            "Seguro": {"text": "Seguro", "ttype": "product"},
        }
        for text, values in cases.items():
            data = talk.split_complex_message(
                {
                    "ttype": "image",
                    "res_model": "product.product",
                    "res_id": 7,
                    **values,
                }
            )
            with self.subTest(text):
                self.assertEqual((data["ttype"], data["text"]), ("text", text))
                self.assertFalse(data["res_id"])

    def test_messages_of_other_types_are_left_alone(self):
        talk = self.talk(connector=self.whatsapp)
        data = {"ttype": "image", "text": "Foto", "is_product": True, "res_id": 7}
        self.assertEqual(talk.split_complex_message(dict(data)), data)
        file = self.attachment("foto.png")
        held = {"res_model": "ir.attachment", "res_id": file.id}
        self.assertTrue(self.say(talk, ttype="image", **held).msgid)
        self.env["phone.blacklist"].sudo()._sms_block(PHONE, "x")
        self.assertTrue(self.say(talk, "é" * 2500).msgid)

    # -- the text ----------------------------------------------------------------------

    def test_a_text_must_be_there_and_not_too_long(self):
        talk = self.talk()
        cases = [
            ("", "Write the text"),
            ("  \n ", "Write the text"),
            ("a" * 2001, r"2001 characters \(14 segments\), and 2000"),
            ("á" * 2001, r"\(30 segments\)"),
            ("a" * 4000, "too long"),
        ]
        for text, pattern in cases:
            with self.subTest(pattern):
                self.assert_refused(pattern, talk, text)
        self.assertTrue(self.say(talk, "a" * 2000).msgid)

    # -- the account -------------------------------------------------------------------

    def test_without_an_account_that_can_send_nothing_is_taken(self):
        talk = self.talk()
        self.provider.active = False
        self.assert_refused("no active SMS provider", talk)
        self.connector.sms_provider_id = False
        self.assert_refused("no active SMS provider", talk)

    def test_a_suspended_account_takes_nothing(self):
        talk = self.talk()
        health = self.env["sms.provider.health"].sudo()
        health._suspend(self.provider.id, "unauthorized: 401")
        self.env.invalidate_all()
        # What an alert of it made is not an SMS.
        self.env["queue.job"].sudo().search([]).unlink()
        self.assert_refused("held back.*unauthorized", talk)

    def test_a_connector_that_is_not_connected_takes_nothing(self):
        talk = self.talk()
        self.connector.ca_status = False
        self.assert_refused("not connected", talk)

    # -- the customer ------------------------------------------------------------------

    def test_who_opted_out_is_not_texted_and_the_agent_sees_why_and_when(self):
        self.receive("SAIR")
        self.run_jobs("_mirror_chatroom")
        talk = self.conversations().with_user(self.agent)
        talk.block_conversation()
        self.env["queue.job"].sudo().search([]).unlink()
        self.assert_refused("opted out by SMS on .*11/21/25.*SAIR", talk)

    def test_who_is_on_the_blacklist_is_not_texted_and_the_agent_sees_why(self):
        talk = self.talk()
        entry = self.env["phone.blacklist"].sudo()._sms_block(PHONE, "Asked by phone")
        entry.flush_recordset()
        self.env["queue.job"].sudo().search([]).unlink()
        self.assert_refused("blacklisted since .*Asked by phone", talk)
        entry.sudo()._sms_free(PHONE, "Asked again")
        self.assertTrue(self.say(talk).msgid)

    def test_since_when_is_in_the_agent_s_time(self):
        self.receive("SAIR")
        text = {}
        for zone in ("UTC", "America/Sao_Paulo"):
            self.agent.tz = zone
            connector = self.connector.with_user(self.agent)
            with self.assertRaises(ValidationError) as caught:
                connector._sms_refuse_recipient("5511912345678")
            text[zone] = str(caught.exception)
        self.assertIn("3:30", text["UTC"])
        self.assertIn("12:30", text["America/Sao_Paulo"])
        entry = self.env["phone.blacklist"].search([("number", "=", PHONE)])
        self.assertEqual(entry.sms_date, datetime(2025, 11, 21, 15, 30))

    def test_who_receives_no_sms_is_not_texted(self):
        cases = {
            "27800": "no phone number",
            "BANCO": "no phone number",
            "551133334444": "not a mobile number",
        }
        for number, pattern in cases.items():
            talk = self.talk(number)
            with self.subTest(number):
                self.assert_refused(pattern, talk)
