from cryptography.fernet import Fernet

from odoo.exceptions import AccessError, UserError

from ..models.sms_secret_mixin import MASK, SmsSecretMixin
from ..tools.secret_box import KeyUnusable, SecretBox
from .common import SmsCase

OLD, NEW = Fernet.generate_key(), Fernet.generate_key()
SECRET = "jwt-" + "planted " * 8


class TestSecretRotation(SmsCase):
    """A new key encrypts, old ones decrypt, and one button makes them needless."""

    def setUp(self):
        super().setUp()
        self.use(OLD)
        # Those of the installation have secrets of this server's real key.
        providers = self.env["sms.provider"].with_context(active_test=False)
        providers.search([("id", "!=", self.provider.id)]).unlink()
        self.provider.jwt_secret = SECRET.strip()
        self.provider._new_webhook_secret()
        self.path = self.provider._get_secret("webhook_secret")
        self.admin = self.new_user("keys", "sms_base_sr.group_sms_admin")

    def use(self, *keys):
        """Have the server know these keys, the encrypting one first."""
        self.patch(SmsSecretMixin, "_secret_box", lambda records: SecretBox(keys))
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def shown(self):
        provider = self.provider.with_user(self.admin)
        provider.invalidate_recordset()
        return provider.secret_old_count, provider.secret_problem

    def seal_anew(self):
        """Press the button and let its job run; return what the job told."""
        self.provider.with_user(self.admin).action_seal_anew()
        job = self.pending_jobs("_seal_anew")
        self.assertEqual(len(job), 1)
        self.run_jobs("_seal_anew")
        job.invalidate_recordset()
        return job.result

    def owner(self):
        return self.env["sms.provider"]._by_webhook_secret(self.path)

    def test_after_a_new_key_all_works_and_the_form_says_what_the_old_one_holds(self):
        self.use(NEW, OLD)
        self.assertEqual(self.provider._get_secret("jwt_secret"), SECRET.strip())
        self.assertEqual(self.owner(), self.provider)
        self.assertEqual(self.shown(), (2, False))

    def test_what_is_entered_from_then_on_needs_the_new_key_only(self):
        self.use(NEW, OLD)
        self.provider.jwt_secret = "n" * 40
        self.assertEqual(self.shown(), (1, False))
        self.use(NEW)
        self.assertEqual(self.provider._get_secret("jwt_secret"), "n" * 40)

    def test_once_all_is_encrypted_anew_the_old_key_may_go(self):
        self.provider.action_rotate_jwt_secret()
        secret = self.provider._get_secret("jwt_secret")
        archived = self.provider.copy({"name": "Old", "active": False})
        archived.jwt_secret = "a" * 40
        self.use(NEW, OLD)
        told = self.seal_anew()
        self.assertNotIn(SECRET, told)
        self.assertNotIn("No key", told)
        self.assertEqual(self.shown(), (0, False))
        self.use(NEW)
        self.assertEqual(self.shown(), (0, False))
        self.assertEqual(self.provider._get_secret("jwt_secret"), secret)
        self.assertEqual(self.owner(), self.provider, "the address works as before")
        former = self.provider.sudo().jwt_former
        self.assertEqual(self.provider._secret_box().open(former), SECRET.strip())
        self.assertEqual(archived._get_secret("jwt_secret"), "a" * 40)

    def test_doing_it_twice_changes_nothing(self):
        self.use(NEW, OLD)
        self.seal_anew()
        before = self.provider.sudo().jwt_secret_sealed
        self.env["queue.job"].sudo().search([]).unlink()
        self.assertIn("anew: 0.", self.seal_anew())
        self.assertEqual(self.provider.sudo().jwt_secret_sealed, before)

    def test_a_lost_key_is_told_by_field_and_remedy_everywhere(self):
        self.use(NEW)
        count, problem = self.shown()
        self.assertEqual(count, 0)
        for words in ("JWT secret", "SMS_SECRET_KEY", "enter it again"):
            self.assertIn(words, problem)
        told = self.seal_anew()
        for words in ("Fake: JWT secret", "Enter these again"):
            self.assertIn(words, told)
        with self.assertRaisesRegex(UserError, "JWT secret.*Fake.*enter the secrets"):
            self.provider._get_secret("jwt_secret")
        self.assertEqual(self.provider.jwt_secret, MASK, "the form still opens")
        self.assertFalse(self.owner())

    def test_with_a_lost_key_the_others_are_encrypted_anew_all_the_same(self):
        readable = self.provider.copy({"name": "Readable"})
        self.use(NEW)
        readable.jwt_secret = "r" * 40
        third = Fernet.generate_key()
        self.use(third, NEW)
        self.assertIn("Fake: JWT secret", self.seal_anew())
        self.use(third)
        self.assertEqual(readable._get_secret("jwt_secret"), "r" * 40)

    def test_a_secret_that_is_entered_again_mends_it(self):
        self.use(NEW)
        self.provider.jwt_secret = SECRET.strip()
        self.provider._new_webhook_secret()
        self.assertEqual(self.shown(), (0, False))

    def test_sending_with_a_lost_key_suspends_and_says_why(self):
        self.use(NEW)
        path = "/kolmeya/webhook"
        self.patch(self.registry["sms.provider"], "_webhook_path", lambda p: path)
        self.provider.webhook_base_url = "https://odoo.example.com"
        message = self.new_message()
        message.action_send()
        self.run_jobs("_send_batch")
        self.assertEqual(message.state, "outgoing")
        self.assertIn("enter the secrets again", message.batch_id.failure_reason)
        self.assertFalse(self.gateway.calls)

    def test_a_key_that_is_none_is_told_on_the_form(self):
        def unusable(records):
            raise KeyUnusable("the environment variable")

        self.patch(SmsSecretMixin, "_secret_box", unusable)
        self.assertIn("the environment variable", self.shown()[1])

    def test_only_administrators_press_and_see_it(self):
        provider = self.provider.with_user(self.manager)
        with self.assertRaises(AccessError):
            provider.action_seal_anew()
        for name in ("secret_problem", "secret_old_count"):
            with self.subTest(name), self.assertRaises(AccessError):
                provider.read([name])
