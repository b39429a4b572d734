from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import mute_logger

from ..models.sms_provider import SmsProvider
from .common import SmsHttpCase
from .test_webhooks import PATHS, SECRET, STATUS, items_of, token_of


class TestWebhookRotation(SmsHttpCase):
    """New secrets by a button; the old ones end when they should."""

    def setUp(self):
        super().setUp()
        self.provider.jwt_secret = SECRET
        self.patch(SmsProvider, "_log_parse_webhook", items_of)
        self.patch(
            self.registry["sms.provider"],
            "_webhook_path",
            lambda _provider: "/sms/webhook",
        )

    def status(self, secret):
        headers = {"X-SMS-Signature": token_of(STATUS, secret)}
        return self.post(PATHS[0], STATUS, headers).status_code

    def owner(self, secret):
        return self.env["sms.provider"]._by_webhook_secret(secret)

    def path_secret(self):
        return self.provider._get_secret("webhook_secret")

    def let_pass(self, hours):
        """Time passes for what is to expire."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sms_provider SET"
            " webhook_former_until = webhook_former_until - %(time)s,"
            " jwt_former_until = jwt_former_until - %(time)s",
            {"time": timedelta(hours=hours)},
        )
        self.env.invalidate_all()
        self.env["sms.provider"]._forget_doors()

    def test_a_new_jwt_secret_is_shown_once_and_the_old_one_ends_later(self):
        dialog = self.provider.action_rotate_jwt_secret()
        (row,) = dialog["params"]["rows"]
        self.assertEqual(dialog["tag"], "sms_base_sr.show_once")
        self.assertIn("The old one works until", dialog["params"]["note"])
        self.assertGreaterEqual(len(row["value"]), 32)
        self.assertNotIn(row["value"], str(self.provider.read()))
        self.assertEqual((self.status(row["value"]), self.status(SECRET)), (200, 200))
        self.let_pass(47)
        self.assertEqual((self.status(row["value"]), self.status(SECRET)), (200, 200))
        self.let_pass(2)
        self.assertEqual((self.status(row["value"]), self.status(SECRET)), (200, 401))

    def test_an_old_address_ends_later(self):
        old = self.path_secret()
        self.provider.action_rotate_webhook_secret()
        new = self.path_secret()
        self.assertNotEqual(new, old)
        for hours, expected in ((0, self.provider), (47, self.provider), (2, None)):
            self.let_pass(hours)
            self.assertEqual(self.owner(old) or None, expected)
            self.assertEqual(self.owner(new), self.provider)

    def test_without_a_grace_the_old_ones_end_at_once(self):
        self.provider.webhook_grace = 0
        old = self.path_secret()
        dialog = self.provider.action_rotate_webhook_secret()
        self.assertIn("does not work any more", dialog["params"]["note"])
        self.assertFalse(self.owner(old))
        self.assertEqual(self.owner(self.path_secret()), self.provider)
        self.provider.action_rotate_jwt_secret()
        self.assertEqual(self.status(SECRET), 401)
        self.assertFalse(self.provider.webhook_former_until)

    def test_a_secret_that_somebody_else_knows_ends_at_once(self):
        old = self.path_secret()
        self.provider.action_rotate_webhook_secret()
        self.provider.action_rotate_jwt_secret()
        self.provider.action_forget_former_secrets()
        self.assertFalse(self.owner(old))
        self.assertEqual(self.status(SECRET), 401)

    def test_of_two_rotations_the_last_old_secret_counts(self):
        secrets = [self.path_secret()]
        for _time in range(2):
            self.provider.action_rotate_webhook_secret()
            secrets.append(self.path_secret())
        found = [bool(self.owner(secret)) for secret in secrets]
        self.assertEqual(found, [False, True, True])

    def test_typing_a_secret_replaces_it_at_once(self):
        self.provider.jwt_secret = SECRET[::-1]
        self.assertEqual(self.status(SECRET), 401)

    def test_expired_secrets_are_blanked(self):
        self.provider.action_rotate_webhook_secret()
        self.provider.action_rotate_jwt_secret()
        self.provider._forget_expired_secrets()
        names = ["webhook_former_hash", "jwt_former"]
        sudo = self.provider.sudo()
        self.assertTrue(all(sudo[name] for name in names))
        self.let_pass(100)
        self.provider._forget_expired_secrets()
        self.assertFalse(any(sudo[name] for name in names))
        self.assertFalse(sudo.webhook_former_until)

    def test_an_archived_provider_is_not_found_by_an_old_secret(self):
        old = self.path_secret()
        self.provider.action_rotate_webhook_secret()
        self.provider.active = False
        self.assertFalse(self.owner(old))
        self.assertFalse(self.owner(self.path_secret()))

    def test_a_copy_knows_no_secret_of_the_original(self):
        self.provider.action_rotate_webhook_secret()
        self.provider.action_rotate_jwt_secret()
        copy = self.provider.copy().sudo()
        self.assertNotEqual(copy.webhook_hash, self.provider.sudo().webhook_hash)
        for name in ("webhook_former_hash", "jwt_former", "jwt_secret_sealed"):
            self.assertFalse(copy[name])

    def test_nobody_reads_what_is_kept_of_old_secrets(self):
        self.provider.action_rotate_jwt_secret()
        admin = self.new_user("admin", "sms_base_sr.group_sms_admin")
        provider = self.provider.with_user(admin)
        for name in ("webhook_former_hash", "jwt_former"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                provider.read([name])
        self.assertTrue(provider.jwt_former_until > fields.Datetime.now())

    def test_only_administrators_make_secrets(self):
        provider = self.provider.with_user(self.manager)
        for verb in (
            "rotate_webhook_secret",
            "rotate_jwt_secret",
            "forget_former_secrets",
            "test_webhook",
        ):
            with self.subTest(verb=verb), self.assertRaises(AccessError):
                getattr(provider, f"action_{verb}")()

    @mute_logger("odoo.sql_db")
    def test_the_time_of_grace_is_between_none_and_a_month(self):
        for hours in (-1, 721):
            with self.subTest(hours=hours), self.assertRaises(Exception) as caught:
                with self.env.cr.savepoint():
                    self.provider.webhook_grace = hours
                    self.env.flush_all()
            self.assertIn("webhook_grace_range", str(caught.exception))
        self.assertNotIsInstance(caught.exception, ValidationError)
