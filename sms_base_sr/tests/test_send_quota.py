from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import psycopg2.errors

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase

from ..models.sms_send_quota import SmsSendQuota
from .common import SmsCase

NOON = datetime(2026, 3, 2, 12, 20)


class TestSendQuota(SmsCase):
    """What a person sends by hand within an hour has a limit."""

    def setUp(self):
        super().setUp()
        self.company.write({"sms_hourly_single": 2, "sms_hourly_test": 1})
        self.at(NOON)

    def at(self, moment):
        hour = moment.replace(minute=0)
        self.patch(SmsSendQuota, "_this_hour", lambda quota: hour)

    def send(self, user=None, number=1, **values):
        messages = self.env["sms.message"]
        for _number in range(number):
            messages |= self.new_message(user_id=self.salesperson.id, **values)
        messages.with_user(user or self.salesperson).action_send()
        return messages

    def counted(self):
        quota = self.env["sms.send.quota"]
        return sum(
            quota.search([("user_id", "=", self.salesperson.id)]).mapped("count")
        )

    def test_up_to_the_limit_all_leave_and_the_next_says_when_it_opens_again(self):
        self.salesperson.tz = "America/Sao_Paulo"
        self.send()
        self.send()
        with self.assertRaises(UserError) as caught:
            self.send()
        words = str(caught.exception)
        for part in ("2 SMS", "10:00 (-03)", "campaign", "Settings › SMS"):
            self.assertIn(part, words)

    def test_without_a_time_zone_the_hour_is_named_with_its_own(self):
        self.salesperson.tz = False
        self.send(number=2)
        with self.assertRaisesRegex(UserError, r"13:00 \(UTC\)"):
            self.send()

    def test_the_next_hour_is_open(self):
        self.send(number=2)
        self.at(NOON + timedelta(hours=1))
        self.assertEqual(self.send().state, "outgoing")

    def test_a_list_is_sent_whole_or_not_at_all(self):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.send(number=3)
        self.assertEqual(self.counted(), 0)
        self.assertFalse(self.env["sms.message"].search([("state", "=", "outgoing")]))
        self.send(number=2)
        self.assertEqual(self.counted(), 2)

    def test_each_person_has_a_limit_of_its_own(self):
        self.send(number=2)
        self.assertEqual(self.send(self.manager).state, "outgoing")

    def test_tests_have_a_limit_of_their_own(self):
        self.send(number=2)
        self.send(is_test=True)
        with self.assertRaisesRegex(UserError, "1 test SMS"):
            self.send(is_test=True)

    def test_acting_as_superuser_counts_as_the_person(self):
        self.send(number=2)
        message = self.new_message()
        with self.assertRaises(UserError):
            message.with_user(self.salesperson).sudo().action_send()

    def test_jobs_are_not_counted(self):
        for _number in range(3):
            self.assertEqual(self.send(SUPERUSER_ID).state, "outgoing")

    def test_zero_means_any_number(self):
        self.company.sms_hourly_single = 0
        self.send(number=5)
        self.assertEqual(self.counted(), 0)

    def test_limits_below_zero_are_refused(self):
        for name in ("sms_hourly_single", "sms_hourly_test"):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.company[name] = -1

    def test_counting_costs_one_query_for_any_number(self):
        self.company.sms_hourly_single = 1000
        quota = self.env["sms.send.quota"].with_user(self.salesperson).sudo()
        quota._take(self.company, "single", 1)
        with self.assertQueryCount(1):
            quota._take(self.company, "single", 500)

    def test_rows_of_last_month_go(self):
        self.send()
        self.env.cr.execute("UPDATE sms_send_quota SET hour = '2020-01-01'")
        self.env["sms.send.quota"]._forget_old()
        self.assertEqual(self.counted(), 0)


class TestSendQuotaRace(TransactionCase):
    """Two workers at once take no more than one could."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.forget)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            user = env["res.users"].create({"name": "Race", "login": "quota_race"})
            self.user_id = user.id
            self.partner_id = user.partner_id.id

    def forget(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM sms_send_quota WHERE user_id = %s", [self.user_id])
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.users"].browse(self.user_id).unlink()
            env["res.partner"].browse(self.partner_id).unlink()

    def take(self, _number):
        """Take one of five, as a request does: a conflict is repeated."""
        while True:
            try:
                with self.registry.cursor() as cr:
                    quota = api.Environment(cr, self.user_id, {})["sms.send.quota"]
                    hour = fields.Datetime.now().replace(minute=0, second=0)
                    return quota._count(quota.env.company, "single", hour, 1, 5)
            except psycopg2.errors.SerializationFailure:
                continue

    def test_of_many_at_once_as_many_pass_as_are_allowed(self):
        with ThreadPoolExecutor(4) as threads:
            passed = list(threads.map(self.take, range(24)))
        self.assertEqual(sum(passed), 5)
