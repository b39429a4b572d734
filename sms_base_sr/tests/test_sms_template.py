from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tools import mute_logger

from .common import SmsCase

TEXT = "Olá {{ name }}, {% if vi_rmi %}R$ {{ vi_rmi }}{% endif %}"


class TestSmsTemplate(SmsCase):
    """Texts with variables: only editors write them, only the sandbox reads them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.templates = cls.env["sms.template"]
        cls.editor = cls.new_user(
            "editor", "sms_base_sr.group_sms_user,sms_base_sr.group_sms_template_editor"
        )
        cls.template = cls.templates.create(
            {"name": "Oferta", "code": "oferta_x", "message_template": TEXT}
        )

    # -- who ---------------------------------------------------------------------------

    def test_only_editors_write(self):
        supervisor = self.new_user("boss", "sms_base_sr.group_sms_manager")
        for user in (self.salesperson, self.manager, supervisor):
            template = self.template.with_user(user)
            ways = {
                "write": lambda t=template: t.write({"message_template": "x"}),
                "create": lambda t=template: t.create(
                    {"name": "x", "message_template": "x"}
                ),
                "unlink": lambda t=template: t.unlink(),
            }
            self.assertEqual(template.message_template, TEXT)
            for name, way in ways.items():
                with self.subTest(user=user.login, way=name):
                    self.assertRaises(AccessError, way)

    def test_editors_write_variables_without_odoos_own_template_right(self):
        self.assertFalse(self.editor.has_group("mail.group_mail_template_editor"))
        template = self.template.with_user(self.editor)
        template.message_template = "Oi {{ name }} {{ object.vi_rmi or '0,00' }}"
        new = template.create({"name": "New", "message_template": "{{ name }}"})
        self.assertEqual(new.model_id.model, "res.partner")
        new.unlink()

    def test_odoos_own_variables_stay_closed_to_editors(self):
        template = self.template.with_user(self.editor)
        with self.assertRaises(AccessError):
            template.write({"body": "{{ object.env.cr }}"})

    def test_the_administrator_of_sms_is_an_editor(self):
        admin = self.new_user("admin", "sms_base_sr.group_sms_admin")
        self.template.with_user(admin).message_template = "Oi {{ name }}"
        self.assertEqual(self.template.message_template, "Oi {{ name }}")

    # -- what --------------------------------------------------------------------------

    def test_a_text_that_cannot_be_read_is_refused_with_its_name(self):
        cases = ["{{ name", "{% if %}", "{% for %}{% endfor %}", "{{ 1 + }}"]
        for text in cases:
            with (
                self.subTest(text=text),
                self.assertRaisesRegex(ValidationError, "Oferta"),
                self.env.cr.savepoint(),
            ):
                self.template.message_template = text

    def test_a_code_is_unique_and_may_be_missing(self):
        self.templates.create([{"name": n, "message_template": "x"} for n in "ab"])
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.templates.create(
                {"name": "x", "code": "oferta_x", "message_template": "x"}
            )
        self.assertFalse(self.template.copy().code)

    def test_what_it_applies_to_decides_odoos_model(self):
        cases = [
            ({}, "res.partner"),
            ({"applies_to": "all"}, "res.partner"),
            ({"applies_to": "res_partner"}, "res.partner"),
            ({"applies_to": False}, "res.partner"),
            ({"model_id": self.env["ir.model"]._get_id("res.users")}, "res.users"),
        ]
        for values, model in cases:
            with self.subTest(values=values):
                template = self.templates.create(
                    {"name": "x", "message_template": "x", **values}
                )
                self.assertEqual(template.model, model)

    def test_a_model_that_is_not_installed_falls_back_to_customers(self):
        absent = {
            "crm_lead": "crm.lead",
            "contacts_realcred": "contacts.realcred.batch",
        }
        for applies_to, name in absent.items():
            with self.subTest(applies_to):
                self.template.applies_to = applies_to
                expected = name if name in self.env else "res.partner"
                self.assertEqual(self.template.model, expected)

    def test_the_ready_templates_are_there_with_a_text_and_a_copy_for_odoo(self):
        codes = (
            "realcred_margem",
            "realcred_oferta",
            "realcred_lembrete",
            "cobranca_amigavel",
        )
        for code in codes:
            with self.subTest(code):
                template = self.templates.search([("code", "=", code)])
                self.assertEqual(len(template), 1)
                self.assertIn("{{ name }}", template.message_template)
                self.assertNotIn("{", template.body)

    # -- Odoo's own SMS composer -------------------------------------------------------

    def test_odoos_own_body_is_a_copy_that_it_does_not_evaluate(self):
        for text in (TEXT, "Tchau {{ name }}", "{# {{ object.env }} #}"):
            with self.subTest(text=text):
                self.template.message_template = text
                self.assertNotRegex(self.template.body, "[{}]")
                self.assertEqual(len(self.template.body), len(text))

    def test_odoos_own_composer_still_works(self):
        own = self.templates.create(
            {
                "name": "Core",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "body": "Oi {{ object.name }}",
            }
        )
        self.template.message_template = "Olá {{ first_name }}"
        cases = ((own, "Oi Ana Exemplo"), (self.template, "Olá Ana"))
        for template, expected in cases:
            for mode in ("comment", "mass"):
                with self.subTest(template=template.name, mode=mode):
                    sms = self.env["sms.sms"].search([])
                    composer = self.env["sms.composer"].create(
                        {
                            "composition_mode": mode,
                            "res_model": "res.partner",
                            "res_id": self.partner.id,
                            "res_ids": repr(self.partner.ids),
                            "template_id": template.id,
                            "mass_force_send": False,
                        }
                    )
                    composer.action_send_sms()
                    sent = self.env["sms.sms"].search([]) - sms
                    self.assertEqual(len(sent), 1)
                    self.assertEqual(sent.body, expected)
