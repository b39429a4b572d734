from itertools import combinations

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..tools import suppression
from .suppression_case import LATE, LONG_AGO, NUMBER, SuppressionCase


class TestPrecedence(SuppressionCase):
    """One reason per contact, by the same order at planning and at the claim."""

    def test_of_any_two_reasons_planning_tells_the_stronger(self):
        for strong, weak in combinations(LATE, 2):
            with self.subTest(strong=strong, weak=weak):
                self.undone(self.check_planned, strong, weak)

    def check_planned(self, strong, weak):
        self.happen(weak)
        self.happen(strong)
        self.assertEqual(self.planned_message().failure_type, strong)

    def test_of_any_two_reasons_the_claim_tells_the_stronger(self):
        for strong, weak in combinations(LATE, 2):
            with self.subTest(strong=strong, weak=weak):
                self.undone(self.check_claimed, strong, weak)

    def check_claimed(self, strong, weak):
        message = self.planned_message()
        message.run_id.action_release()
        self.run_jobs("_enqueue_batches")
        self.happen(weak)
        self.happen(strong)
        self.run_batch(message.batch_id)
        self.assertEqual((message.state, message.failure_type), ("canceled", strong))
        self.assertFalse(self.gateway.phones)

    def undone(self, check, *arguments):
        """Run a check and forget what it did."""
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            check(*arguments)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()
            self.gateway.calls.clear()

    def test_the_campaigns_own_reasons_have_their_place(self):
        """After what people and registers say, before what may change tomorrow."""
        own = [
            ({"excluded": "deceased"}, "deceased"),
            ({"excluded": "not_updated"}, "not_updated"),
            ({"values": {"name": ""}}, "missing_value"),
        ]
        for values, reason in own:
            for other in LATE:
                first = suppression.RANK[other] < suppression.RANK[reason]
                with self.subTest(reason=reason, other=other):
                    self.undone(
                        self.check_own, values, other, other if first else reason
                    )

    def check_own(self, values, other, expected):
        self.happen(other)
        self.assertEqual(self.planned_message(**values).failure_type, expected)


class TestSourceAndDate(SuppressionCase):
    """Every decision not to text says where it is known from, and since when."""

    def expected(self):
        """{reason: (source, name)} with the date of each fact."""
        user = self.env.user.name
        machine = self.env.user._is_superuser()
        yours = ("system", False) if machine else ("person", user)
        return {
            "opt_out": ("reply", "Earlier", fields.Datetime.to_datetime("2026-01-06")),
            "blacklisted": (*yours, fields.Datetime.now()),
            "gateway_blacklist": ("gateway", "Fake", None),
            "gateway_do_not_disturb": ("gateway", "Fake", None),
            "do_not_disturb": ("register", "Não Perturbe", LONG_AGO),
            "no_consent": ("consent_revoked", "marketing", fields.Datetime.now()),
            "frequency_cap": ("history", False, None),
        }

    def check(self, message, reason):
        source, name, since = self.expected()[reason]
        self.assertEqual(message.failure_type, reason)
        self.assertEqual(message.suppression_source, source)
        self.assertEqual(message.suppression_name, name)
        self.assertTrue(message.suppression_date)
        self.assertTrue(message.suppression_words)
        if since:
            self.assertEqual(message.suppression_date.date(), since.date())
        else:
            self.assertLess(message.suppression_date, message.create_date)

    def test_when_planned(self):
        for reason in LATE:
            with self.subTest(reason), self.env.cr.savepoint() as savepoint:
                self.happen(reason)
                self.check(self.planned_message(), reason)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_when_found_just_before_the_call(self):
        for reason in LATE:
            with self.subTest(reason), self.env.cr.savepoint() as savepoint:
                message = self.planned_message()
                message.run_id.action_release()
                self.run_jobs("_enqueue_batches")
                self.happen(reason)
                self.run_batch(message.batch_id)
                self.check(message, reason)
                self.assertEqual(message.cost, 0)
                self.assertFalse(self.gateway.phones)
                summary = self.summary(message.run_id)
                self.assertEqual(summary["excluded"], {reason: 1})
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_the_campaign_finds_by_itself(self):
        cases = [
            ({"phone": None, "raw_phone": ""}, "no_number", "contact"),
            ({"phone": False, "raw_phone": "12"}, "invalid_number", "contact"),
            ({"phone": "+551133334444"}, "landline", "contact"),
            ({"values": {"name": ""}}, "missing_value", "contact"),
            ({"excluded": "deceased"}, "deceased", "campaign"),
        ]
        for values, reason, source in cases:
            with self.subTest(reason):
                values = {"raw_phone": values.get("phone") or "x", **values}
                message = self.planned_message(**values)
                self.assertEqual(message.failure_type, reason)
                self.assertEqual(message.suppression_source, source)
                self.assertAlmostEqual(
                    message.suppression_date.timestamp(),
                    message.create_date.timestamp(),
                    delta=60,
                )

    def test_who_is_texted_has_none(self):
        message = self.planned_message()
        self.assertEqual(message.state, "draft")
        self.assertFalse(message.suppression_source or message.suppression_date)
        self.assertFalse(message.suppression_words)

    def test_the_words_are_those_of_people(self):
        self.happen("opt_out")
        message = self.planned_message().with_context(lang="en_US", tz="UTC")
        self.assertEqual(message.suppression_words, "reply of 01/06/2026 to “Earlier”")
        table = [
            ("person", "Bia", "by Bia on 01/06/2026"),
            ("register", "Não Perturbe", "list “Não Perturbe” of 01/06/2026"),
            ("gateway", "Kolmeya", "answer of Kolmeya on 01/06/2026"),
            ("gateway", False, "answer of the gateway on 01/06/2026"),
            ("consent_none", "marketing", "none on record on 01/06/2026"),
            ("history", False, "last SMS of 01/06/2026"),
            ("reply", "100% off", "reply of 01/06/2026 to “100% off”"),
        ]
        for source, name, words in table:
            with self.subTest(words):
                message.write({"suppression_source": source, "suppression_name": name})
                self.assertEqual(message.suppression_words, words)

    def test_every_source_has_words(self):
        message = self.planned_message(excluded="deceased")
        for source, _label in suppression.SOURCES:
            for name in ("x", False):
                message.write({"suppression_source": source, "suppression_name": name})
                self.assertTrue(message.suppression_words, source)

    def test_cancelling_is_a_decision_too(self):
        message = self.new_message()
        message.action_send()
        message.with_user(self.salesperson).action_cancel()
        self.assertEqual(message.suppression_source, "person")
        self.assertEqual(message.suppression_name, self.salesperson.name)
        message.action_reset_to_draft()
        self.assertFalse(message.suppression_source or message.suppression_date)

    def test_a_cancelled_campaign_says_so(self):
        batch = self.queued_batch(1)
        batch.run_id.action_cancel()
        self.run_jobs("_mark_canceled", "_send_batch")
        message = self.messages(batch)
        self.assertEqual(message.failure_type, "campaign_canceled")
        self.assertEqual(message.suppression_source, "campaign")

    def test_nobody_types_them(self):
        message = self.new_message().with_user(self.salesperson)
        for name in ("suppression_source", "suppression_name", "suppression_date"):
            with self.subTest(name), self.assertRaises(AccessError):
                message.write({name: False})


class TestLookUp(SuppressionCase):
    """Numbers are found by their indexes, whatever the lists hold."""

    def test_no_table_is_read_from_end_to_end(self):
        for reason in LATE[:5]:
            self.happen(reason)
        self.env.cr.execute(
            "INSERT INTO sms_do_not_disturb_number (list_id, number)"
            " SELECT l.id, '+5521' || n FROM sms_do_not_disturb l,"
            " generate_series(900000000, 900020000) n"
        )
        self.env.cr.execute("ANALYZE sms_do_not_disturb_number")
        look_up = self.env["sms.suppression"]
        scope = look_up._scope(self.company, self.provider, "promotional", True)
        page = [f"+5521{n}" for n in range(900000000, 900001000)]
        wanted = suppression_sql([NUMBER, *page])
        self.env.cr.execute(explain(look_up._query(wanted, scope)))
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertNotIn("Seq Scan on sms_do_not_disturb_number", plan)
        self.assertIn("sms_do_not_disturb_number", plan)

    def test_another_companys_settings_and_facts_do_not_count(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = self.env["sms.provider"].create(
            {"name": "Theirs", "provider_type": "log", "company_id": other.id}
        )
        self.register(NUMBER, company_id=other.id)
        self.refused("gateway_blacklist", provider=theirs)
        self.assertEqual(self.planned_message().state, "draft")
        self.consent._revoke("x")
        self.consent_of(NUMBER, company_id=other.id)
        self.assertEqual(self.planned_message().failure_type, "no_consent")

    def test_days_that_make_no_sense_are_refused(self):
        for days in (-1, 100_000):
            with (
                self.subTest(days),
                self.assertRaisesRegex(ValidationError, "Days of gateway"),
                self.env.cr.savepoint(),
            ):
                self.company.sms_gateway_block_days = days

    def test_a_single_sms_to_who_opted_out_is_refused_at_once(self):
        self.happen("opt_out")
        message = self.new_message(partner_id=False, phone=NUMBER)
        with self.assertRaisesRegex(UserError, "blacklisted"):
            message.action_send()


def suppression_sql(numbers):
    """SQL of the numbers that are looked for."""
    return SQL("SELECT unnest(%s::varchar[]) AS number", numbers)


def explain(query):
    """The plan of a query."""
    return SQL("EXPLAIN %s", query)
