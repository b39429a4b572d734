from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user

from .outgoing_case import NUMBER, PHONE, OutgoingCase


class TestCompose(OutgoingCase):
    """The dialog shows text, segments and price before anything is sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider.price_per_segment = 0.25
        cls.template = cls.new_template(
            "Saudação", "Olá {{ first_name }}, aqui é {{ user.name }}."
        )

    @classmethod
    def new_template(cls, name, text, **values):
        values = {"name": name, "message_template": text, **values}
        return cls.env["sms.template"].create(values)

    def compose(self, conversation, user=None):
        wizards = self.env["sms.chatroom.compose"].with_user(user or self.agent)
        return Form(wizards.with_context(default_conversation_id=conversation.id))

    def customer(self, **values):
        return self.talk(res_partner_id=self.partner.id, **values)

    # -- what is shown -----------------------------------------------------------------

    def test_segments_and_price_follow_the_text(self):
        cases = [
            # text, characters, segments, price, segments without accents
            ("", 0, 0, 0.0, 0),
            ("Oi", 2, 1, 0.25, 1),
            ("a" * 161, 161, 2, 0.5, 2),
            ("ã" * 71, 71, 2, 0.5, 1),
        ]
        with self.compose(self.customer()) as form:
            for text, characters, count, price, plain in cases:
                form.body = text
                with self.subTest(text=text[:3], characters=characters):
                    self.assertEqual(form.char_count, characters)
                    self.assertEqual(form.sms_count, count)
                    self.assertAlmostEqual(form.cost, price)
                    self.assertEqual(form.plain_sms_count, plain)

    def test_a_template_is_written_for_the_customer(self):
        with self.compose(self.customer()) as form:
            self.assertIn(self.partner.name, form.recipient)
            form.template_id = self.template
            self.assertEqual(form.body, f"Olá Ana, aqui é {self.agent.name}.")
            self.assertFalse(form.template_problem)
            form.body = "Outra coisa"
            form.template_id = self.env["sms.template"]
            self.assertEqual(form.body, "Outra coisa")

    def test_templates_of_campaigns_render_their_usual_names(self):
        self.partner.vat = "12345678909"
        self.company.phone = "+551133334444"
        text = "{{ object.name }}|{{ partner.name }}|{{ nome }}|{{ cpf }}|"
        text += "{{ user.company }}|{{ user.company_id.phone }}"
        template = self.new_template("Tudo", text)
        rendered = self.customer()._sms_render(template)
        name, company = self.partner.name, self.company
        self.assertEqual(
            rendered,
            f"{name}|{name}|{name}|***.456.789-**|{company.name}|{company.phone}",
        )

    def test_what_is_missing_is_said_by_name(self):
        cases = {
            "cpf": ("{{ cpf }}", "no value for cpf"),
            "unknown": ("{{ vi_rmi }} {{ campaign.name }}", "campaign.name, vi_rmi"),
            "loop": ("{{ 1 // 0 }}", "cannot compute"),
        }
        talk = self.customer()
        for name, (text, pattern) in cases.items():
            template = self.new_template(name, text)
            with self.subTest(name):
                with self.assertRaisesRegex(UserError, f"“{name}”.*{pattern}"):
                    talk._sms_render(template)
                with self.compose(talk) as form:
                    form.template_id = template
                    self.assertRegex(form.template_problem, pattern)
                    self.assertFalse(form.body)

    def test_a_customer_without_a_name_is_not_greeted_by_number(self):
        talk = self.talk("5521987654321", name="+5521987654321")
        with self.assertRaisesRegex(UserError, "no value for first_name"):
            talk._sms_render(self.template)

    def test_why_nothing_can_be_sent_shows_before_anybody_writes(self):
        talk = self.customer()
        self.assertFalse(self.compose(talk).refusal)
        self.env["phone.blacklist"].sudo()._sms_block(PHONE, "Asked by phone")
        self.assertIn("Asked by phone", self.compose(talk).refusal)
        other = self.talk(connector=self.whatsapp)
        self.assertIn("no conversation by SMS", self.compose(other).refusal)

    # -- buttons -----------------------------------------------------------------------

    def send(self, conversation, text="Bom dia", user=None):
        form = self.compose(conversation, user)
        form.body = text
        return form.save().action_send()

    def test_it_is_sent_as_from_the_chat_window(self):
        action = self.send(self.customer())
        self.assertEqual(action["type"], "ir.actions.act_window_close")
        self.assertRecordValues(
            self.outgoing(),
            [{"body": "Bom dia", "state": "outgoing", "user_id": self.agent.id}],
        )
        line = self.conversations().chat_message_ids.filtered("sms_message_id")
        self.assertEqual(line.sms_message_id, self.outgoing())

    def test_who_writes_attends_and_what_was_done_stays_done(self):
        for before, after in [
            ("new", "current"),
            ("current", "current"),
            ("done", "done"),
        ]:
            talk = self.customer(number=f"55219876543{len(before)}1")
            getattr(talk, f"set_to_{before}")()
            with self.subTest(before):
                self.send(talk)
                self.assertEqual(talk.status, after)

    def test_a_colleague_s_conversation_is_not_taken(self):
        other = new_test_user(
            self.env, "other", groups="whatsapp_connector.group_chat_basic_extra"
        )
        with self.assertRaises(ValidationError):
            self.send(self.customer(), user=other)
        self.assertFalse(self.outgoing())

    def test_what_the_chat_window_refuses_is_refused_here(self):
        talk = self.customer()
        with self.assertRaisesRegex(ValidationError, "Write the text"):
            self.send(talk, "")
        with self.assertRaisesRegex(UserError, "no conversation by SMS"):
            self.send(self.talk(connector=self.whatsapp))

    def test_accents_can_be_dropped(self):
        form = self.compose(self.customer())
        form.body = "Não há"
        wizard = form.save()
        action = wizard.action_drop_accents()
        self.assertEqual(wizard.body, "Nao ha")
        self.assertEqual((action["res_id"], action["target"]), (wizard.id, "new"))

    def test_only_agents_open_it(self):
        nobody = new_test_user(self.env, "nobody", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.compose(self.customer(), nobody)

    # -- the app's own dialog ----------------------------------------------------------

    def wizard(self, **values):
        return (
            self.env["acrux.chat.message.wizard"]
            .with_user(self.agent)
            .create(
                {
                    "new_number": True,
                    "number": "(11) 91234-5678",
                    "text": "Olá",
                    "partner_id": self.partner.id,
                    "connector_id": self.connector.id,
                    **values,
                }
            )
        )

    def test_the_app_s_dialog_begins_a_conversation_by_sms(self):
        wizard = self.wizard()
        wizard.send_message_wizard()
        talk = self.conversations()
        self.assertRecordValues(
            talk, [{"number": NUMBER, "res_partner_id": self.partner.id}]
        )
        self.assertEqual(self.outgoing().phone, PHONE)
        self.assertEqual(self.wizard().create_or_find_conversation(), talk)

    def test_the_app_s_dialog_decides_about_other_types_itself(self):
        talk = self.talk()
        kept = self.wizard(new_number=False, conversation_id=talk.id)
        self.assertEqual(kept.create_or_find_conversation(), talk)
        whatsapp = self.wizard(connector_id=self.whatsapp.id, number=NUMBER)
        made = whatsapp.create_or_find_conversation()
        self.assertEqual(made.connector_id, self.whatsapp)
        self.whatsapp.connector_type = "facebook"
        with self.assertRaises(ValidationError):
            self.wizard(connector_id=self.whatsapp.id).create_or_find_conversation()

    def test_a_file_from_the_app_s_dialog_is_refused(self):
        files = self.env["ir.attachment"].with_user(self.agent)
        file = files.create({"name": "a.pdf", "raw": b"x"})
        with self.assertRaisesRegex(ValidationError, "SMS carries text only"):
            self.wizard(attachment_ids=[(6, 0, file.ids)]).send_message_wizard()

    def test_a_quick_answer_goes_as_text_and_its_picture_is_refused(self):
        answers = self.env["acrux.chat.default.answer"]
        text = answers.create({"name": "Horário", "text": "Das 8 às 18"})
        picture = answers.create({"name": "Mapa", "ttype": "image"})
        talk = self.customer()
        talk.send_message({**text.eval_answer(talk.id), "from_me": True})
        self.assertEqual(self.outgoing().body, "Das 8 às 18")
        with self.assertRaisesRegex(ValidationError, "text only"):
            talk.send_message({**picture.eval_answer(talk.id), "from_me": True})

    def test_sms_is_offered_where_the_app_makes_conversations(self):
        views = [
            ("acrux.chat.conversation", "view_whatsapp_connector_conversation_form"),
            (
                "acrux.chat.conversation",
                "view_whatsapp_connector_conversation_form_create",
            ),
            ("acrux.chat.message.wizard", "acrux_chat_message_wizard_form"),
        ]
        for model, name in views:
            view = self.env.ref(f"whatsapp_connector.{name}")
            with self.subTest(name):
                arch = self.env[model].get_view(view.id, "form")["arch"]
                self.assertRegex(arch, r'name="connector_id"[^>]*\'sms\'')
