import base64
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import SmsCase

ATTACK = "{{ object.sudo().env.cr }}"


class TestTemplateDoors(SmsCase):
    """Whoever may not write templates finds every door closed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("pt_BR")
        cls.template = cls.env["sms.template"].create(
            {"name": "T", "code": "t", "message_template": "Oi {{ name }}"}
        )
        cls.users = (
            cls.salesperson,
            cls.manager,
            cls.new_user("super", "sms_base_sr.group_sms_manager"),
        )
        cls.editor = cls.new_user(
            "editor", "sms_base_sr.group_sms_user,sms_base_sr.group_sms_template_editor"
        )

    def doors(self, template):
        """Ways to write the text, each by its name."""
        new = {"name": "N", "message_template": "x"}
        rows = [["t2", "x"]]
        return {
            "write": lambda: template.write({"message_template": "x"}),
            "assign": lambda: setattr(template, "message_template", "x"),
            "web_save": lambda: template.web_save({"message_template": "x"}, {}),
            "create": lambda: template.create(new),
            "copy": lambda: template.copy(),
            "copy with a text": lambda: template.copy({"message_template": "x"}),
            "unlink": lambda: template.unlink(),
            "archive": lambda: template.action_archive(),
            "name_create": lambda: template.name_create("x"),
            "body": lambda: template.write({"body": "x"}),
            "code": lambda: template.write({"code": "x"}),
            "used for": lambda: template.write({"applies_to": "all"}),
            "message class": lambda: template.write({"message_class": "service"}),
            "load": lambda: self.must_load(template, rows),
            "translation": lambda: template.update_field_translations(
                "body", {"pt_BR": "x"}
            ),
            "translated write": lambda: template.with_context(lang="pt_BR").write(
                {"body": "x"}
            ),
            "context action": lambda: template.action_create_sidebar_action(),
            "server action": lambda: self.run_server_action(template),
            "import of a file": lambda: self.import_file(template),
        }

    def must_load(self, template, rows):
        done = template.load(["code", "message_template"], rows)
        if not done["ids"]:
            raise AccessError(done["messages"][0]["message"])

    def run_server_action(self, template):
        """An action that an administrator made, run by somebody else."""
        model = self.env["ir.model"]._get("sms.template")
        code = "record.write({'message_template': 'x'})"
        values = {"name": "A", "model_id": model.id, "state": "code", "code": code}
        action = self.env["ir.actions.server"].create(values)
        link = {"active_model": "sms.template", "active_id": template.id}
        action.with_env(template.env).with_context(**link).run()

    def import_file(self, template):
        wizard = template.env["base_import.import"].create(
            {
                "res_model": "sms.template",
                "file": base64.b64encode(b"name,message_template\nN,x\n"),
                "file_type": "text/csv",
            }
        )
        options = {"has_headers": True, "separator": ",", "quoting": '"'}
        options |= {"encoding": "utf-8"}
        columns = ["name", "message_template"]
        done = wizard.execute_import(columns, columns, options)
        if not done.get("ids"):
            raise AccessError(str(done["messages"]))

    def test_every_door_is_closed_to_those_who_are_no_editors(self):
        for user in self.users:
            template = self.template.with_user(user)
            for name, door in self.doors(template).items():
                with (
                    self.subTest(user=user.login, door=name),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    door()
        self.env.invalidate_all()
        self.assertEqual(self.template.message_template, "Oi {{ name }}")
        count = self.env["sms.template"].search_count([("name", "in", ["N", "T"])])
        self.assertEqual(count, 1)

    def test_an_editor_never_gets_odoos_own_expressions_in(self):
        """They would be evaluated over records."""
        template = self.template.with_user(self.editor)
        ways = {
            "write": lambda: template.write({"body": ATTACK}),
            "name": lambda: template.write({"name": ATTACK, "body": ATTACK}),
            "create": lambda: template.create(
                {"name": "N", "model_id": template.model_id.id, "body": ATTACK}
            ),
            "lang": lambda: template.write({"lang": ATTACK}),
            "translation": lambda: template.update_field_translations(
                "body", {"pt_BR": ATTACK}
            ),
            "translated write": lambda: template.with_context(lang="pt_BR").write(
                {"body": ATTACK}
            ),
        }
        for name, way in ways.items():
            with (
                self.subTest(name),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                way()

    def test_an_editor_may_use_each_door_for_a_text_that_is_safe(self):
        template = self.template.with_user(self.editor)
        copied = template.copy()
        self.assertEqual(copied.message_template, "Oi {{ name }}")
        self.assertFalse(copied.code)
        self.must_load(template, [["t3", "Oi {{ nome }}"]])

    def test_no_door_lets_an_unsafe_text_in(self):
        template = self.template.with_user(self.editor)
        for text in ("{{ name.__class__ }}", "{{ name", "{{ 'a'.format(name) }}"):
            ways = {
                "write": lambda t=text: template.write({"message_template": t}),
                "create": lambda t=text: template.create(
                    {"name": "N", "message_template": t}
                ),
                "copy": lambda t=text: template.copy({"message_template": t}),
                "load": lambda t=text: self.must_load(template, [["t4", t]]),
            }
            for name, way in ways.items():
                with (
                    self.subTest(text=text, way=name),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    way()


class TestTemplateComposer(SmsCase):
    """Odoo's own dialog sends our text, written by the sandbox, or nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["sms.template"].create(
            {
                "name": "Oferta",
                "applies_to": "res_partner",
                "message_template": "Olá {{ first_name }}, de {{ city or 'longe' }}",
            }
        )
        cls.other = cls.partner.copy({"name": "BIA LIMA", "phone": "(11) 91234-9999"})
        cls.sender = cls.new_user("sender", "sms_base_sr.group_sms_user")

    def compose(self, mode, records, **values):
        return self.env["sms.composer"].create(
            {
                "composition_mode": mode,
                "res_model": records._name,
                "res_id": records[:1].id if mode == "comment" else False,
                "res_ids": repr(records.ids) if mode == "mass" else False,
                "template_id": self.template.id,
                "mass_force_send": False,
                **values,
            }
        )

    def send(self, composer):
        before = self.env["sms.sms"].search([])
        composer.action_send_sms()
        return (self.env["sms.sms"].search([]) - before).sorted("number")

    def test_one_contact_gets_the_text_that_the_dialog_shows(self):
        composer = self.compose("comment", self.partner)
        self.assertEqual(composer.body, "Olá Ana, de longe")
        self.assertEqual(self.send(composer).body, "Olá Ana, de longe")

    def test_what_is_changed_for_one_contact_is_sent_as_changed(self):
        composer = self.compose("comment", self.partner)
        composer.body = "Olá {{ 7*7 }} Ana"
        self.assertEqual(self.send(composer).body, "Olá {{ 7*7 }} Ana")

    def test_many_contacts_get_their_own_texts(self):
        sent = self.send(self.compose("mass", self.partner | self.other))
        self.assertEqual(
            sent.mapped("body"), ["Olá Ana, de longe", "Olá Bia, de longe"]
        )

    def test_a_text_for_many_cannot_be_changed_in_the_dialog(self):
        composer = self.compose("mass", self.partner | self.other)
        composer.body = "Compre {{ object.name }}"
        with self.assertRaisesRegex(UserError, "Oferta"):
            composer.action_send_sms()

    def test_a_customers_data_is_not_evaluated_by_odoo(self):
        for name in ("{{ 7*7 }}", "{{ object.name }}", "{{ object.env.cr }}", "{%"):
            self.partner.name = name
            self.template.message_template = "Olá {{ name }}"
            for mode in ("comment", "mass"):
                with self.subTest(name=name, mode=mode):
                    sent = self.send(self.compose(mode, self.partner))
                    self.assertEqual(sent.body, f"Olá {name}")

    def test_what_is_missing_or_unknown_is_refused_by_name(self):
        self.partner.city = False
        for text, words in (
            ("{{ city }}", "Ana Exemplo: no value for city"),
            ("{{ vi_rmi }}", "nothing is known of vi_rmi"),
            ("{{ 1 // 0 }}", "cannot compute"),
        ):
            self.template.message_template = text
            with self.subTest(text=text):
                with self.assertRaisesRegex(UserError, words):
                    self.compose("comment", self.partner)
                composer = self.compose("mass", self.partner)
                with self.assertRaisesRegex(UserError, words):
                    self.send(composer)

    def test_bare_numbers_have_no_values(self):
        composer = self.env["sms.composer"].create(
            {
                "composition_mode": "numbers",
                "numbers": "+5511912345678",
                "template_id": self.template.id,
            }
        )
        with self.assertRaisesRegex(UserError, "Oferta"):
            composer.action_send_sms()

    def test_a_model_that_texts_know_nothing_of_is_refused(self):
        users = self.env["ir.model"]._get_id("res.users")
        self.template.model_id = users
        with self.assertRaisesRegex(UserError, "know no variables"):
            self.template._render_field("body", self.salesperson.ids)

    def test_a_server_action_sends_our_text(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Send",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "sms",
                "sms_template_id": self.template.id,
                "sms_method": "comment",
            }
        )
        before = self.env["sms.sms"].search([])
        records = self.partner | self.other
        link = {"active_model": "res.partner", "active_ids": records.ids}
        action.with_context(**link).run()
        sent = (self.env["sms.sms"].search([]) - before).sorted("number")
        self.assertEqual(
            sent.mapped("body"), ["Olá Ana, de longe", "Olá Bia, de longe"]
        )

    def test_odoos_preview_shows_our_text(self):
        reference = f"res.partner,{self.partner.id}"
        preview = self.env["sms.template.preview"].create(
            {"sms_template_id": self.template.id, "resource_ref": reference}
        )
        self.assertEqual(preview.body, "Olá Ana, de longe")

    def test_who_sends_may_not_have_expressions_evaluated(self):
        """What is typed into the dialog without a template."""
        composer = self.env["sms.composer"].with_user(self.sender)
        composer = composer.create(
            {
                "composition_mode": "mass",
                "res_model": "res.partner",
                "res_ids": repr(self.partner.ids),
                "body": ATTACK,
            }
        )
        with self.assertRaises(AccessError):
            composer.action_send_sms()


@tagged("-at_install", "post_install")
class TestTemplateRpc(SmsCase, HttpCase):
    """The same doors over HTTP, as a browser or a program knocks."""

    def setUp(self):
        super().setUp()
        self.template = self.env["sms.template"].create(
            {"name": "T", "message_template": "Oi {{ name }}"}
        )
        self.authenticate(self.salesperson.login, self.salesperson.login)

    def call(self, method, *args, **kwargs):
        body = {"model": "sms.template", "method": method}
        body |= {"args": args, "kwargs": kwargs}
        answer = self.url_open(
            f"/web/dataset/call_kw/sms.template/{method}",
            data=json.dumps({"params": body}),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()

    def test_a_salesperson_cannot_write_by_rpc(self):
        ids, values = self.template.ids, {"message_template": "x"}
        for method, args, kwargs in (
            ("write", [ids, values], {}),
            ("web_save", [ids, values], {"specification": {}}),
            ("create", [[{"name": "N", **values}]], {}),
            ("copy", [ids], {}),
            ("load", [["name", "message_template"], [["N", "x"]]], {}),
        ):
            with self.subTest(method):
                answer = self.call(method, *args, **kwargs)
                told = answer.get("error") or answer["result"]["messages"]
                self.assertTrue(told, answer)
        self.env.invalidate_all()
        self.assertEqual(self.template.message_template, "Oi {{ name }}")
        self.assertFalse(self.env["sms.template"].search([("name", "=", "N")]))

    def test_private_methods_stay_private(self):
        for method in ("_render_field", "_sms_text_for", "_describe_text"):
            with self.subTest(method):
                self.assertIn("error", self.call(method, self.template.ids))
