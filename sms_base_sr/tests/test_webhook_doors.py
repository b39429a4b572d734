from ..models.sms_provider import SmsProvider
from .common import SmsHttpCase
from .test_webhooks import PATHS, SECRET, STATUS, items_of, token_of


class TestWebhookDoors(SmsHttpCase):
    """What a call is asked is known by heart, and never older than the provider."""

    def setUp(self):
        super().setUp()
        self.provider.jwt_secret = SECRET
        self.patch(SmsProvider, "_log_parse_webhook", items_of)
        self.assertEqual(self.status(), 200)
        self.env["sms.event"].search([]).unlink()

    def status(self, secret=SECRET):
        headers = {"X-SMS-Signature": token_of(STATUS, secret)}
        return self.post(PATHS[0], STATUS, headers).status_code

    def events(self):
        return self.env["sms.event"].search_count([])

    def change(self, sets):
        """Change the provider as another process does, of which we do not hear yet."""
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE sms_provider SET {sets},"
            " write_date = write_date + interval '1 ms' WHERE id = %s",
            [self.provider.id],
        )
        self.env.invalidate_all()

    def test_a_call_asks_nothing_before_its_insert(self):
        providers = self.env["sms.provider"]
        registry = self.registry["sms.provider"]
        self.patch(registry, "_read_doors", lambda _self: self.fail("was read"))
        self.assertEqual(self.status(), 200)
        self.assertTrue(providers._known_doors())

    def test_a_secret_that_was_taken_back_is_refused_at_once(self):
        cases = {
            "secret": "jwt_secret_sealed = NULL",
            "archived": "active = FALSE",
            "sender": "webhook_networks = '203.0.113.7'",
        }
        for name, sets in cases.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.change(sets)
                self.assertEqual(self.status(), 401)
                self.assertEqual(self.events(), 0)
                savepoint.rollback()
                self.env["sms.provider"]._forget_doors()

    def test_a_provider_that_was_changed_otherwise_takes_the_call_all_the_same(self):
        self.change("name = 'Another name'")
        self.assertEqual(self.status(), 200)
        self.assertEqual(self.events(), 1)

    def test_who_is_refused_by_heart_is_looked_at_anew(self):
        self.provider.webhook_networks = "203.0.113.7"
        self.assertEqual(self.status(), 401)
        self.change("webhook_networks = NULL")
        self.assertEqual(self.status(), 200)

    def test_a_duplicate_too_is_refused_by_a_door_that_is_closed(self):
        self.assertEqual(self.status(), 200)
        self.change("jwt_secret_sealed = NULL")
        self.assertEqual(self.status(), 401)

    def test_a_change_by_us_is_known_at_once(self):
        self.provider.webhook_networks = "203.0.113.7"
        self.assertEqual(self.status(), 401)
        self.provider.webhook_networks = False
        self.assertEqual(self.status(), 200)
        other = "o" * 40
        self.assertEqual(self.status(other), 401)
        self.provider.copy().jwt_secret = other
        self.assertEqual(self.status(other), 200)

    def test_a_provider_that_never_comes_to_rest_is_refused(self):
        heard = []

        def changed(_self, *_args, **_more):
            heard.append(1)
            self.change("name = 'Again'")
            return original(_self, *_args, **_more)

        bodies = self.registry["sms.event.body"]
        original = bodies._insert_sql
        self.patch(bodies, "_insert_sql", changed)
        self.assertEqual(self.status(), 401)
        self.assertEqual((len(heard), self.events()), (2, 0))
