from odoo.exceptions import UserError

from odoo.addons.sms_base_sr.tests.common import SmsCase

from .common import KolmeyaMixin


class TestKolmeyaBalance(KolmeyaMixin, SmsCase):
    """What a manager may know of the account: its balance."""

    def test_before_anybody_asked_it_is_unknown(self):
        self.assertEqual(self.provider._read_balance(), {"amount": None, "at": False})

    def test_asking_stores_amount_and_date(self):
        self.provider._refresh_balance()
        balance = self.provider._read_balance()
        self.assertAlmostEqual(balance["amount"], 9396.84)
        self.assertTrue(balance["at"])

    def test_a_campaign_manager_asks_without_seeing_the_token(self):
        provider = self.provider.with_user(self.manager)
        provider._refresh_balance()
        self.assertAlmostEqual(provider._read_balance()["amount"], 9396.84)
        self.assertFalse(provider.has_access("write"))

    def test_what_cannot_be_read_changes_nothing_and_is_said(self):
        self.provider._refresh_balance()
        self.sim.settings.balance_style = "broken"
        with self.assertRaisesRegex(UserError, "no balance"):
            self.provider._refresh_balance()
        self.assertAlmostEqual(self.provider._read_balance()["amount"], 9396.84)

    def test_a_gateway_that_refuses_is_explained(self):
        self.provider.kolmeya_api_token = "another-made-up-token"
        with self.assertRaisesRegex(UserError, "API token"):
            self.provider._refresh_balance()

    def test_a_provider_without_gateway_has_no_balance(self):
        other = self.provider.create({"name": "Log", "provider_type": "log"})
        self.assertIsNone(other._read_balance())
        with self.assertRaises(UserError):
            other._refresh_balance()
