from odoo.modules.neutralize import get_neutralization_queries

from .common import KolmeyaCase


class TestKolmeyaNeutralize(KolmeyaCase):
    """A copy of the database for tests cannot send through the account."""

    def test_the_token_is_gone(self):
        key = "kolmeya.webhook.jwt_secret"
        self.env["ir.config_parameter"].create({"key": key, "value": ""})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_config_parameter SET value = 'x' WHERE key = %s", [key]
        )
        (query,) = get_neutralization_queries(["sms_kolmeya"])
        self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertFalse(self.provider._get_secret("kolmeya_api_token"))
        self.env.cr.execute(
            "SELECT value FROM ir_config_parameter WHERE key = %s", [key]
        )
        self.assertEqual(self.env.cr.fetchone()[0], "")
