from unittest.mock import patch

from odoo.tests import Form

from ..wizards import sms_composer_review
from .composer_case import ComposerCase


class TestComposerReview(ComposerCase):
    """The dialog says whom an SMS reaches, its segments and price, before it leaves."""

    def test_a_company_without_our_provider_keeps_odoos_dialog(self):
        self.company.sms_native_provider_id = False
        self.assertIs(self.review(self.values()), False)
        composer = self.compose(self.values())
        self.assertFalse(composer.sms_native)
        self.assertFalse(composer.sms_as_campaign)

    def test_recipients_segments_and_price_of_a_few(self):
        told = self.review(self.values())
        self.assertEqual((told["total"], told["sends"], told["exact"]), (3, 3, True))
        self.assertEqual((told["spread"], told["cost"]), ([1, 1], 0.3))
        self.assertFalse(told["excluded"])

    def test_who_is_left_out_and_why(self):
        texted, blocked, landline, none = self.more_people(4)
        texted.phone = self.people[0].phone
        landline.phone = "(11) 3333-4444"
        none.phone = False
        self.env["phone.blacklist"].create({"number": blocked.phone})
        told = self.review(
            self.values(self.people | texted | blocked | landline | none)
        )
        reasons = {"duplicate": 1, "blacklisted": 1, "landline": 1, "no_number": 1}
        self.assertEqual(self.counts(told), reasons)
        self.assertEqual(told["sends"], 3)
        labels = {line["label"] for line in told["excluded"]}
        self.assertIn("Number there twice", labels)

    def test_the_spread_of_many_texts_and_what_accents_cost(self):
        self.people[0].city = "São Tomé das Letras" * 4
        self.people[2].city = "Natal"
        told = self.review(self.with_template(self.values()))
        self.assertEqual(told["spread"], [1, 2])
        self.assertEqual(told["unicode"], 1)
        self.assertEqual((told["cost"], told["saving"]), (0.4, 0.1))

    def test_missing_values_are_named_and_leave_the_contact_out(self):
        told = self.review(self.with_template(self.values()))
        self.assertEqual(told["missing"], ["city"])
        self.assertEqual(self.counts(told), {"missing_value": 1})
        self.assertEqual(told["sends"], 2)

    def test_one_goes_from_recipient_to_recipient_and_around(self):
        values = self.with_template(self.values())
        shown = [self.review(values, at)["preview"] for at in (None, 1, 2, 3, -1)]
        texts = [
            "Ola Bia, de Recife",
            "Ola Caio, de Natal",
            "",
            "Ola Bia, de Recife",
            "",
        ]
        self.assertEqual([preview["text"] for preview in shown], texts)
        self.assertEqual(shown[2]["reason"], "no value for city")
        self.assertEqual((shown[2]["name"], shown[2]["count"]), ("Davi", 3))

    def test_the_first_shown_is_one_who_gets_it(self):
        self.people[0].city = False
        told = self.review(self.with_template(self.values()))
        self.assertEqual(told["preview"]["name"], "Caio")

    def test_a_name_that_nobody_knows_is_told(self):
        self.template.message_template = "Ola {{ unheard_of }}"
        told = self.review(self.with_template(self.values()))
        self.assertIn("unheard_of", told["error"])

    def test_promotional_texts_get_their_ending_and_it_is_counted(self):
        self.company.sms_suffix = "Para sair, responda SAIR."
        self.template.message_class = "promotional"
        told = self.review(self.with_template(self.values()))
        self.assertEqual(told["ending"], "Para sair, responda SAIR.")
        text = "Ola Bia, de Recife Para sair, responda SAIR."
        self.assertEqual(told["preview"]["text"], text)

    def test_odoos_own_placeholders_are_written_for_each(self):
        self.manager.group_ids |= self.env.ref("mail.group_mail_template_editor")
        told = self.review(self.values(body="Ola {{ object.name }}"), 1)
        self.assertEqual(told["preview"]["text"], "Ola Caio")

    def test_one_recipient_gets_what_stands_in_the_dialog(self):
        text = "Olá {{ 7*7 }}, amanhã"
        told = self.review(self.single(self.people[0], body=text))
        preview = told["preview"]
        self.assertTrue(told["single"])
        self.assertEqual((preview["text"], preview["segments"]), (text, 1))
        self.assertEqual((preview["culprits"], told["cost"]), (["á", "ã"], 0.1))

    def test_the_number_typed_for_one_counts(self):
        typed = {"recipient_single_number_itf": "(11) 3333-4444"}
        told = self.review(self.single(self.people[0], **typed))
        self.assertEqual(told["preview"]["reason"], "Not a mobile number")

    def test_recipients_are_told_before_a_word_is_written(self):
        landline = self.more_people(1, phone="(11) 3333-4444")
        told = self.review(self.values(self.people | landline, body=False))
        self.assertTrue(told["empty"])
        self.assertEqual((told["sends"], self.counts(told)), (3, {"landline": 1}))
        told = self.review(self.single(landline, body=False))
        self.assertEqual(told["preview"]["reason"], "Not a mobile number")

    def test_bare_numbers_are_counted(self):
        values = {"composition_mode": "numbers", "body": "Ola"}
        told = self.review({**values, "numbers": "+5511912345600,+5511912345601"})
        self.assertEqual((told["total"], told["sends"], told["cost"]), (2, 2, 0.2))

    def test_of_a_long_list_some_are_looked_at_and_it_says_so(self):
        people = self.more_people(30)
        people[:15].phone = False
        with patch.object(sms_composer_review, "LOOKED_AT", 10):
            told = self.review(self.values(people))
        self.assertEqual(
            (told["exact"], told["looked"], told["total"]), (False, 10, 30)
        )
        self.assertEqual((told["sends"], self.counts(told)), (15, {"no_number": 15}))

    def test_of_others_companies_nothing_is_counted_as_sent(self):
        other = self.env["res.company"].create({"name": "B"})
        self.people[0].company_id = other
        self.manager.company_ids |= other
        told = self.review(self.values())
        self.assertEqual((told["sends"], self.counts(told)), (2, {"unseen": 1}))

    def test_a_person_learns_of_no_record_that_is_not_to_be_read(self):
        """The figures are asked for by RPC: rights hold there too."""
        hidden = self.env["ir.config_parameter"].search([], limit=1)
        told = self.review(self.values(hidden), user=self.salesperson)
        self.assertIn("not allowed", told["error"])
        self.assertNotIn("preview", told)

    def test_what_a_large_list_means_is_said_before(self):
        people = self.more_people(5)
        self.company.sms_approval_count = 3
        for user, may in ((self.manager, True), (self.salesperson, False)):
            with self.subTest(user.login):
                told = self.review(self.values(people), user=user)
                self.assertEqual((told["campaign"], told["may_send"]), (True, may))
                self.assertIn("more than 3 SMS", told["approval"])
        self.assertFalse(self.review(self.values())["campaign"])

    def test_gaps_in_one_text_are_shown_not_raised(self):
        with Form(
            self.env["sms.composer"].with_context(
                default_res_model="res.partner", default_res_id=self.people[2].id
            )
        ) as form:
            form.template_id = self.template
            self.assertEqual(form.body, "Ola Davi, de [city]")
            form.body = "Ola Davi"
        told = self.review(
            self.single(self.people[2], template_id=self.template.id, body="de [city]")
        )
        self.assertEqual(told["gaps"], ["city"])

    def test_templates_for_everybody_speak_of_a_records_contact(self):
        """A bank account knows no variables of its own: its holder does."""
        self.template.applies_to = "all"
        account = self.env["res.partner.bank"].create(
            {"acc_number": "1", "partner_id": self.people[0].id}
        )
        values = self.with_template(self.values(account))
        told = self.review(values, user=self.env.user)
        self.assertEqual(told["preview"]["text"], "Ola Bia, de Recife")
