from odoo.exceptions import UserError, ValidationError

from .common import SmsCase

KEY = "sms.webhook.jwt_secret"
SECRET = "a-shared-secret-of-at-least-32-bytes"


class TestSecretParameters(SmsCase):
    """A webhook secret that is set as a parameter ends up in the provider, sealed."""

    def setUp(self):
        super().setUp()
        self.parameters = self.env["ir.config_parameter"]
        self.parameters.search([("key", "=", KEY)]).unlink()

    def stored(self):
        """What a dump of the database would show of the parameter."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT value FROM ir_config_parameter WHERE key = %s", [KEY]
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def test_parameters_of_others_may_be_numbers(self):
        """Some of core's addons could not be installed otherwise."""
        parameter = self.parameters.create({"key": "x.number", "value": 7})
        self.assertEqual(parameter.value, "7")

    def test_however_it_is_set_it_is_moved_and_blanked(self):
        def edit():
            parameter = self.parameters.create({"key": KEY, "value": ""})
            parameter.value = SECRET

        def rename():
            parameter = self.parameters.create({"key": "x", "value": "y"})
            parameter.write({"key": KEY, "value": f" {SECRET} "})

        ways = {
            "set_param": lambda: self.parameters.set_param(KEY, SECRET),
            "create": lambda: self.parameters.create({"key": KEY, "value": SECRET}),
            "edit": edit,
            "rename": rename,
        }
        for name, way in ways.items():
            with self.subTest(name):
                way()
                self.assertEqual(self.stored(), [""])
                self.assertFalse(self.parameters.get_param(KEY))
                self.assertEqual(self.provider._get_secret("jwt_secret"), SECRET)
                self.provider.jwt_secret = False
                self.parameters.search([("key", "=", KEY)]).unlink()

    def test_setting_it_again_replaces_the_secret(self):
        self.parameters.set_param(KEY, SECRET)
        self.parameters.set_param(KEY, SECRET[::-1])
        self.assertEqual(self.stored(), [""])
        self.assertEqual(self.provider._get_secret("jwt_secret"), SECRET[::-1])

    def test_blanking_or_deleting_the_parameter_leaves_the_secret(self):
        self.parameters.set_param(KEY, SECRET)
        self.parameters.set_param(KEY, "")
        self.parameters.set_param(KEY, False)
        self.assertEqual(self.provider._get_secret("jwt_secret"), SECRET)

    def test_other_parameters_are_left_alone(self):
        ours = self.parameters.create({"key": KEY, "value": ""})
        other = self.parameters.create({"key": "sms.test", "value": "a"})
        (ours | other).write({"value": SECRET})
        self.assertEqual(other.value, SECRET)
        self.assertEqual(self.stored(), [""])

    def test_a_secret_that_can_be_guessed_is_refused(self):
        for way in ("parameter", "field"):
            with (
                self.subTest(way),
                self.assertRaisesRegex(ValidationError, "32"),
                self.env.cr.savepoint(),
            ):
                if way == "parameter":
                    self.parameters.set_param(KEY, "short")
                else:
                    self.provider.jwt_secret = "short"

    def test_without_a_provider_nobody_could_keep_it(self):
        providers = self.env["sms.provider"].with_context(active_test=False)
        providers.search([]).unlink()
        with self.assertRaisesRegex(UserError, "provider"):
            self.parameters.set_param(KEY, SECRET)

    def test_active_providers_come_before_others(self):
        archived = self.provider.copy({"name": "Old", "sequence": 1, "active": False})
        self.parameters.set_param(KEY, SECRET)
        self.assertFalse(archived._get_secret("jwt_secret"))
        self.assertEqual(self.provider._get_secret("jwt_secret"), SECRET)

    def test_what_an_older_system_left_is_moved_too(self):
        self.env.cr.execute(
            "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)",
            [KEY, SECRET],
        )
        self.parameters._move_webhook_secrets()
        self.assertEqual(self.stored(), [""])
        self.assertEqual(self.provider._get_secret("jwt_secret"), SECRET)
        self.parameters._move_webhook_secrets()
        self.assertEqual(self.provider._get_secret("jwt_secret"), SECRET)

    def test_a_short_one_of_an_older_system_is_blanked_with_a_warning(self):
        self.env.cr.execute(
            "INSERT INTO ir_config_parameter (key, value) VALUES (%s, 'short')",
            [KEY],
        )
        logger = "odoo.addons.sms_base_sr.models.ir_config_parameter"
        with self.assertLogs(logger, "WARNING") as logs:
            self.parameters._move_webhook_secrets()
        self.assertIn(KEY, logs.output[0])
        self.assertNotIn("short'", logs.output[0])
        self.assertEqual(self.stored(), [""])
