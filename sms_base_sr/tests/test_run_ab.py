from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.sms_base_sr.tools import ab_test
from odoo.addons.sms_base_sr.tools.outcomes import NotAttempted

from . import campaign_model
from .common import SmsCase
from .test_run_results import ResultsCase

TEXTS = {"text": "Olá {{ name }}", "text_b": "Oi {{ name }}"}


class TestSplit(ResultsCase):
    """Two texts in one campaign: each contact gets one of them, always the same."""

    def variants(self, run):
        """``{number: text}`` of a run."""
        return {m.phone: m.variant for m in self.messages(run) if m.batch_id}

    def test_each_message_carries_its_text_and_says_which(self):
        run = self.planned_run(60, **TEXTS)
        bodies = {"a": "Olá Ana", "b": "Oi Ana"}
        for message in self.messages(run):
            self.assertEqual(message.body, bodies[message.variant])
        self.assertEqual(set(self.variants(run).values()), {"a", "b"})

    def test_with_one_text_nothing_is_noted(self):
        run = self.planned_run(5)
        self.assertEqual(set(self.variants(run).values()), {False})

    def test_it_is_the_tools_decision_and_the_same_in_a_second_run(self):
        first = self.planned_run(60, **TEXTS)
        first.action_cancel()
        again = self.new_run(res_id=first.res_id, **TEXTS)
        again.action_plan()
        self.run_jobs("_plan")
        self.assertEqual(self.variants(first), self.variants(again))
        key = f"res.partner,{first.res_id}"
        for number, variant in self.variants(first).items():
            self.assertEqual(variant, ab_test.variant_of(key, number, 50))

    def test_the_share_is_kept(self):
        run = self.planned_run(500, share_b=20, **TEXTS)
        count = list(self.variants(run).values()).count("b")
        self.assertAlmostEqual(count, 100, delta=40)

    def test_who_is_left_out_has_no_text(self):
        self.campaign.add(False, raw_phone="12")
        run = self.planned_run(3, **TEXTS)
        excluded = self.messages(run).filtered(lambda m: m.state == "canceled")
        self.assertEqual(excluded.mapped("variant"), [False])

    def test_a_second_text_with_an_unknown_variable_stops_the_plan(self):
        run = self.planned_run(3, text="Olá", text_b="Oi {{ nada }}")
        self.assertEqual(run.state, "failed")
        self.assertIn("nada", run.failure_reason)
        self.assertFalse(self.messages(run))

    def test_a_retry_keeps_its_text(self):
        run = self.planned_run(20, **TEXTS)
        run.action_release()
        self.run_jobs("_enqueue_batches")
        batch = run.batch_ids
        self.gateway.answers = [NotAttempted("connection", "refused")] * 20
        batch.tries = 100
        self.run_batch(batch)
        self.assertEqual(batch.state, "failed")
        self.summary(run)
        before = self.variants(run)
        run.action_try_again()
        self.run_jobs("_retry_batches")
        retries = self.messages(run).filtered("retry_of_id")
        self.assertEqual({m.phone: m.variant for m in retries}, before)


class TestComparedTexts(ResultsCase):
    """The result of two texts, and whether it may be chance."""

    def test_the_counters_are_kept_for_each_text(self):
        run = self.sent_run(60, **TEXTS)
        messages = self.messages(run)
        text_a = messages.filtered(lambda m: m.variant == "a")
        text_b = messages - text_a
        self.deliver(messages[:30])
        self.reply(text_a[0])
        self.reply(text_b[0])
        self.reply(text_b[1])
        found = self.summary(run)["ab"]
        self.assertEqual(found["a"]["sent"], len(text_a))
        self.assertEqual(found["b"]["sent"], len(text_b))
        self.assertEqual(found["a"]["delivered"], len(messages[:30] & text_a))
        self.assertEqual(found["b"]["delivered"], len(messages[:30] & text_b))
        self.assertEqual([found["a"]["replied"], found["b"]["replied"]], [1, 2])
        self.assertEqual(self.summary(run)["sent"], 60)
        self.assertEqual(self.summary(run)["replied"], 3)

    def result(self, replies_a, replies_b):
        """The comparison with so many replies of 40 customers each."""
        run = self.sent_run(120, **TEXTS)
        sides = self.messages(run).grouped("variant")
        self.deliver(sides["a"][:40] + sides["b"][:40])
        for message in sides["a"][:replies_a] + sides["b"][:replies_b]:
            self.reply(message)
        return self.summary(run)["ab"]

    def test_a_clear_difference_names_the_winner(self):
        found = self.result(1, 15)
        expected = ab_test.compare(1, 40, 15, 40)
        self.assertEqual(found["winner"], "b")
        self.assertAlmostEqual(found["difference"], 35.0)
        self.assertAlmostEqual(found["low"], 100 * expected.low)
        self.assertAlmostEqual(found["high"], 100 * expected.high)
        self.assertAlmostEqual(found["b"]["rate"], 37.5)

    def test_a_difference_that_may_be_chance_has_no_winner(self):
        found = self.result(4, 6)
        self.assertIsNone(found["winner"])
        self.assertLess(found["low"], 0)
        self.assertGreater(found["high"], 0)

    def test_before_anything_arrives_there_is_nothing_to_compare(self):
        found = self.summary(self.sent_run(20, **TEXTS))["ab"]
        self.assertIsNone(found["difference"])
        self.assertIsNone(found["winner"])

    def test_with_one_text_there_is_no_comparison(self):
        self.assertIsNone(self.summary(self.sent_run())["ab"])

    def test_an_incoming_reply_takes_over_the_text_of_its_message(self):
        run = self.sent_run(20, **TEXTS)
        for message in self.messages(run)[:5]:
            values = self.env["sms.event"]._reply_extra_values(message)
            self.assertEqual(values["variant"], message.variant)


@tagged("post_install", "-at_install")
class TestCampaignWithTwoTexts(SmsCase):
    """What a campaign's form asks for, and refuses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        campaign_model.add_campaign_model(cls)
        cls.text_a, cls.text_b = cls.env["sms.template"].create(
            [
                {"name": f"Text {name}", "code": name, "message_template": text}
                for name, text in (("ab_a", "Olá"), ("ab_b", "Oi"))
            ]
        )

    def new_campaign(self, **values):
        return self.env[campaign_model.NAME].create(
            {"name": "Natal", "sms_template_id": self.text_a.id, **values}
        )

    def test_the_run_gets_both_texts_and_the_share(self):
        campaign = self.new_campaign(sms_template_b_id=self.text_b.id, sms_share_b=30)
        run = campaign.with_user(self.manager)._sms_new_run()
        self.assertEqual([run.text, run.text_b, run.share_b], ["Olá", "Oi", 30])
        self.assertEqual(run.template_b_id, self.text_b)

    def test_without_a_second_text_the_share_says_nothing(self):
        campaign = self.new_campaign(sms_share_b=0)
        self.assertFalse(campaign.with_user(self.manager)._sms_new_run().text_b)

    def test_a_share_of_all_or_nobody_is_refused(self):
        for share in (-1, 0, 100, 150):
            campaign = self.new_campaign(
                sms_template_b_id=self.text_b.id, sms_share_b=share
            )
            with self.subTest(share=share), self.assertRaises(UserError):
                campaign.with_user(self.manager)._sms_new_run()

    def test_both_texts_end_as_the_company_wants(self):
        self.company.sms_suffix = "Para sair, responda SAIR."
        campaign = self.new_campaign(sms_template_b_id=self.text_b.id)
        self.patch(type(campaign), "_sms_message_class", lambda _c: "promotional")
        run = campaign.with_user(self.manager)._sms_new_run()
        self.assertEqual(run.text, "Olá Para sair, responda SAIR.")
        self.assertEqual(run.text_b, "Oi Para sair, responda SAIR.")

    def test_a_test_shows_each_contact_with_the_text_that_it_gets(self):
        self.env["res.partner"].create(
            [
                {"name": "P", "phone": f"(11) 9{n:08d}", "ref": "campaign"}
                for n in range(20)
            ]
        )
        campaign = self.new_campaign(sms_template_b_id=self.text_b.id)
        key = f"{campaign_model.NAME},{campaign.id}"
        after_id, seen = 0, set()
        for _number in range(20):
            sample = campaign._sms_sample(after_id)
            after_id, phone = sample.recipient.source_id, sample.recipient.phone
            expected = {"a": "Olá", "b": "Oi"}[ab_test.variant_of(key, phone, 50)]
            self.assertEqual(sample.text, expected)
            seen.add(sample.text)
        self.assertEqual(seen, {"Olá", "Oi"})
