from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError

from odoo.addons.sms_base_sr.models import sms_run_plan
from odoo.addons.sms_base_sr.tools.outcomes import Unknown

from .campaign_case import CampaignCase

NUMBER = "+5511900000000"


class TestFrequencyCap(CampaignCase):
    """At most N SMS of a class in D days to one number, over all campaigns."""

    def setUp(self):
        super().setUp()
        self.company.write({"sms_cap_service": 2, "sms_cap_service_days": 7})
        self.other = self.new_run()

    def had(self, count=1, days_ago=1, **values):
        """The number had so many SMS of another campaign."""
        sent = fields.Datetime.now() - timedelta(days=days_ago)
        defaults = {"phone": NUMBER, "run_id": self.other.id, "sent_date": sent}
        for _n in range(count):
            self.accepted_message(**{**defaults, **values})

    def reasons(self, **values):
        """Why the contacts of a new campaign are left out."""
        self.campaign.recipients.clear()
        return self.planned_run(2, **values).excluded_counts

    def test_whoever_had_enough_is_left_out_with_the_reason(self):
        self.had(2)
        run = self.planned_run(2)
        self.assertEqual(run.excluded_counts, {"frequency_cap": 1})
        capped, free = self.messages(run)
        self.assertEqual(capped.failure_type, "frequency_cap")
        self.assertEqual((capped.state, free.state), ("canceled", "draft"))
        label = dict(capped._fields["failure_type"]._description_selection(self.env))
        self.assertEqual(label["frequency_cap"], "Texted too often")

    def test_what_counts_and_what_does_not(self):
        B = self.env["res.company"].create({"name": "B"})
        theirs = self.provider.copy({"company_id": B.id, "name": "B"})
        cases = [
            ("one of two", {"count": 1}, False),
            ("two", {"count": 2}, True),
            ("three", {"count": 3}, True),
            ("a week ago and more", {"count": 2, "days_ago": 7.01}, False),
            ("a week ago, almost", {"count": 2, "days_ago": 6.99}, True),
            ("another class", {"count": 2, "message_class": "promotional"}, False),
            ("written by hand", {"count": 2, "run_id": False}, False),
            ("replies", {"count": 2, "direction": "incoming"}, False),
            ("another number", {"count": 2, "phone": "+5511955555555"}, False),
            ("not delivered", {"count": 2, "state": "error"}, True),
            ("never sent", {"count": 2, "sent_date": False, "state": "draft"}, False),
            (
                "another company",
                {"count": 2, "company_id": B.id, "provider_id": theirs.id},
                False,
            ),
        ]
        for name, values, capped in cases:
            with self.subTest(name):
                self.had(**values)
                expected = {"frequency_cap": 1} if capped else {}
                self.assertEqual(self.reasons() or {}, expected)
                self.env["sms.message"].search([("phone", "!=", False)]).unlink()

    def test_it_is_off_until_somebody_sets_it(self):
        company = self.env["res.company"].create({"name": "New"})
        for message_class in ("promotional", "transactional", "service"):
            self.assertIsNone(company._sms_cap(message_class))
        self.company.sms_cap_service = 0
        self.had(50)
        self.assertFalse(self.reasons())

    def test_a_call_of_unknown_end_counts(self):
        """It may have arrived."""
        self.company.sms_cap_service = 1
        batch = self.queued_batch(1)
        self.gateway.answers = [Unknown("timeout")]
        self.run_batch(batch)
        self.assertEqual(self.reasons(), {"frequency_cap": 1})

    def test_a_campaign_for_a_later_day_counts_from_that_day(self):
        self.had(2, days_ago=5)
        now = fields.Datetime.now()
        self.assertEqual(self.reasons(date_start=now), {"frequency_cap": 1})
        self.assertFalse(self.reasons(date_start=now + timedelta(days=3)))

    def test_the_blacklist_is_the_better_reason(self):
        self.had(2)
        self.env["phone.blacklist"].create({"number": NUMBER})
        self.assertEqual(self.reasons(), {"blacklisted": 1})

    def test_two_campaigns_planned_at_once_text_a_number_once(self):
        """The claim looks again: the other campaign was faster."""
        self.company.sms_cap_service = 1
        first = self.queued_batch(2)
        self.campaign.recipients.clear()
        self.add_contacts(3)
        second = self.planned_run(0)
        second.action_release()
        self.run_jobs("_enqueue_batches")
        self.run_batch(first)
        self.run_batch(second.batch_ids)
        self.assertEqual(len(self.gateway.phones), 3)
        self.assertEqual(len(set(self.gateway.phones)), 3)
        *capped, free = self.messages(second)
        self.assertEqual({m.failure_type for m in capped}, {"frequency_cap"})
        self.assertEqual((free.state, {m.cost for m in capped}), ("sent", {0.0}))
        summary = self.summary(second)
        self.assertEqual(summary["excluded"], {"frequency_cap": 2})
        self.assertEqual(summary["recipients"], 3)

    def test_a_campaign_does_not_count_its_own_texts(self):
        self.company.sms_cap_service = 1
        self.patch(sms_run_plan, "PAGE", 1)
        run = self.planned_run(3)
        self.assertEqual(run.planned_count, 3)
        run.action_release()
        self.run_jobs("_enqueue_batches", "_send_batch")
        self.assertEqual(self.states(run), {"sent": 3})

    def test_a_single_sms_is_never_capped(self):
        self.had(5, phone="+5511912345678")
        message = self.new_message()
        message.action_send()
        self.run_jobs("_send_batch")
        self.assertEqual(message.state, "sent")

    def test_numbers_that_make_no_sense_are_refused(self):
        for values in (
            {"sms_cap_service": -1},
            {"sms_cap_service_days": 0},
            {"sms_cap_promotional_days": 400},
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, "How often"),
                self.env.cr.savepoint(),
            ):
                self.company.write(values)

    def test_the_look_up_goes_by_the_index_of_numbers(self):
        """A page of a thousand numbers must not read a million messages."""
        self.had(3)
        self.env.flush_all()
        statements = []
        execute = type(self.env.cr).execute

        def explain(cr, query, params=None, **options):
            if isinstance(query, str) and "GROUP BY m.phone HAVING" in query:
                execute(cr, f"EXPLAIN {query}", params)
                statements.extend(row[0] for row in cr.fetchall())
            return execute(cr, query, params, **options)

        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.patch(type(self.env.cr), "execute", explain)
        self.other._numbers_capped([NUMBER], fields.Datetime.now())
        plan = "\n".join(statements)
        self.assertIn("sms_message_phone ", plan)
        self.assertNotIn("Seq Scan on sms_message ", plan)
