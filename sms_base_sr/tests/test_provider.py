import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from odoo.addons.sms_base_sr.tools.outcomes import Accepted, NotAttempted, RateLimit

from .common import SmsCase
from .provider_contract import ProviderContract


class TestLogProvider(ProviderContract, SmsCase):
    """The provider type ``log`` keeps the contract of all providers."""

    def fake_gateway(self):
        """No fake: the type itself is under test."""

    def make_provider(self):
        return self.provider


class TestProvider(SmsCase):
    """One account at one gateway."""

    def test_a_new_provider_has_a_health_row_and_a_secret_path(self):
        first, second = self.provider.create([{"name": "A"}, {"name": "B"}])
        for provider in (first, second):
            self.assertEqual(len(provider.health_id), 1)
            self.assertFalse(provider.suspended)
            self.assertGreaterEqual(len(provider._get_secret("webhook_secret")), 32)
        self.assertNotEqual(
            first._get_secret("webhook_secret"), second._get_secret("webhook_secret")
        )

    def test_a_copy_shares_no_secret(self):
        self.provider.jwt_secret = "j" * 40
        copy = self.provider.copy()
        self.assertFalse(copy._get_secret("jwt_secret"))
        self.assertNotEqual(
            copy._get_secret("webhook_secret"),
            self.provider._get_secret("webhook_secret"),
        )

    def test_impossible_limits_are_refused_by_the_database(self):
        cases = [("batch_size", 0), ("batch_size", 1001), ("price_per_segment", -0.01)]
        for name, value in cases:
            with (
                self.subTest(name=name, value=value),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation),
            ):
                self.provider[name] = value
                self.provider.flush_recordset()

    def test_the_first_active_provider_of_the_company_is_the_default(self):
        """Pain 5: companies never borrow each other's account."""
        other = self.env["res.company"].create({"name": "B"})
        default = self.env["sms.provider"]._default_provider
        self.assertEqual(default(self.company), self.provider)
        self.assertFalse(default(other))
        sooner = self.provider.create({"name": "Sooner", "sequence": 1})
        self.assertEqual(default(self.company), sooner)
        sooner.active = False
        self.assertEqual(default(self.company), self.provider)

    def test_without_a_provider_the_error_says_what_to_do(self):
        self.provider.active = False
        with self.assertRaisesRegex(UserError, "Configuration › Providers"):
            self.env["sms.provider"]._require_provider(self.company)

    def test_a_verb_that_the_type_lacks_is_named(self):
        self.assertFalse(self.provider._can("make_coffee"))
        with self.assertRaisesRegex(UserError, "Fake.*make_coffee"):
            self.provider._dispatch("make_coffee")

    def test_suspending_keeps_the_first_reason_and_resuming_clears_it(self):
        health = self.provider.health_id
        health._suspend(self.provider.id, "token refused")
        health._suspend(self.provider.id, "again")
        self.env.invalidate_all()
        self.assertTrue(self.provider.suspended)
        self.assertEqual(self.provider.suspended_reason, "token refused")
        self.provider.action_resume()
        self.assertFalse(self.provider.suspended or self.provider.suspended_reason)

    def test_health_keeps_the_last_success_and_the_last_failure(self):
        health = self.provider.health_id
        health._note_outcome(
            self.provider.id, NotAttempted("connection"), "connection: refused"
        )
        health._note_outcome(
            self.provider.id, Accepted("r", limits=RateLimit(60, 59)), None
        )
        health._note_outcome(self.provider.id, Accepted("r"), None)
        self.env.invalidate_all()
        self.assertTrue(health.last_success and health.last_failure)
        self.assertEqual(health.last_failure_reason, "connection: refused")
        self.assertEqual((health.rate_limit, health.rate_remaining), (60, 59))

    def test_noting_health_never_touches_the_providers_row(self):
        """Feasibility F2: a shared row in the sender's way loses batches."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT xmin, ctid FROM sms_provider WHERE id = %s", [self.provider.id]
        )
        before = self.env.cr.fetchone()
        self.provider.health_id._note_outcome(self.provider.id, Accepted("r"), None)
        self.provider.health_id._suspend(self.provider.id, "reason")
        self.provider.action_resume()
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT xmin, ctid FROM sms_provider WHERE id = %s", [self.provider.id]
        )
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_webhook_addresses_must_not_carry_the_secret_in_clear(self):
        bad = ["http://sms.example.com", "ftp://x.example.com", "sms.example.com"]
        for url in bad:
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.provider.webhook_base_url = url
        good = ["https://sms.example.com", "http://127.0.0.1:8069", "http://localhost"]
        for url in good:
            with self.subTest(url=url):
                self.provider.webhook_base_url = url
                self.assertEqual(self.provider.webhook_base_url, url)

    def test_an_archived_provider_receives_nothing(self):
        secret = self.provider._get_secret("webhook_secret")
        find = self.env["sms.provider"]._by_webhook_secret
        self.assertEqual(find(secret), self.provider)
        self.provider.active = False
        self.assertFalse(find(secret))
        self.assertFalse(find("guess"))
