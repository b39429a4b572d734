from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from odoo.addons.sms_base_sr.models.sms_event import SmsEvent
from odoo.addons.sms_base_sr.models.sms_provider import SmsProvider
from odoo.addons.sms_base_sr.tools.inbound import ReplyItem

from .common import SmsCase

NO_TOKEN = "API token: enter it."


class TestFetchReplies(SmsCase):
    """Polling is the second way in: what no webhook brought is not lost."""

    def setUp(self):
        super().setUp()
        self.hours = []

        def fetch(provider, hours):
            self.hours.append(hours)
            return lambda: self.gateway.replies

        self.patch(SmsProvider, "_log_fetch_replies", fetch)

    def poll(self):
        """Run the cron's work and the jobs that follow."""
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            self.env(cr=cr)["sms.provider"]._fetch_replies_all()
        self.run_jobs("_apply_replies")

    def incoming(self):
        """Replies stored so far."""
        return self.env["sms.message"].search([("direction", "=", "incoming")])

    def test_a_fetched_reply_becomes_one_message_however_often_it_is_fetched(self):
        self.gateway.replies = [
            ReplyItem(reply_id="r1", text="SIM", phone="5511912345678")
        ]
        self.poll()
        self.poll()
        self.assertRecordValues(
            self.incoming(),
            [{"body": "SIM", "partner_id": self.partner.id, "state": "delivered"}],
        )

    def test_the_first_poll_looks_back_a_day_and_later_ones_overlap(self):
        self.poll()
        health = self.provider.health_id
        self.assertTrue(health.replies_fetched_at)
        for passed, expected in ((1, 3), (30, 32), (400, 168)):
            with self.subTest(hours=passed):
                health.replies_fetched_at = fields.Datetime.now() - timedelta(
                    hours=passed, seconds=-30
                )
                self.poll()
                self.assertEqual(self.hours[-1], expected)
        self.assertEqual(self.hours[0], 24)

    def test_a_gateway_without_an_answer_is_asked_for_the_same_hours_again(self):
        self.gateway.replies = None
        self.poll()
        self.assertFalse(self.provider.health_id.replies_fetched_at)
        self.assertFalse(self.incoming())

    def test_a_suspended_or_archived_provider_is_not_asked(self):
        self.provider.health_id.suspended = True
        self.poll()
        self.provider.health_id.suspended = False
        self.provider.active = False
        self.poll()
        self.assertEqual(self.hours, [])

    @mute_logger("odoo.addons.sms_base_sr.models.sms_provider_replies")
    def test_a_provider_that_fails_stops_no_other(self):
        """Without a token, say: the account is listed first, and is no use."""
        broken = self.provider.copy({"name": "Broken", "sequence": 1})
        fetch = SmsProvider._log_fetch_replies

        def fetch_or_fail(provider, hours):
            if provider == broken:
                raise UserError(NO_TOKEN)
            return fetch(provider, hours)

        self.patch(SmsProvider, "_log_fetch_replies", fetch_or_fail)
        self.gateway.replies = [
            ReplyItem(reply_id="r1", text="SIM", phone="5511912345678")
        ]
        self.poll()
        self.assertEqual(self.incoming().mapped("body"), ["SIM"])
        self.assertFalse(broken.health_id.replies_fetched_at)
        self.assertTrue(self.provider.health_id.replies_fetched_at)

    def test_what_others_wrote_meanwhile_is_no_reason_to_lose_replies(self):
        """Sends write health and webhooks the same events: it is stored again."""
        store, conflicts = SmsEvent._store_items, [1, 2]

        def conflict(events, *args, **origin):
            if conflicts:
                conflicts.pop()
                raise SerializationFailure
            return store(events, *args, **origin)

        self.patch(SmsEvent, "_store_items", conflict)
        self.gateway.replies = [
            ReplyItem(reply_id="r1", text="SIM", phone="5511912345678")
        ]
        self.poll()
        self.assertEqual(self.incoming().mapped("body"), ["SIM"])
        self.assertEqual(self.hours, [24], "the gateway was asked once")
