import json
import logging

from cryptography.fernet import Fernet

from odoo.exceptions import AccessError, UserError

from odoo.addons.sms_base_sr.models import sms_secret_mixin
from odoo.addons.sms_base_sr.models.sms_secret_mixin import MASK, SmsSecretMixin
from odoo.addons.sms_base_sr.tools.secret_box import SecretBox

from .common import SmsCase

SECRET = "jwt-" + "s3cr3t" * 8


class TestSecrets(SmsCase):
    """Secrets can be written and used, and never be read back."""

    def setUp(self):
        super().setUp()
        groups = "sms_base_sr.group_sms_admin,base.group_allow_export"
        self.admin = self.new_user("admin", groups)
        self.provider.jwt_secret = SECRET

    def column(self, name):
        """What the database holds."""
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT {name} FROM sms_provider WHERE id = %s", [self.provider.id]
        )
        return self.env.cr.fetchone()[0]

    def test_the_form_shows_a_mask(self):
        provider = self.provider.with_user(self.admin)
        self.assertEqual(provider.jwt_secret, MASK)
        self.assertEqual(provider.webhook_secret, MASK)
        self.assertFalse(self.provider.create({"name": "New"}).jwt_secret)

    def test_saving_answers_with_the_mask_and_not_with_what_was_typed(self):
        provider = self.provider.with_user(self.admin)
        answer = provider.web_save({"jwt_secret": "n" * 40}, {"jwt_secret": {}})
        self.assertEqual(answer[0]["jwt_secret"], MASK)
        self.assertEqual(self.provider._get_secret("jwt_secret"), "n" * 40)

    def test_the_engine_reads_it_in_clear(self):
        self.assertEqual(self.provider._get_secret("jwt_secret"), SECRET)

    def test_saving_the_mask_changes_nothing(self):
        before = self.column("jwt_secret_sealed")
        self.provider.jwt_secret = MASK
        self.assertEqual(self.column("jwt_secret_sealed"), before)

    def test_emptying_the_field_forgets_the_secret(self):
        for empty in (False, "", "  "):
            self.provider.jwt_secret = SECRET
            with self.subTest(empty=empty):
                self.provider.jwt_secret = empty
                self.assertIsNone(self.provider._get_secret("jwt_secret"))
                self.assertFalse(self.provider.jwt_secret)
                self.assertFalse(self.column("jwt_secret_sealed"))

    def test_blanks_around_a_pasted_secret_are_dropped(self):
        self.provider.jwt_secret = f"  {SECRET}\n"
        self.assertEqual(self.provider._get_secret("jwt_secret"), SECRET)

    def test_a_dump_of_the_table_holds_no_secret(self):
        path = self.provider._get_secret("webhook_secret")
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT to_jsonb(p)::text FROM sms_provider p WHERE id = %s",
            [self.provider.id],
        )
        (dump,) = self.env.cr.fetchone()
        self.assertIn("Fake", dump)
        self.assertNotIn(SECRET, dump)
        self.assertNotIn(path, dump)

    def test_the_same_secret_is_sealed_differently_each_time(self):
        before = self.column("jwt_secret_sealed")
        self.provider.jwt_secret = SECRET
        self.assertNotEqual(self.column("jwt_secret_sealed"), before)

    def test_nobody_reads_searches_or_groups_the_ciphertext(self):
        provider = self.provider.with_user(self.admin)
        for name in ("jwt_secret_sealed", "webhook_secret_sealed", "webhook_hash"):
            with self.subTest(name=name):
                with self.assertRaises(AccessError):
                    provider.read([name])
                with self.assertRaises(AccessError):
                    provider.search([(name, "!=", False)])
                with self.assertRaises(AccessError):
                    provider.formatted_read_group([], [name], ["__count"])
                with self.assertRaises(AccessError):
                    provider.write({name: "x"})
                self.assertNotIn(name, provider.fields_get())

    def test_an_export_holds_no_secret(self):
        provider = self.provider.with_user(self.admin)
        path = provider.sudo()._get_secret("webhook_secret")
        offered = provider.fields_get(attributes=["exportable"])
        for name in ("jwt_secret", "webhook_secret", "webhook_url"):
            with self.subTest(name=name):
                self.assertFalse(offered[name].get("exportable", True))
        names = ["name", "jwt_secret", "webhook_secret"]
        exported = json.dumps(provider.export_data(names))
        self.assertIn("Fake", exported)
        self.assertNotIn(SECRET, exported)
        self.assertNotIn(path, exported)

    def test_only_administrators_see_the_webhook_address(self):
        for user in (self.salesperson, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.provider.with_user(user).read(["webhook_url"])

    def test_another_key_gives_a_clear_error_and_no_traceback(self):
        other_key = SecretBox([Fernet.generate_key()])
        self.patch(SmsSecretMixin, "_secret_box", lambda records: other_key)
        self.provider.invalidate_recordset()
        self.assertEqual(self.provider.jwt_secret, MASK, "the form still opens")
        with self.assertRaises(UserError) as caught:
            self.provider._get_secret("jwt_secret")
        message = str(caught.exception)
        for words in ("JWT secret", "Fake", "enter the secrets again"):
            self.assertIn(words, message)
        self.assertNotIn(SECRET, message)
        self.provider.jwt_secret = SECRET
        self.assertEqual(self.provider._get_secret("jwt_secret"), SECRET)

    def test_a_damaged_ciphertext_gives_the_same_error(self):
        for damaged in ("gAAAAA", "not a token", "ção"):
            self.provider.sudo().write({"jwt_secret_sealed": damaged})
            with (
                self.subTest(damaged=damaged),
                self.assertRaisesRegex(UserError, "enter the secrets again"),
            ):
                self.provider._get_secret("jwt_secret")

    def test_an_old_key_still_opens_what_it_sealed(self):
        old, new = Fernet.generate_key(), Fernet.generate_key()
        self.patch(SmsSecretMixin, "_secret_box", lambda r: SecretBox([old]))
        self.provider.jwt_secret = SECRET
        self.patch(SmsSecretMixin, "_secret_box", lambda r: SecretBox([new, old]))
        self.assertEqual(self.provider._get_secret("jwt_secret"), SECRET)

    def test_no_log_line_holds_a_secret(self):
        records = []
        handler = logging.Handler()
        handler.emit = lambda record: records.append(record.getMessage())
        root = logging.getLogger("odoo.addons.sms_base_sr")
        level = root.level
        root.addHandler(handler)
        self.addCleanup(root.removeHandler, handler)
        root.setLevel(logging.DEBUG)
        self.addCleanup(root.setLevel, level)
        self.provider.jwt_secret = SECRET
        self.provider._get_secret("jwt_secret")
        self.provider.action_rotate_webhook_secret()
        message = self.new_message()
        message.action_send()
        self.run_jobs("_send_batch")
        path = self.provider._get_secret("webhook_secret")
        self.assertFalse([line for line in records if SECRET in line or path in line])

    def test_no_job_carries_a_secret(self):
        message = self.new_message()
        message.action_send()
        self.env.flush_all()
        self.env.cr.execute("SELECT to_jsonb(j)::text FROM queue_job j")
        jobs = " ".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("_send_batch", jobs)
        for name in ("jwt_secret", "webhook_secret"):
            self.assertNotIn(self.provider._get_secret(name), jobs)

    def test_the_key_is_read_once_per_process_and_lies_outside_the_database(self):
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        box = sms_secret_mixin.open_box(uuid)
        self.assertIs(sms_secret_mixin.open_box(uuid), box)
        self.assertEqual(box.open(box.seal(SECRET)), SECRET)
