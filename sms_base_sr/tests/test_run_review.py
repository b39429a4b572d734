from datetime import datetime
from unittest.mock import patch

from odoo import fields

from odoo.addons.sms_base_sr.models import sms_run_plan
from odoo.addons.sms_base_sr.models.sms_batch_claim import SmsBatch

from .campaign_case import CampaignCase

LONG = "João" + "x" * 70  # two SMS, one without accents


class TestRunReview(CampaignCase):
    """What a manager reads before sending, added up while planning."""

    def plan(self, *names, **values):
        for name in names:
            number = len(self.campaign.recipients)
            self.campaign.add(f"+55119{number:08d}", values={"name": name})
        run = self.new_run(**{"text": "{{ name }}", **values})
        run.action_plan()
        self.run_jobs("_plan")
        return run

    # -- price -------------------------------------------------------------------------

    def test_segments_and_price_are_those_of_the_real_texts(self):
        run = self.plan("Ana", LONG, "ã" * 71, "x" * 161)
        review = run._read_review()
        self.assertEqual((review["recipients"], review["planned"]), (4, 4))
        self.assertEqual(review["segments"], 7)
        self.assertEqual(review["parts"], [[1, 1], [2, 3]])
        self.assertEqual((review["price"], review["cost"]), (0.1, 0.7))
        self.assertEqual(review["unicode"], 2)
        self.assertEqual(sum(self.messages(run).mapped("sms_count")), 7)

    def test_what_accents_cost_is_known_without_planning_twice(self):
        review = self.plan("Ana", LONG, "ã" * 71)._read_review()
        self.assertEqual(
            review["accents"],
            {
                "dropped": False,
                "accented": 5,
                "plain": 3,
                "accented_cost": 0.5,
                "plain_cost": 0.3,
                "saving": 0.2,
            },
        )

    def test_dropped_accents_are_dropped_in_what_is_sent_and_billed(self):
        run = self.plan("João", LONG, drop_accents=True)
        short, long = self.messages(run)
        self.assertEqual(short.body, "João")  # one SMS either way
        self.assertEqual((long.body, long.sms_count), (LONG.replace("ã", "a"), 1))
        review = run._read_review()
        self.assertEqual((review["segments"], review["cost"]), (2, 0.2))
        self.assertEqual(review["accents"]["saving"], 0.1)
        self.assertTrue(review["accents"]["dropped"])

    def test_figures_add_up_over_pages(self):
        self.patch(sms_run_plan, "PAGE", 2)
        review = self.plan("Ana", LONG, "", LONG, "Eva")._read_review()
        self.assertEqual(review["segments"], 6)
        self.assertEqual(review["accents"]["plain"], 4)
        self.assertEqual(review["missing"], [{"name": "name", "count": 1}])

    # -- who is left out ---------------------------------------------------------------

    def test_reasons_come_by_frequency_each_with_its_list(self):
        self.campaign.add("+551133334444")
        self.campaign.add("+551133334445")
        run = self.plan("Ana", "")
        excluded = run._read_review()["excluded"]
        self.assertEqual(
            [(line["reason"], line["count"]) for line in excluded],
            [("landline", 2), ("missing_value", 1)],
        )
        self.assertEqual(excluded[0]["label"], "Not a mobile number")
        for line in excluded:
            with self.subTest(reason=line["reason"]):
                action = run.action_view_excluded(line["reason"])
                found = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(len(found), line["count"])
                self.assertEqual(set(found.mapped("failure_type")), {line["reason"]})

    def test_missing_variables_are_named_and_each_opens_its_list(self):
        for values in ({"name": "Ana", "limit": ""}, {"name": "", "limit": "1"}):
            self.campaign.add(
                f"+55119{len(self.campaign.recipients):08d}", values=values
            )
        run = self.plan(text="{{ name }} {{ limit }}")
        missing = {line["name"] for line in run._read_review()["missing"]}
        self.assertEqual(missing, {"name", "limit"})
        action = run.action_view_excluded("missing_value", "limit")
        found = self.env["sms.message"].search(action["domain"])
        self.assertEqual(found.source_id, 1)

    # -- samples -----------------------------------------------------------------------

    def test_samples_are_real_texts_of_the_plan_with_their_size(self):
        run = self.plan("Ana", LONG, "", "Eva", "Bia", "Lia")
        samples = run._read_review()["samples"]
        self.assertEqual(len({sample["id"] for sample in samples}), 3)
        for sample in samples:
            message = self.env["sms.message"].browse(sample["id"])
            self.assertEqual(message.run_id, run)
            self.assertEqual(sample["text"], message.body)
            self.assertEqual(sample["segments"], message.sms_count)
            self.assertFalse(sample["reason"])

    def test_fewer_contacts_are_fewer_samples(self):
        self.assertEqual(self.plan()._read_review()["samples"], [])
        self.assertEqual(len(self.plan("Ana", "Eva")._read_review()["samples"]), 2)

    def test_the_samples_shown_stay_until_others_are_asked_for(self):
        run = self.plan(*(f"Ana {n}" for n in range(9)))
        shown = self.messages(run)[5:8].ids[::-1]
        for _poll in range(3):
            samples = run._read_review(shown)["samples"]
            self.assertEqual([sample["id"] for sample in samples], shown)

    def test_a_chosen_contact_that_is_left_out_says_why(self):
        run = self.plan("Ana", "")
        left_out = self.messages(run)[1]
        [sample] = run._read_review(left_out.ids)["samples"]
        self.assertEqual(sample["reason"], "A value of the text is missing")
        self.assertIn("name", sample["detail"])

    def test_a_message_of_another_run_is_never_a_sample(self):
        theirs = self.messages(self.plan("Ana"))
        self.campaign.recipients.clear()
        run = self.plan("Eva")
        [sample] = run._read_review(theirs.ids)["samples"]
        self.assertEqual(sample["text"], "Eva")

    def test_a_sample_names_the_characters_that_make_it_unicode(self):
        run = self.plan("“João”" + "x" * 80)
        [sample] = run._read_review()["samples"]
        self.assertTrue(sample["unicode"])
        self.assertEqual(sample["culprits"], ["“", "ã", "”"])
        self.assertEqual((sample["segments"], sample["plain_segments"]), (2, 1))

    # -- balance and time --------------------------------------------------------------

    def test_an_account_without_balance_says_nothing_about_it(self):
        self.assertIsNone(self.plan("Ana")._read_review()["balance"])

    def test_the_balance_is_compared_with_the_price(self):
        run = self.plan("Ana", "Eva")  # R$ 0.20
        for amount, enough in [(0.19, False), (0.2, True), (100, True), (0, False)]:
            told = {"amount": amount, "at": "2026-01-01 12:00:00"}
            provider = type(self.provider)
            read = patch.object(provider, "_read_balance", return_value=told)
            with self.subTest(amount=amount), read:
                self.assertEqual(run._read_review()["balance"]["enough"], enough)

    def test_the_time_follows_from_calls_and_the_accounts_rate(self):
        self.provider.write({"batch_size": 1, "rate_calls": 10, "rate_period": 60})
        run = self.plan(*(["Ana"] * 10))
        # Nine calls of ten are for campaigns, two at a time, two seconds each.
        self.assertEqual(run._read_review()["forecast"]["seconds"], 62)

    def test_the_time_follows_how_fast_the_gateway_was(self):
        run = self.plan("Ana")
        self.env["sms.batch.attempt"].create(
            {
                "batch_id": run.batch_ids.id,
                "provider_id": self.provider.id,
                "reference": "earlier",
                "started_at": "2026-01-01 12:00:00",
                "ended_at": "2026-01-01 12:00:30",
                "outcome": "accepted",
            }
        )
        self.assertEqual(run._read_review()["forecast"]["seconds"], 30)

    def test_who_waits_for_the_sending_hours_is_told_with_the_moment(self):
        self.add_contacts(2, area=11)
        self.add_contacts(1, area=92)
        run = self.plan(message_class="promotional", text="Olá")
        # 10:30 in UTC is 7:30 in São Paulo and 6:30 in Manaus.
        start = datetime(2030, 1, 7, 10, 30)
        run.date_start = start
        waiting = run._read_review()["forecast"]["waiting"]
        self.assertEqual(
            waiting,
            [
                {"until": "2030-01-07 11:00:00", "count": 2},
                {"until": "2030-01-07 12:00:00", "count": 1},
            ],
        )
        run.date_start = fields.Datetime.to_datetime("2030-01-07 15:00:00")
        self.assertEqual(run._read_review()["forecast"]["waiting"], [])

    def test_the_forecast_asks_once_for_each_zone(self):
        self.provider.batch_size = 1
        self.add_contacts(5)
        run = self.plan(text="Olá")
        with patch.object(SmsBatch, "_hours_open_at", return_value=None) as asked:
            run._read_review()
        self.assertEqual(asked.call_count, 1)

    # -- while it is planned -----------------------------------------------------------

    def test_the_review_grows_while_the_plan_is_made(self):
        self.patch(sms_run_plan, "PAGE", 2)
        self.add_contacts(5)
        run = self.new_run()
        run.action_plan()
        seen = []
        while run._plan_next_page():
            review = run._read_review()
            seen.append((review["state"], review["planned"], len(review["samples"])))
        self.assertEqual(
            seen, [("planning", 2, 2), ("planning", 4, 3), ("planning", 5, 3)]
        )
