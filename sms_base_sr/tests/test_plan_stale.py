from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from .campaign_case import CampaignCase
from .campaign_model import NAME, add_campaign_model
from .common import SmsCase


class TestStaleRun(CampaignCase):
    """A plan that no longer matches is never sent by itself."""

    def stale_run(self):
        self.campaign.basis = {"text": "a", "audience": [1, "x"]}
        run = self.planned_run(2)
        self.campaign.basis = {"text": "b", "audience": [1, "x"]}
        return run

    def test_a_plan_that_matches_can_be_sent(self):
        self.campaign.basis = {"text": "a"}
        run = self.planned_run(2)
        self.assertEqual(run._read_review()["stale"], "")
        run.action_release()
        self.assertEqual(run.state, "sending")

    def test_what_has_changed_is_named(self):
        run = self.stale_run()
        self.assertIn("(changed since: text)", run._read_review()["stale"])
        self.campaign.basis = {"text": "b", "audience": [2, "x"]}
        self.assertIn("text, contacts", run._read_review()["stale"])
        self.campaign.basis = {"text": "a", "audience": [1, "x"]}
        self.assertEqual(run._read_review()["stale"], "")

    def test_it_is_neither_sent_nor_scheduled(self):
        run = self.stale_run()
        run.date_start = fields.Datetime.now()
        for button in ("release", "schedule"):
            with (
                self.subTest(button=button),
                self.assertRaisesRegex(UserError, "Natal.*text.*Plan again"),
            ):
                getattr(run, f"action_{button}")()
        self.assertEqual(run.state, "ready")
        self.assertEqual(run.batch_ids.mapped("state"), ["draft"])

    def test_changed_after_it_was_scheduled_it_waits_for_a_person(self):
        self.campaign.basis = {"text": "a"}
        run = self.planned_run(2)
        run.date_start = fields.Datetime.now() - timedelta(minutes=1)
        run.action_schedule()
        self.campaign.basis = {"text": "b"}
        self.env["sms.run"]._sweep_schedules()
        self.assertEqual(run.state, "ready")
        self.assertTrue(run.schedule_expired)
        self.assertIn("Plan again", run.failure_reason)
        self.assertFalse(self.pending_jobs("_enqueue_batches"))

    def test_a_change_while_it_is_planned_counts(self):
        self.add_contacts(2)
        self.campaign.basis = {"audience": [2, "x"]}
        run = self.new_run()
        run.action_plan()
        self.campaign.basis = {"audience": [3, "y"]}
        self.run_jobs("_plan")
        self.assertIn("contacts", run._read_review()["stale"])

    def test_a_campaign_that_says_nothing_is_never_stale(self):
        run = self.planned_run(1)
        self.campaign.basis = {"text": "b"}
        self.assertEqual(run._read_review()["stale"], "")

    def test_what_is_being_sent_is_no_plan_any_more(self):
        self.campaign.basis = {"text": "a"}
        run = self.planned_run(2)
        run.action_release()
        self.campaign.basis = {"text": "b"}
        self.assertEqual(run._read_review()["stale"], "")
        run.action_pause()
        run.action_resume()
        self.assertEqual(run.state, "sending")


class TestStaleCampaign(SmsCase):
    """The mixin knows what a plan is made of, and plans again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_campaign_model(cls)
        cls.template = cls.env["sms.template"].create(
            {"name": "Test", "message_template": "Olá {{ name }}! {{ user.name }}"}
        )
        cls.env["res.partner"].create(
            [
                {"name": f"P{n}", "phone": f"(11) 9{n:08d}", "ref": "campaign"}
                for n in range(3)
            ]
        )

    def setUp(self):
        super().setUp()
        self.audience = [3]
        self.patch(self.registry[NAME], "_sms_audience_state", lambda _c: self.audience)
        self.campaign = self.env[NAME].create(
            {"name": "Natal", "sms_template_id": self.template.id}
        )
        self.mine = self.campaign.with_user(self.manager)

    def plan(self, verb="action_sms_plan"):
        getattr(self.mine, verb)()
        self.run_jobs("_plan")
        self.env.invalidate_all()

    def stale(self):
        self.env.invalidate_all()
        return self.mine.sms_read_review()["stale"]

    def test_every_part_of_the_plan_that_changes_makes_it_stale(self):
        other = self.provider.create({"name": "Other", "sequence": 1})
        other.price_per_segment = self.provider.price_per_segment
        self.campaign.sms_provider_id = self.provider
        changes = {
            "text": lambda: self.template.write(
                {"message_template": "Oi {{ name }} {{ user.name }}"}
            ),
            "provider": lambda: self.campaign.write({"sms_provider_id": other.id}),
            "accents": lambda: self.campaign.write({"sms_drop_accents": True}),
            "salesperson": lambda: self.campaign.write(
                {"user_id": self.salesperson.id}
            ),
            "price": lambda: self.campaign.sms_provider_id.write(
                {"price_per_segment": 0.2}
            ),
            "values": lambda: self.salesperson.write({"name": "Outra"}),
            "contacts": lambda: self.audience.append(4),
            "second text": lambda: self.campaign.write(
                {"sms_template_b_id": self.template.copy({"code": "b"}).id}
            ),
            "share of the second text": lambda: self.campaign.write(
                {"sms_share_b": 30}
            ),
        }
        self.plan()
        for part, change in changes.items():
            with self.subTest(part=part):
                self.assertEqual(self.stale(), "")
                change()
                self.assertIn(part, self.stale())
                with self.assertRaisesRegex(UserError, part):
                    self.mine.action_sms_release()
                self.plan("action_sms_plan_again")

    def test_a_value_that_the_text_does_not_print_may_change(self):
        self.plan()
        self.campaign.name = "Páscoa"
        self.company.phone = "(11) 4000-0000"
        self.assertEqual(self.stale(), "")

    def test_what_is_sent_at_once_has_no_review(self):
        self.campaign._sms_new_run().action_send()
        self.assertIs(self.mine.sms_read_review(), False)

    def test_another_user_who_looks_makes_nothing_stale(self):
        """Without a salesperson the text names whoever has planned."""
        self.plan()
        other = self.new_user("other", "sms_base_sr.group_sms_campaign")
        self.assertEqual(self.campaign.with_user(other).sms_read_review()["stale"], "")

    def test_planning_again_throws_the_old_plan_away(self):
        self.plan()
        first = self.campaign.sms_run_id
        self.template.message_template = "Oi {{ name }}"
        self.plan("action_sms_plan_again")
        second = self.campaign.sms_run_id
        self.assertNotEqual(first, second)
        self.assertEqual(first.state, "canceled")
        self.assertEqual(first.batch_ids.mapped("state"), ["canceled"])
        self.assertEqual((second.state, second.planned_count), ("ready", 3))
        self.mine.action_sms_release()
        self.run_jobs()
        self.assertEqual(len(self.gateway.calls), 1)
        self.assertEqual(self.gateway.calls[0].messages[0].text, "Oi P0")

    def test_what_was_released_meanwhile_is_not_thrown_away(self):
        self.plan()
        self.mine.action_sms_release()
        for state in ("sending", "paused", "done", "planning"):
            self.campaign.sms_run_id.state = state
            with self.subTest(state=state), self.assertRaises(UserError):
                self.mine.action_sms_plan_again()
            self.assertEqual(self.campaign.sms_run_id.state, state)

    def test_the_switch_drops_accents_and_shows_the_new_plan(self):
        self.template.message_template = "Olá {{ name }}, você " + "x" * 70
        self.plan()
        self.assertEqual(self.mine.sms_read_review()["segments"], 6)
        self.plan("action_sms_switch_accents")
        self.assertTrue(self.campaign.sms_drop_accents)
        self.assertTrue(self.campaign.sms_run_id.drop_accents)
        self.assertEqual(self.mine.sms_read_review()["segments"], 3)
        self.plan("action_sms_switch_accents")
        self.assertEqual(self.mine.sms_read_review()["segments"], 6)

    def test_before_a_plan_there_is_no_review(self):
        self.assertIs(self.mine.sms_read_review(), False)
        with self.assertRaisesRegex(UserError, "first"):
            self.mine.action_sms_plan_again()

    def test_only_who_may_write_the_campaign_reads_its_review(self):
        self.plan()
        theirs = self.campaign.with_user(self.salesperson)
        for verb in ("sms_read_review", "action_sms_plan_again", "action_sms_test"):
            with self.subTest(verb=verb), self.assertRaises(AccessError):
                getattr(theirs, verb)()

    def test_the_ending_of_promotional_sms_is_part_of_text_and_price(self):
        self.company.sms_suffix = " Para sair, responda SAIR. "
        cases = [
            ("promotional", "Oi", "Oi Para sair, responda SAIR."),
            ("promotional", "Oi \n", "Oi Para sair, responda SAIR."),
            ("service", "Oi", "Oi"),
            # Whoever has written it already does not get it twice.
            (
                "promotional",
                "Oi. Para sair, responda SAIR. Obrigado",
                "Oi. Para sair, responda SAIR. Obrigado",
            ),
        ]
        for message_class, text, expected in cases:
            self.template.message_template = text
            self.patch(
                self.registry[NAME],
                "_sms_message_class",
                lambda _c, value=message_class: value,
            )
            campaign = self.env[NAME].create(
                {"name": "Natal", "sms_template_id": self.template.id}
            )
            campaign.action_sms_plan()
            self.run_jobs("_plan")
            review = campaign.sms_read_review()
            with self.subTest(message_class=message_class, text=text):
                self.assertEqual(review["samples"][0]["text"], expected)
                self.assertEqual(review["stale"], "")

    def test_a_new_ending_makes_the_plan_stale(self):
        self.patch(self.registry[NAME], "_sms_message_class", lambda _c: "promotional")
        self.plan()
        self.company.sms_suffix = "Responda SAIR"
        self.assertIn("text", self.stale())

    def test_an_ending_holds_no_variables(self):
        for suffix in ("{{ name }}", "|NOME|", "{% x %}"):
            with self.subTest(suffix=suffix), self.assertRaises(UserError):
                self.company.sms_suffix = suffix
