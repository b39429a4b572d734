import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .composer_case import ComposerCase

DOMAIN = [["ref", "=", "composer"]]


class TestComposerSend(ComposerCase):
    """Some SMS leave at once, many as a campaign of the engine."""

    def setUp(self):
        super().setUp()
        self.before = self.env["sms.sms"].search([])

    def odoos(self):
        """Rows of Odoo's own queue that this test has made."""
        return self.env["sms.sms"].search([]) - self.before

    def run_all(self):
        self.run_jobs("_plan", "_enqueue_batches", "_send_batch")

    def test_a_few_go_odoos_way_and_gaps_get_none(self):
        composer = self.compose(self.with_template(self.values()))
        self.assertFalse(composer.action_send_sms())
        bodies = sorted(self.odoos().mapped("body"))
        self.assertEqual(bodies, ["Ola Bia, de Recife", "Ola Caio, de Natal"])
        self.assertFalse(self.env["sms.composer.campaign"].search([]))

    def test_many_become_a_campaign_and_its_progress_is_shown(self):
        people = self.more_people(5) | self.people
        composer = self.compose(self.with_template(self.values(people)))
        action = composer.action_send_sms_mass_now()
        self.assertEqual(
            (action["res_model"], action["target"]), ("sms.run", "current")
        )
        self.assertFalse(self.odoos())
        self.run_all()
        run = self.env["sms.run"].browse(action["res_id"])
        self.assertEqual(run.provider_id, self.provider)
        self.assertEqual((run.recipient_count, run.planned_count), (8, 7))
        self.assertEqual(len(self.gateway.phones), 7)
        texts = {m.text for call in self.gateway.calls for m in call.messages}
        self.assertIn("Ola Bia, de Recife", texts)
        self.assertEqual(run.excluded_counts, {"missing_value": 1})

    def test_the_campaigns_messages_know_contact_and_salesperson(self):
        people = self.more_people(5, user_id=self.salesperson.id)
        action = self.compose(self.values(people)).action_send_sms()
        self.run_all()
        sent = self.env["sms.message"].search([("run_id", "=", action["res_id"])])
        self.assertEqual(sent.partner_id, people)
        self.assertEqual(sent.user_id, self.salesperson)
        self.assertEqual(set(sent.mapped("body")), {"Ola"})

    def test_the_run_shows_the_words_that_were_typed(self):
        """They are what another person approves, and what the audit log is sure of."""
        self.manager.group_ids |= self.env.ref("mail.group_mail_template_editor")
        people = self.more_people(5)
        cases = {
            "Oferta de hoje, 100 %!": "Oferta de hoje, 100 %!",
            "Ola {{ object.name }} #}!": "{{ text }}{# Ola {{ object.name }} # }! #}",
            "so {# isto": "{{ text }}{# so {# isto #}",
        }
        for typed, shown in cases.items():
            with self.subTest(typed):
                values = {**self.values(people), "body": typed}
                action = self.compose(values).action_send_sms()
                run = self.env["sms.run"].browse(action["res_id"])
                self.run_all()
                self.assertEqual(run.text, shown)
                sent = self.env["sms.message"].search([("run_id", "=", run.id)])
                expected = {typed}
                if "object.name" in typed:
                    expected = {f"Ola {name} #}}!" for name in people.mapped("name")}
                self.assertEqual(set(sent.mapped("body")), expected)

    def test_odoos_placeholders_are_written_by_the_campaign(self):
        self.manager.group_ids |= self.env.ref("mail.group_mail_template_editor")
        people = self.more_people(5)
        self.compose(
            self.values(people, body="Ola {{ object.name }}")
        ).action_send_sms()
        self.run_all()
        texts = {m.text for call in self.gateway.calls for m in call.messages}
        self.assertIn("Ola Eva 3", texts)

    def test_nobody_has_expressions_evaluated_that_he_may_not_write(self):
        people = self.more_people(5)
        attack = "{{ object.sudo().env.cr }}"
        told = self.review(self.values(people, body=attack))
        self.assertIn("placeholders", told["error"])
        with self.assertRaises(AccessError):
            self.compose(self.values(people, body=attack)).action_send_sms()
        self.assertFalse(self.env["sms.composer.campaign"].search([]))

    def test_a_customers_data_is_not_evaluated(self):
        people = self.more_people(5, name="{{ 7*7 }}")
        self.template.message_template = "Ola {{ name }}"
        self.compose(self.with_template(self.values(people))).action_send_sms()
        self.run_all()
        texts = {m.text for call in self.gateway.calls for m in call.messages}
        self.assertEqual(texts, {"Ola {{ 7*7 }}"})

    def test_only_campaign_managers_send_to_many(self):
        values = self.values(self.more_people(5))
        for verb in ("action_send_sms", "action_send_sms_mass_now"):
            composer = self.compose(values, self.salesperson)
            with self.subTest(verb), self.assertRaisesRegex(AccessError, "campaign"):
                getattr(composer, verb)()
        self.assertFalse(self.env["sms.run"].search([("name", "like", "5 chosen")]))

    def test_a_salesperson_sends_a_few_within_the_hourly_limit(self):
        self.company.sms_hourly_single = 4
        self.compose(self.values(), self.salesperson).action_send_sms()
        self.assertEqual(len(self.odoos()), 3)
        with self.assertRaisesRegex(UserError, "hour"):
            self.compose(self.values(), self.salesperson).action_send_sms()

    def test_large_campaigns_wait_for_another_persons_approval(self):
        self.company.sms_approval_count = 3
        action = self.compose(self.values(self.more_people(5))).action_send_sms()
        self.run_all()
        run = self.env["sms.run"].browse(action["res_id"])
        self.assertEqual((run.state, run.approval), ("ready", "wanted"))
        self.assertFalse(self.gateway.calls)
        self.assertIn("yourself", run.with_user(self.manager)._why_not_approve())

    def test_a_text_that_cannot_be_written_makes_no_campaign(self):
        self.template.message_template = "Ola {{ unheard_of }}"
        values = self.with_template(self.values(self.more_people(5)))
        with self.assertRaisesRegex(UserError, "unheard_of"):
            self.compose(values).action_send_sms()
        self.assertFalse(self.env["sms.composer.campaign"].search([]))

    def test_gaps_in_one_text_are_not_sent(self):
        # Odoo lets those note something at a contact who may write it.
        self.manager.group_ids |= self.env.ref("base.group_partner_manager")
        values = self.with_template(self.single(self.people[2]))
        composer = self.compose({**values, "body": "Ola Davi, de [city]"})
        with self.assertRaisesRegex(UserError, "no value for city"):
            composer.action_send_sms()
        composer.body = "Ola Davi"
        composer.action_send_sms()
        self.assertEqual(self.odoos().body, "Ola Davi")

    def test_what_an_administrator_has_set_up_sends_as_ever(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Send",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "sms",
                "sms_template_id": self.template.id,
                "sms_method": "note",
            }
        )
        people = self.more_people(5)
        link = {"active_model": "res.partner", "active_ids": people.ids}
        action.with_user(self.salesperson).sudo().with_context(**link).run()
        self.assertEqual(len(self.odoos()), 5)

    def test_no_browser_passes_for_an_automation(self):
        values = self.values(self.more_people(5))
        composer = self.compose(values, self.salesperson)
        with self.assertRaises(AccessError):
            composer.with_context(sms_automation=True).action_send_sms()


class TestComposerLongList(ComposerCase):
    """A whole long list is kept as its domain, not as ids."""

    def opened(self, records, **context):
        """The dialog as a list opens it."""
        composer = self.env["sms.composer"].with_user(self.manager)
        composer = composer.with_context(
            active_model="res.partner",
            active_ids=records.ids,
            active_domain=DOMAIN,
            default_res_ids=records.ids,
            default_composition_mode="mass",
            **context,
        )
        return composer.default_get(list(composer._fields))

    def test_all_of_a_long_list_become_its_domain(self):
        people = self.more_people(5) | self.people
        found = self.opened(people)
        self.assertEqual(json.loads(found["sms_domain"]), DOMAIN)
        self.assertFalse(found["res_ids"])

    def test_some_of_it_stay_the_ones_that_were_chosen(self):
        people = self.more_people(6)
        found = self.opened(people[:5])
        self.assertFalse(found.get("sms_domain"))
        self.assertTrue(found["res_ids"])

    def test_a_list_longer_than_a_browser_hands_on_is_its_domain_too(self):
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", "5")
        found = self.opened(self.more_people(8)[:5])
        self.assertEqual(json.loads(found["sms_domain"]), DOMAIN)

    def test_short_lists_and_other_companies_stay_with_odoo(self):
        self.assertFalse(self.opened(self.people).get("sms_domain"))
        self.company.sms_native_provider_id = False
        people = self.more_people(5)
        self.assertFalse(self.opened(people | self.people).get("sms_domain"))

    def test_the_dialog_counts_and_sends_the_list(self):
        self.more_people(5)
        values = self.values(self.people, res_ids=False, sms_domain=json.dumps(DOMAIN))
        told = self.review(values)
        self.assertEqual((told["total"], told["sends"], told["campaign"]), (8, 8, True))
        action = self.compose(values).action_send_sms()
        self.run_jobs("_plan", "_enqueue_batches", "_send_batch")
        run = self.env["sms.run"].browse(action["res_id"])
        self.assertEqual(run.recipient_count, 8)

    def test_a_domain_reaches_nobody_whom_the_sender_may_not_see(self):
        self.more_people(5)
        rule = {
            "name": "Olinda only",
            "model_id": self.env["ir.model"]._get_id("res.partner"),
            "groups": [(4, self.env.ref("sms_base_sr.group_sms_campaign").id)],
            "domain_force": "[('city', '=', 'Olinda')]",
        }
        self.env["ir.rule"].create(rule)
        values = self.values(self.people, res_ids=False, sms_domain=json.dumps(DOMAIN))
        action = self.compose(values).action_send_sms()
        self.run_jobs("_plan", "_enqueue_batches", "_send_batch")
        run = self.env["sms.run"].browse(action["res_id"])
        self.assertEqual(run.recipient_count, 5)

    def test_archived_records_that_were_chosen_count(self):
        self.people.active = False
        self.assertEqual(self.review(self.values())["sends"], 3)

    def test_an_erased_campaign_reaches_nobody(self):
        campaign = self.env["sms.composer.campaign"].create(
            {
                "name": "x",
                "company_id": self.company.id,
                "res_model": "res.partner",
                "message_class": "service",
                "body": "Ola",
            }
        )
        self.assertEqual(campaign._sms_audience_page(0, 10), [])
        self.assertEqual(campaign._sms_spread_recipients(10), [])

    def test_notes_are_written_as_the_company_wants_them(self):
        for mode, kept in (("all", True), ("answered", True), ("none", False)):
            self.company.sms_chatter_mode = mode
            found = self.opened(self.people, default_mass_keep_log=True)
            with self.subTest(mode):
                self.assertEqual(bool(found["mass_keep_log"]), kept)

    def test_the_dialog_opens_as_a_list_opens_it(self):
        people = self.more_people(5)
        composer = self.env["sms.composer"].with_context(
            active_model="res.partner",
            active_ids=(people | self.people).ids,
            active_domain=DOMAIN,
            default_res_ids=(people | self.people).ids,
            default_composition_mode="mass",
        )
        with Form(composer) as form:
            form.body = "Ola"
            self.assertTrue(form.sms_as_campaign)
            self.assertTrue(form.sms_to.startswith("8 "))
