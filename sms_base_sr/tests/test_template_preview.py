from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .campaign_model import NAME, add_campaign_model
from .common import SmsCase


class TestTemplatePreview(SmsCase):
    """The form shows what a text becomes before anything is saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider.price_per_segment = 0.1
        cls.partner.write({"vat": "123.456.789-09", "city": "Recife"})
        cls.editor = cls.new_user(
            "editor",
            "base.group_user,base.group_partner_manager,"
            "sms_base_sr.group_sms_template_editor",
        )
        cls.templates = cls.env["sms.template"]
        cls.template = cls.templates.create(
            {"name": "T", "applies_to": "res_partner", "message_template": "Stored"}
        )

    def preview(self, text, template=None, user=None, **options):
        """What the form asks while one types, for the partner."""
        near = [self.partner.id, 0]
        values = {"applies_to": "res_partner", "near": near, **options}
        template = (template or self.templates).with_user(user or self.editor)
        return template.sms_preview(text=text, **values)

    # -- what is shown -----------------------------------------------------------------

    def test_a_text_that_is_not_saved_is_shown_for_a_contact(self):
        told = self.preview("Olá {{ first_name }} de {{ city }}, CPF {{ cpf }}")
        self.assertEqual(told["text"], "Olá Ana de Recife, CPF ***.456.789-**")
        self.assertEqual(told["record"]["name"], "Ana Exemplo")
        self.assertEqual((told["segments"], told["characters"]), (1, 37))
        self.assertTrue(told["unicode"])
        self.assertEqual(told["culprits"], ["á"])
        self.assertEqual(told["price"], 0.1)
        self.assertEqual(
            (told["error"], told["unknown"], told["missing"]), ("", [], [])
        )

    def test_the_company_may_want_the_whole_tax_number(self):
        self.company.sms_cpf_whole = True
        self.assertEqual(self.preview("{{ cpf }}")["text"], "123.456.789-09")

    def test_what_is_wrong_is_said(self):
        cases = [
            ("{{ name", "line 1"),
            ("{{ name.__class__ }}", "not allowed"),
            ("{{ 1 // 0 }}", "cannot compute"),
            ("{{ range(1000000000)|join }}", "too long"),
        ]
        for text, words in cases:
            with self.subTest(text):
                told = self.preview(text)
                self.assertIn(words, told["error"])
                self.assertEqual(told["text"], "")

    def test_unknown_variables_are_named(self):
        told = self.preview("{{ nome }} {{ nmae }} {{ object.env }} {{ city }}")
        names = [unknown["name"] for unknown in told["unknown"]]
        self.assertEqual(names, ["nmae", "object.env"])
        self.assertEqual(told["unknown"][0]["meant"], "name")
        self.assertEqual(told["text"], "")

    def test_missing_values_are_all_named_and_stand_in_the_text(self):
        self.partner.write({"vat": False, "city": False})
        told = self.preview("{{ name }} {{ cpf }} {{ city }} {{ phone or '-' }}")
        self.assertEqual(told["missing"], ["cpf", "city"])
        self.assertEqual(told["text"], "Ana Exemplo [cpf] [city] (11) 91234-5678")

    def test_the_ending_of_promotional_texts_is_part_of_it(self):
        self.company.sms_suffix = "Sair: SAIR"
        told = self.preview("Oi", message_class="promotional")
        self.assertEqual(told["text"], "Oi Sair: SAIR")
        self.assertEqual(self.preview("Oi", message_class="service")["text"], "Oi")

    def test_the_records_can_be_walked_through(self):
        first = self.partner.copy({"name": "Bia Exemplo"})
        second = self.partner.copy({"name": "Caio Exemplo"})
        shown = self.preview("{{ name }}", near=[first.id, 1])
        self.assertEqual(shown["record"]["id"], second.id)
        shown = self.preview("{{ name }}", near=[second.id, -1])
        self.assertEqual(shown["record"]["id"], first.id)
        newest = self.preview("{{ name }}", near=None)
        around = self.preview("{{ name }}", near=[newest["record"]["id"], 1])
        self.assertLess(around["record"]["id"], self.partner.id, "the first again")

    def test_each_kind_lists_its_variables_with_meaning_and_example(self):
        kinds = self.env["sms.template.variables"]._models()
        for kind in (*kinds, "all"):
            told = self.preview("Oi", applies_to=kind, near=None)
            names = [variable["name"] for variable in told["variables"]]
            with self.subTest(kind):
                self.assertEqual(len(names), len(set(names)))
                self.assertLessEqual({"name", "cpf", "user.company"}, set(names))
                for variable in told["variables"]:
                    self.assertTrue(variable["meaning"], variable)
                    self.assertTrue(variable["example"], variable)
                    self.assertTrue(variable["kind"], variable)

    def test_every_variable_that_is_listed_can_be_printed(self):
        for kind in (*self.env["sms.template.variables"]._models(), "all"):
            listed = self.preview("Oi", applies_to=kind, near=None)["variables"]
            for variable in listed:
                text = "{{ %s or 'x' }}" % variable["name"]
                told = self.preview(text, applies_to=kind, near=None)
                with self.subTest(kind=kind, variable=variable["name"]):
                    self.assertEqual((told["error"], told["unknown"]), ("", []))
                    self.assertTrue(told["text"])

    # -- who ---------------------------------------------------------------------------

    def test_only_editors_see_other_texts_than_the_stored_one(self):
        for user in (self.salesperson, self.manager):
            with self.subTest(user.login):
                told = self.preview("{{ cpf }}", self.template, user)
                self.assertEqual(told["text"], "Stored")
        told = self.preview("{{ city }}", self.template, self.editor)
        self.assertEqual(told["text"], "Recife")

    def test_a_record_that_one_may_not_read_is_not_shown(self):
        rule = {
            "name": "no partners",
            "model_id": self.env["ir.model"]._get_id("res.partner"),
            "domain_force": f"[('id', '!=', {self.partner.id})]",
        }
        self.env["ir.rule"].create(rule)
        told = self.preview("{{ name }}")
        self.assertNotEqual(told["record"] and told["record"]["id"], self.partner.id)
        self.assertNotIn("Ana Exemplo", told["text"])

    def test_fields_are_read_with_the_users_rights(self):
        values = self.env["sms.template.variables"].with_user(self.salesperson)
        stranger = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = self.partner.copy({"company_id": stranger.id})
        with self.assertRaises(AccessError):
            values._values_of_record(theirs.with_user(self.salesperson))

    def test_values_are_plain_data_only(self):
        variables = self.env["sms.template.variables"]
        told = variables._values_of_record(self.partner)
        pending = [told]
        while pending:
            value = pending.pop()
            self.assertIn(type(value), (dict, str, int, float), value)
            pending += value.values() if isinstance(value, dict) else []

    # -- on many -----------------------------------------------------------------------

    def test_a_text_is_tried_on_the_contacts_of_a_campaign(self):
        add_campaign_model(self)
        campaign = self.env[NAME].create({"name": "Natal"})
        for name in ("Ana", "Bia", "y" * 200, "Caio"):
            self.env["res.partner"].create({"name": name, "ref": "campaign"})
        self.template.message_template = "Oi {{ name }}, {{ campaign.name }}"
        form = self.try_as(self.manager)
        form.campaign = f"{NAME},{campaign.id}"
        for words in ('data-parts="1">3<', 'data-parts="2">1<', "y" * 200, "Natal"):
            self.assertIn(words, form.report)

    def test_missing_values_are_counted_by_name(self):
        partners = self.env["res.partner"]
        partners.create([{"name": f"P{n}", "vat": False} for n in range(3)])
        partners.create({"name": "With", "vat": "12345678909", "city": "Olinda"})
        self.template.message_template = "{{ cpf }} {{ city }}"
        form = self.try_as(self.editor)
        form.count = 4
        self.assertIn('data-missing="cpf">3<', form.report)
        self.assertIn('data-missing="city">3<', form.report)
        self.assertIn('data-figure="written">1<', form.report)

    def test_a_text_that_cannot_be_tried_says_why(self):
        self.template.message_template = "{{ nmae }}"
        self.assertIn("nmae", self.try_as(self.editor).report)
        self.template.message_template = "Oi"
        for count in (0, -1, 1001):
            with self.subTest(count), self.assertRaises(UserError):
                self.try_as(self.editor).count = count

    def test_a_customers_name_is_no_markup_in_the_report(self):
        self.env["res.partner"].create({"name": "<img src=x onerror=alert(1)>"})
        self.template.message_template = "{{ name }}"
        form = self.try_as(self.editor)
        form.count = 1
        self.assertNotIn("<img", form.report)
        self.assertIn("&lt;img", form.report)

    def try_as(self, user):
        action = self.template.with_user(user).action_sms_test_render()
        wizards = self.env[action["res_model"]].with_user(user)
        return Form(wizards.with_context(**action["context"]))
