from odoo.modules.neutralize import get_neutralization_queries

from .common import SmsCase

SECRET = "a-shared-secret-of-at-least-32-bytes"


class TestNeutralize(SmsCase):
    """A copy of the database for tests neither sends nor knows a secret."""

    def test_secrets_are_gone_and_providers_asleep(self):
        self.provider.write(
            {"jwt_secret": SECRET, "webhook_base_url": "https://odoo.example.com"}
        )
        key = "sms.webhook.jwt_secret"
        self.env["ir.config_parameter"].create({"key": key, "value": ""})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_config_parameter SET value = %s WHERE key = %s", [SECRET, key]
        )
        queries = list(get_neutralization_queries(["sms_base_sr"]))
        self.assertEqual(len(queries), 1)
        self.env.cr.execute(queries[0])
        self.env.invalidate_all()
        providers = self.env["sms.provider"].with_context(active_test=False)
        for provider in providers.search([]):
            with self.subTest(provider.name):
                self.assertFalse(provider.active)
                self.assertFalse(provider.webhook_base_url)
                self.assertFalse(provider._get_secret("jwt_secret"))
                self.assertFalse(provider._get_secret("webhook_secret"))
                self.assertFalse(provider.sudo().webhook_hash)
        self.env.cr.execute(
            "SELECT value FROM ir_config_parameter WHERE key = %s", [key]
        )
        self.assertEqual(self.env.cr.fetchone()[0], "")
