from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError

from ..models import sms_webhook_refusal
from ..models.sms_provider import SmsProvider
from ..models.sms_webhook_door import Call
from ..tools.webhook_auth import Refused
from .common import SmsHttpCase
from .test_webhooks import OTHER, PATHS, SECRET, STATUS, items_of, token_of

REASONS = list(dict(sms_webhook_refusal.REASONS))
FULL = sms_webhook_refusal.MOST_OF_ADDRESS


class TestWebhookRefusals(SmsHttpCase):
    """Who was turned away and why: countable, bounded, without secrets."""

    def setUp(self):
        super().setUp()
        self.provider.jwt_secret = SECRET
        self.patch(SmsProvider, "_log_parse_webhook", items_of)
        self.refusals = self.env["sms.webhook.refusal"]

    def signed(self, body=STATUS, token=None):
        return self.post(PATHS[1], body, {"X-SMS-Signature": token or token_of(body)})

    def note(self, reason="unknown_secret", address="198.51.100.1", **options):
        body = options.pop("body", b"")
        call = Call("secret", address, None, body)
        self.refusals._note(reason, call, **options)
        self.refusals.invalidate_model()

    def rows(self):
        return self.refusals.search([], order="id")

    def test_each_reason_is_told(self):
        used = token_of("{}", body_sha256=None, jti="used")
        cases = [
            ("no_token", lambda: self.post(PATHS[0], STATUS)),
            ("signature", lambda: self.signed(token="x")),
            ("signature", lambda: self.signed(token=token_of(STATUS, OTHER))),
            ("signature", lambda: self.signed(token=token_of(STATUS, exp=None))),
            ("expired", lambda: self.signed(token=token_of(STATUS, exp=1))),
            ("body_hash", lambda: self.signed(token=token_of("{}"))),
            ("body", lambda: self.signed("nonsense")),
            ("body", lambda: self.signed("[1, 2]")),
            ("too_large", lambda: self.signed("x" * (2 * 1024 * 1024 + 1), "x")),
            ("sender", self.call_from_elsewhere),
            ("no_secret", self.call_without_secret),
        ]
        self.signed(token=used)
        for reason, call in cases:
            self.rows().sudo().unlink()
            with self.subTest(reason=reason):
                call()
                row = self.rows()
                self.assertEqual(row.mapped("reason"), [reason])
                self.assertEqual((row.count, row.address), (1, "127.0.0.1"))
                self.assertEqual(row.door, "fixed")
                self.assertTrue(row.advice)

    def call_from_elsewhere(self):
        self.provider.webhook_networks = "203.0.113.1"
        self.signed()
        self.assertEqual(self.rows().provider_id, self.provider)
        self.provider.webhook_networks = False

    def call_without_secret(self):
        self.provider.jwt_secret = False
        self.signed()
        self.provider.jwt_secret = SECRET

    def test_a_signature_used_before_is_told_with_its_provider(self):
        token = token_of(STATUS, body_sha256=None)
        self.signed(token=token)
        self.signed(STATUS.replace("gw-1", "gw-2"), token)
        row = self.rows()
        self.assertEqual((row.reason, row.provider_id), ("replayed", self.provider))

    def test_calls_of_an_hour_are_one_row(self):
        for _time in range(4):
            self.signed(token="x")
        self.post(PATHS[0], STATUS)
        rows = {row.reason: row.count for row in self.rows()}
        self.assertEqual(rows, {"signature": 4, "no_token": 1})

    def test_who_waits_is_counted_too(self):
        self.env["ir.config_parameter"].set_param("sms.webhook.refused_per_minute", "3")
        statuses = [self.signed(token="x").status_code for _time in range(10)]
        self.assertEqual(statuses, [401] * 3 + [429] * 7)
        rows = {row.reason: row.count for row in self.rows()}
        # Once a minute, so that waiting costs no transaction.
        self.assertEqual(rows, {"signature": 3, "too_many": 1})

    def test_an_attacker_does_not_fill_the_disk(self):
        """Whatever he varies: reasons and hours of a day."""
        midnight = fields.Datetime.today()
        calls = FULL + 30
        for number in range(calls):
            hour = midnight + timedelta(hours=number % 24)
            with freeze_time(hour):
                self.note(REASONS[number // 24])
        rows = self.rows()
        own = rows.filtered(lambda row: row.address == "198.51.100.1")
        self.assertEqual(len(own), FULL)
        self.assertEqual(sum(rows.mapped("count")), calls)

    def test_many_attackers_do_not_fill_it_either(self):
        self.patch(sms_webhook_refusal, "MOST_OF_DAY", 20)
        for number in range(100):
            self.note(address=f"198.51.100.{number}")
        self.note(address="198.51.100.1")
        rows = self.rows()
        self.assertEqual(len(rows), 21)
        self.assertEqual(rows[-1].address, "*")
        self.assertEqual((rows[-1].count, rows[1].count), (80, 2))
        self.assertFalse(rows[-1].excerpt)

    def test_a_network_of_ipv6_is_one_caller(self):
        for number in range(5):
            self.note(address=f"2001:db8::{number}")
        self.assertEqual(self.rows().mapped("address"), ["2001:db8::/64"])

    def test_no_number_and_no_secret_is_kept_of_a_body(self):
        body = (
            '{"phone": "5511912345678", "token": "s3cr3t-value", "cpf": 12345678901,'
            ' "text": "olá"}'
        )
        self.signed(body, "x")
        excerpt = self.rows().excerpt
        self.assertIn("olá", excerpt)
        for hidden in ("12345678", "s3cr3t"):
            self.assertNotIn(hidden, excerpt)

    def test_any_body_has_an_excerpt_that_can_be_stored(self):
        bodies = [b"\x00\xff" * 999, b"\xed\xa0\xbd", b"x" * 10**6, "é".encode() * 700]
        for number, body in enumerate(bodies):
            self.note(address=f"10.0.0.{number}", body=body)
            self.assertLessEqual(len(self.rows()[-1].excerpt), 500)
        self.note(address="10.0.1.1", body=b"")
        self.assertFalse(self.rows()[-1].excerpt)

    def test_old_rows_go(self):
        self.note()
        self.note(address="198.51.100.2")
        self.rows()[0].sudo().hour -= timedelta(days=31)
        self.env.flush_all()
        self.refusals._delete_old()
        self.assertEqual(self.rows().mapped("address"), ["198.51.100.2"])

    def test_what_cannot_be_counted_is_answered_all_the_same(self):
        gone = self.provider.id + 10_000

        def admit(providers, call):
            raise Refused("sender", gone)

        self.patch(self.registry["sms.provider"], "_admit_by_signature", admit)
        with self.assertLogs("odoo.addons.sms_base_sr", "WARNING") as logs:
            self.assertEqual(self.signed().status_code, 401)
        self.assertIn("not counted", "".join(logs.output))
        self.assertFalse(self.rows())

    def test_only_administrators_read_and_nobody_writes(self):
        self.note()
        admin = self.new_user("admin", "sms_base_sr.group_sms_admin")
        row = self.rows()
        self.assertTrue(row.with_user(admin).read(["address", "advice"]))
        with self.assertRaises(AccessError):
            row.with_user(admin).address = "x"
        boss = self.new_user("boss", "sms_base_sr.group_sms_manager")
        with self.assertRaises(AccessError):
            row.with_user(boss).read(["address"])

    def test_administrators_of_other_companies_do_not_see_them(self):
        company = self.env["res.company"].create({"name": "Other company"})
        admin = self.new_user("admin", "sms_base_sr.group_sms_admin")
        admin.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.note(provider_id=self.provider.id)
        self.note(address="198.51.100.2")
        seen = self.refusals.with_user(admin).search([])
        self.assertEqual(seen.mapped("address"), ["198.51.100.2"])

    # -- health ------------------------------------------------------------------------

    def test_the_form_shows_what_arrived_and_what_did_not(self):
        def figures():
            self.provider.invalidate_recordset()
            provider = self.provider
            return provider.webhook_events_today, provider.webhook_refusals_today

        self.assertEqual(figures(), (0, 0))
        self.assertFalse(self.provider.webhook_last_event)
        self.signed()
        self.signed(STATUS.replace("gw-1", "gw-2"))
        self.signed(token="x")
        self.signed("nonsense")
        self.assertEqual(figures(), (2, 2))
        self.assertTrue(self.provider.webhook_last_event)
        other = self.provider.create({"name": "Other"})
        self.assertEqual(other.webhook_refusals_today, 1, "nobody knows whose")
        self.assertEqual(other.webhook_events_today, 0)
        self.env.cr.execute(
            "UPDATE sms_event SET create_date = create_date - interval '2 days'"
        )
        self.env.cr.execute(
            "UPDATE sms_webhook_refusal SET hour = hour - interval '2 days'"
        )
        self.assertEqual(figures(), (0, 0))
        self.assertTrue(self.provider.webhook_last_event)

    def test_today_begins_at_the_users_midnight(self):
        for zone in ("UTC", "America/Sao_Paulo", "Pacific/Auckland"):
            provider = self.provider.with_context(tz=zone)
            begins = provider._today_begins()
            local = fields.Datetime.context_timestamp(provider, begins)
            with self.subTest(zone=zone):
                self.assertEqual((local.hour, local.minute, local.second), (0, 0, 0))
                self.assertLess(begins, fields.Datetime.now())

    def test_polled_events_are_no_webhooks(self):
        self.env["sms.event"]._store_items(
            self.provider, items_of(None, {"id": "p", "status": "x"}), "poll"
        )
        self.provider.invalidate_recordset()
        self.assertEqual(self.provider.webhook_events_today, 0)

    def test_a_click_shows_the_calls_that_may_concern_the_provider(self):
        action = self.provider.action_webhook_refusals()
        self.note()
        self.note(address="198.51.100.2", provider_id=self.provider.id)
        other = self.provider.create({"name": "Other"})
        self.note(address="198.51.100.3", provider_id=other.id)
        self.assertEqual(self.refusals.search_count(action["domain"]), 2)
