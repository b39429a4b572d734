from odoo.exceptions import UserError
from odoo.tests import Form

from .common import TOKEN, KolmeyaCase

MASK = "********"


class TestProviderForm(KolmeyaCase):
    """What an administrator sees and does in the form of the account."""

    def check(self):
        """Press *Check connection*; returns the kind and text of the answer."""
        action = self.provider.action_check_connection()
        self.assertEqual(action["tag"], "display_notification")
        return action["params"]["type"], action["params"]["message"]

    def test_an_inactive_account_is_there_after_installing(self):
        provider = self.env.ref("sms_kolmeya.sms_provider_kolmeya")
        self.assertRecordValues(
            provider,
            [
                {
                    "provider_type": "kolmeya",
                    "active": False,
                    "price_per_segment": 0.10,
                    "kolmeya_base_url": "https://kolmeya.com.br/api/v1",
                    "kolmeya_api_token": False,
                }
            ],
        )
        self.assertTrue(provider._get_secret("webhook_secret"))

    # -- the token ---------------------------------------------------------------------

    def test_the_token_is_written_and_never_read_back(self):
        names = ["kolmeya_api_token", "jwt_secret", "webhook_secret"]
        self.provider.jwt_secret = "a-shared-secret-of-at-least-32-bytes"
        admin = self.new_user("admin", "sms_base_sr.group_sms_admin")
        provider = self.provider.with_user(admin)
        ways = {
            "read": lambda: provider.read(names)[0],
            "web_read": lambda: provider.web_read({name: {} for name in names})[0],
            "web_save": lambda: provider.web_save(
                {"kolmeya_api_token": TOKEN}, {name: {} for name in names}
            )[0],
        }
        for name, way in ways.items():
            with self.subTest(name):
                values = way()
                self.assertEqual({values[each] for each in names}, {MASK})
        self.assertFalse(provider.copy().kolmeya_api_token)

    def test_a_dump_of_the_database_does_not_show_the_token(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT to_jsonb(p)::text FROM sms_provider p WHERE id = %s",
            [self.provider.id],
        )
        row = self.env.cr.fetchone()[0]
        self.assertIn("kolmeya_api_token_sealed", row)
        self.assertNotIn(TOKEN, row)
        self.assertNotIn(self.provider._get_secret("webhook_secret"), row)

    def test_saving_the_mask_keeps_the_token_and_emptying_takes_it_away(self):
        for value, expected in (
            (MASK, TOKEN),
            (f" {TOKEN}2 ", f"{TOKEN}2"),
            ("", None),
        ):
            with self.subTest(value=value):
                self.provider.kolmeya_api_token = value
                self.assertEqual(
                    self.provider._get_secret("kolmeya_api_token"), expected
                )

    def test_only_administrators_see_and_change_the_account(self):
        for user in (self.salesperson, self.manager):
            with self.subTest(user.login):
                form = self.env.ref("sms_base_sr.sms_provider_view_form")
                providers = self.env["sms.provider"].with_user(user)
                arch = providers.get_view(form.id, "form")["arch"]
                self.assertNotIn("kolmeya_api_token", arch)
                self.assertFalse(providers.has_access("write"))

    # -- check connection --------------------------------------------------------------

    def test_check_connection_reads_balance_and_cost_centres(self):
        kind, text = self.check()
        self.assertEqual(kind, "success")
        self.assertIn("Balance: R$ 9.396,84", text)
        self.assertAlmostEqual(self.provider.kolmeya_balance, 9396.84)
        self.assertTrue(self.provider.last_balance_check)
        segments = self.env["kolmeya.segment"]
        listed = segments.search([("provider_id", "=", self.provider.id)])
        self.assertTrue(listed)
        self.check()
        again = segments.search([("provider_id", "=", self.provider.id)])
        self.assertEqual(again, listed)

    def test_each_way_of_writing_the_balance_is_read(self):
        for style in ("brl", "nbsp", "plain", "number"):
            with self.subTest(style):
                self.sim.settings.balance_style = style
                self.provider.kolmeya_balance = 0
                kind, text = self.check()
                self.assertEqual(kind, "success")
                self.assertIn("R$ 9.396,84", text)
                self.assertAlmostEqual(self.provider.kolmeya_balance, 9396.84)

    def test_a_balance_that_cannot_be_read_is_said_to_be_so(self):
        self.sim.settings.balance_style = "broken"
        kind, text = self.check()
        self.assertEqual(kind, "warning")
        self.assertIn("could not be read", text)

    def test_what_is_wrong_is_said_with_its_remedy(self):
        cases = [("401", "token"), ("403", "IP list")]
        for fault, word in cases:
            with self.subTest(fault):
                self.sim.faults.clear()
                self.sim.fault(fault, path="", times=None)
                kind, text = self.check()
                self.assertEqual(kind, "danger")
                self.assertIn(word, text)
                self.assertNotIn(TOKEN, text)

    def test_a_gateway_that_cannot_be_reached_is_said_to_be_so(self):
        self.sim.stop()
        kind, text = self.check()
        self.assertEqual(kind, "danger")
        self.assertIn("does not answer", text)
        self.assertFalse(self.provider.last_balance_check)

    def test_without_a_token_the_field_is_named(self):
        self.provider.kolmeya_api_token = False
        with self.assertRaisesRegex(UserError, "API token"):
            self.provider.action_check_connection()

    def test_a_token_pasted_with_its_prefix_works(self):
        self.provider.kolmeya_api_token = f"Bearer {TOKEN}"
        self.assertEqual(self.check()[0], "success")

    def test_the_cost_centre_is_picked_from_the_list(self):
        self.check()
        segment = self.env["kolmeya.segment"].search(
            [("provider_id", "=", self.provider.id)], limit=1
        )
        self.provider.kolmeya_segment_choice_id = segment
        self.assertEqual(self.provider.kolmeya_segment_id, segment.segment_id)
        self.provider.kolmeya_segment_id = 0
        self.assertFalse(self.provider.kolmeya_segment_choice_id)
        self.assertIn(str(segment.segment_id), segment.display_name)

    def test_a_cost_centre_that_is_gone_leaves_the_list(self):
        segments = self.env["kolmeya.segment"]
        segments._replace(self.provider, [("1", "A"), ("2", "B")])
        segments._replace(self.provider, [("2", "B renamed"), ("3", "C")])
        listed = segments.search([("provider_id", "=", self.provider.id)])
        self.assertEqual(
            sorted((s.segment_id, s.name) for s in listed),
            [(2, "B renamed"), (3, "C")],
        )

    # -- addresses ---------------------------------------------------------------------

    def test_a_new_address_is_shown_once_and_masked_ever_after(self):
        self.provider.webhook_base_url = "https://odoo.example.com/"
        before = self.provider._get_secret("webhook_secret")
        shown = self.provider.action_rotate_webhook_secret()["params"]["rows"]
        secret = self.provider._get_secret("webhook_secret")
        self.assertNotEqual(secret, before)
        self.assertGreaterEqual(len(secret), 32)
        url = f"https://odoo.example.com/kolmeya/webhook/{secret}"
        self.assertEqual(
            [row["value"] for row in shown], [url, f"{url}/reply", f"{url}/status"]
        )
        self.assertEqual(self.provider._webhook_url(), url)
        masked = "https://odoo.example.com/kolmeya/webhook/••••••••"
        self.assertEqual(self.provider.webhook_url, masked)
        self.assertNotIn(secret, str(self.provider.read()))
        log = self.provider.create({"name": "Log", "provider_type": "log"})
        self.assertFalse(log.webhook_url)

    def test_an_address_that_is_not_https_is_given_to_nobody(self):
        parameters = self.env["ir.config_parameter"].sudo()
        cases = [
            ("http://odoo.example.com", False),
            ("ftp://127.0.0.1", False),
            ("https://", False),
            ("https://[odoo", False),
            ("http://127.0.0.1.example.com", False),
            ("https://odoo.example.com", True),
            ("http://127.0.0.1:8069", True),
            ("http://[::1]:8069", True),
        ]
        for base, safe in cases:
            parameters.set_param("web.base.url", base)
            self.provider.invalidate_recordset()
            with self.subTest(base=base):
                self.assertEqual(bool(self.provider._webhook_url()), safe)
                self.assertEqual(bool(self.provider.webhook_url), safe)
                self.assertEqual(not self.provider.webhook_problem, safe)
                if not safe:
                    self.assertIn(base, self.provider.webhook_problem)
                    self.assertIn("https://", self.provider.webhook_problem)

    def test_addresses_that_cannot_be_right_are_refused(self):
        wrong = [
            "http://kolmeya.com.br/api/v1",
            "https://api.kolmeya.com.br/v1",
            "https://api.kolmeya.com/v1",
            "ftp://kolmeya.com.br",
            "kolmeya.com.br",
            "",
        ]
        for url in wrong:
            with (
                self.subTest(url=url),
                self.assertRaisesRegex(UserError, "API address"),
                self.env.cr.savepoint(),
            ):
                self.provider.kolmeya_base_url = url

    def test_the_form_opens_and_saves(self):
        admin = self.new_user("admin", "sms_base_sr.group_sms_admin")
        with Form(self.provider.with_user(admin)) as form:
            form.kolmeya_segment_id = 12
        self.assertEqual(self.provider.kolmeya_segment_id, 12)
        self.assertEqual(self.provider._get_secret("kolmeya_api_token"), TOKEN)
