from odoo.exceptions import AccessError, UserError

from odoo.addons.sms_base_sr.models import sms_batch_stat
from odoo.addons.sms_base_sr.models.sms_campaign_mixin import SmsCampaignMixin
from odoo.addons.sms_base_sr.tools.wakeup_window import WakeUpWindow

from .campaign_model import NAME, add_campaign_model
from .common import SmsCase


class TestCampaignMixin(SmsCase):
    """Any model becomes a campaign: it declares, and a run sends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_campaign_model(cls)
        cls.template = cls.env["sms.template"].create(
            {
                "name": "Test",
                "code": "test_mixin",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "message_template": "Olá {{ name }}! {{ user.company }}",
            }
        )
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"P{n}", "phone": f"(11) 9{n:08d}", "ref": "campaign"}
                for n in range(3)
            ]
        )

    def setUp(self):
        super().setUp()
        self.patch(sms_batch_stat, "window", WakeUpWindow(seconds=0.0))

    def new_campaign(self, **values):
        return self.env[NAME].create(
            {"name": "Natal", "sms_template_id": self.template.id, **values}
        )

    def messages(self, campaign):
        return self.env["sms.message"].search(
            [("run_id", "in", campaign.sms_run_id.ids)], order="id"
        )

    def test_planning_makes_a_run_with_what_the_campaign_declares(self):
        campaign = self.new_campaign(user_id=self.salesperson.id)
        campaign.action_sms_plan()
        run = campaign.sms_run_id
        self.assertEqual((run.res_model, run.res_id), (NAME, campaign.id))
        self.assertEqual(run._campaign(), campaign)
        self.assertEqual(run.company_id, self.company)
        self.assertEqual(run.provider_id, self.provider)
        self.assertEqual(run.template_id, self.template)
        self.assertEqual(run.text, self.template.message_template)
        self.assertEqual(run.user_id, self.salesperson)
        self.run_jobs("_plan")
        self.assertEqual(campaign.sms_state, "ready")
        self.assertEqual(campaign.sms_planned, 3)
        first = self.messages(campaign)[0]
        self.assertEqual(first.body, f"Olá P0! {self.company.name}")
        self.assertEqual(first.partner_id, self.partners[0])
        self.assertEqual(first.user_id, self.salesperson)

    def test_from_plan_to_figures(self):
        campaign = self.new_campaign()
        campaign.action_sms_plan()
        self.run_jobs("_plan")
        campaign.action_sms_release()
        self.run_jobs("_enqueue_batches", "_send_batch", "_recompute_touched")
        self.assertEqual(campaign.sms_state, "done")
        self.assertEqual((campaign.sms_sent, campaign.sms_delivered), (3, 0))
        self.assertAlmostEqual(campaign.sms_total_cost, 0.3)
        self.assertEqual(campaign.sms_summary["sent"], 3)
        rows = [
            (message.id, state, None, None, None)
            for message, state in zip(
                self.messages(campaign),
                ("delivered", "delivered", "error"),
                strict=True,
            )
        ]
        touched = self.env["sms.message"]._raise_states(rows)
        self.env["sms.batch.touch"]._touch(touched)
        self.run_jobs("_recompute_touched")
        self.env.invalidate_all()
        self.assertEqual((campaign.sms_sent, campaign.sms_failed), (3, 1))
        self.assertEqual(campaign.sms_delivered, 2)

    def test_conversion_is_customers_who_replied_of_those_reached(self):
        """Field notes 3: replies do not belong into the denominator."""
        campaign = self.new_campaign()
        self.assertEqual(campaign.sms_conversion_rate, 0.0)
        campaign.action_sms_plan()
        self.run_jobs("_plan")
        campaign.action_sms_release()
        self.run_jobs("_enqueue_batches", "_send_batch")
        messages = self.messages(campaign)
        rows = [(message.id, "delivered", None, None, None) for message in messages]
        self.env["sms.message"]._raise_states(rows)
        for _reply in range(2):
            self.env["sms.message"].create(
                {
                    "direction": "incoming",
                    "state": "delivered",
                    "phone": messages[0].phone,
                    "body": "SIM",
                    "run_id": campaign.sms_run_id.id,
                }
            )
        self.run_jobs("_recompute_touched")
        self.env.invalidate_all()
        self.assertEqual(campaign.sms_replied, 1)
        self.assertAlmostEqual(campaign.sms_conversion_rate, 100 / 3)

    def test_a_campaign_is_sent_once_at_a_time(self):
        """Pain 9: pressing again does not send again."""
        campaign = self.new_campaign()
        campaign.action_sms_plan()
        states = ("planning", "ready", "scheduled", "sending", "paused", "done")
        for state in states:
            campaign.sms_run_id.write({"state": state})
            with (
                self.subTest(state=state),
                self.assertRaisesRegex(UserError, "Natal.*sent already"),
            ):
                campaign.action_sms_plan()

    def test_what_is_missing_is_named(self):
        cases = [
            ({"sms_template_id": False}, "SMS template"),
            ({}, "no active SMS provider"),
        ]
        for values, words in cases:
            self.provider.active = "sms_template_id" in values
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self.new_campaign(**values).action_sms_plan()

    def test_buttons_before_the_first_plan_say_so(self):
        campaign = self.new_campaign()
        for verb in ("release", "pause", "resume", "cancel"):
            with self.subTest(verb=verb), self.assertRaisesRegex(UserError, "first"):
                getattr(campaign, f"action_sms_{verb}")()

    def test_buttons_press_those_of_the_run(self):
        campaign = self.new_campaign()
        campaign.action_sms_plan()
        self.run_jobs("_plan")
        steps = [
            ("release", "sending"),
            ("pause", "paused"),
            ("resume", "sending"),
            ("cancel", "canceled"),
        ]
        for verb, state in steps:
            with self.subTest(verb=verb):
                getattr(campaign, f"action_sms_{verb}")()
                self.assertEqual(campaign.sms_run_id.state, state)

    def test_who_may_not_write_the_campaign_cannot_send_it(self):
        campaign = self.new_campaign()
        theirs = campaign.with_user(self.salesperson)
        with self.assertRaises(AccessError):
            theirs.action_sms_plan()
        campaign.with_user(self.manager).action_sms_plan()
        self.run_jobs("_plan")
        for verb in ("release", "pause", "resume", "cancel"):
            with self.subTest(verb=verb), self.assertRaises(AccessError):
                getattr(theirs, f"action_sms_{verb}")()
        self.assertEqual(campaign.sms_run_id.state, "ready")
        campaign.with_user(self.manager).action_sms_release()
        self.assertEqual(campaign.sms_run_id.state, "sending")

    def test_the_campaigns_company_pays_whoever_presses(self):
        """Pain 5: the button's user works in another company."""
        other = self.env["res.company"].create({"name": "B"})
        provider = self.provider.create({"name": "B", "company_id": other.id})
        campaign = self.new_campaign(company_id=other.id)
        campaign.action_sms_plan()
        self.assertEqual(campaign.sms_run_id.company_id, other)
        self.assertEqual(campaign.sms_run_id.provider_id, provider)
        self.run_jobs("_plan")
        self.assertEqual(self.messages(campaign).company_id, other)

    def test_the_text_is_kept_as_it_was_when_planning_began(self):
        campaign = self.new_campaign()
        campaign.action_sms_plan()
        self.template.message_template = "Outro texto"
        self.run_jobs("_plan")
        self.assertIn("Olá P0", self.messages(campaign)[0].body)

    def test_a_copy_has_no_run(self):
        campaign = self.new_campaign()
        campaign.action_sms_plan()
        self.assertFalse(campaign.copy().sms_run_id)

    def test_no_job_method_lives_on_the_mixin(self):
        """queue_job finds channel and pattern by the concrete model's name."""
        functions = self.env["queue.job.function"].search([])
        mixed = functions.filtered(lambda f: f.model_id.model == "sms.campaign.mixin")
        self.assertFalse(mixed)
        declared = set(functions.mapped("method"))
        self.assertFalse(declared & set(vars(SmsCampaignMixin)))

    def test_a_cancelled_campaign_can_be_planned_anew(self):
        campaign = self.new_campaign()
        campaign.action_sms_plan()
        first = campaign.sms_run_id
        campaign.action_sms_cancel()
        self.env.invalidate_all()
        campaign.action_sms_plan()
        self.assertNotEqual(campaign.sms_run_id, first)
        self.assertEqual(campaign.sms_state, "planning")

    def test_what_a_failed_planning_left_is_not_sent_beside_the_next_run(self):
        campaign = self.new_campaign()
        campaign.action_sms_plan()
        self.run_jobs("_plan")
        first = campaign.sms_run_id
        first.write({"state": "failed"})
        first.batch_ids.write({"state": "queued"})
        campaign.action_sms_plan()
        self.assertNotEqual(campaign.sms_run_id, first)
        self.assertEqual(first.state, "canceled")
        self.assertEqual(first.batch_ids.mapped("state"), ["canceled"])

    def test_nobody_points_a_campaign_to_the_run_of_another(self):
        """Its buttons act as superuser: they would stop another company's."""
        theirs, mine = self.new_campaign(), self.new_campaign()
        theirs.action_sms_plan()
        mine = mine.with_user(self.manager)
        run = theirs.sms_run_id.id
        with self.assertRaises(AccessError):
            mine.write({"sms_run_id": run})
        with self.assertRaises(AccessError):
            mine.create({"name": "Páscoa", "sms_run_id": run})
        with self.assertRaises(AccessError):
            mine.with_context(default_sms_run_id=run).create({"name": "Páscoa"})

    def test_its_messages_open_by_domain(self):
        campaign = self.new_campaign()
        campaign.action_sms_plan()
        action = campaign.action_view_sms_messages()
        self.assertEqual(action["domain"], [("run_id", "in", campaign.sms_run_id.ids)])
