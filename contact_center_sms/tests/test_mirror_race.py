from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase
from odoo.tools import mute_logger

NUMBER = "+5511987650001"
AT_ONCE = 8
QUIET = ("odoo.sql_db", "odoo.addons.contact_center_sms.models.sms_message_mirror")


class TestMirrorRace(TransactionCase):
    """Replies that are shown at the same instant, on connections that really meet."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self.of(cr)
            provider = env["sms.provider"].create(
                {"name": "Race", "provider_type": "log"}
            )
            connector = env["acrux.chat.connector"].create(
                {
                    "name": "SMS race",
                    "connector_type": "sms",
                    "sms_provider_id": provider.id,
                }
            )
            self.provider_id, self.connector_id = provider.id, connector.id
        self.addCleanup(self.forget)

    def of(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def forget(self):
        """Delete what was committed."""
        with self.registry.cursor() as cr:
            env = self.of(cr)
            connector = env["acrux.chat.connector"].browse(self.connector_id)
            env["acrux.chat.conversation"].search(
                [("connector_id", "=", connector.id)]
            ).unlink()
            connector.unlink()
            provider = env["sms.provider"].browse(self.provider_id)
            env["sms.message"].search([("provider_id", "=", provider.id)]).unlink()
            provider.unlink()
            cr.execute("DELETE FROM queue_job WHERE method_name = '_mirror_chatroom'")
            # Other tests look at what was told to browsers.
            cr.execute("DELETE FROM bus_bus")

    def replies(self):
        """Eight replies of a number that nobody knows, each committed on its own."""
        ids = []
        for number in range(AT_ONCE):
            with self.registry.cursor() as cr:
                message = self.of(cr)["sms.message"].create(
                    {
                        "direction": "incoming",
                        "state": "delivered",
                        "phone": NUMBER,
                        "body": f"texto {number}",
                        "provider_id": self.provider_id,
                        "sent_date": "2025-11-21 15:30:00",
                    }
                )
                message._enqueue_mirror_chatroom()
                ids.append(message.id)
        return ids

    def together(self, work):
        """Do the same on eight connections, begun at the same instant."""
        barrier = Barrier(AT_ONCE)

        def alone(_number):
            with self.registry.cursor() as cr:
                barrier.wait(30)
                work(self.of(cr))

        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(alone, range(AT_ONCE)))

    def mirror(self, env):
        env["sms.message"]._mirror_chatroom()

    def shown(self):
        """(conversations, texts in their order, SMS that still wait)."""
        with self.registry.cursor() as cr:
            env = self.of(cr)
            conversations = env["acrux.chat.conversation"].search(
                [("connector_id", "=", self.connector_id)]
            )
            lines = conversations.chat_message_ids.sorted("id")
            waiting = env["sms.chatroom.todo"].search_count(
                [("message_id.provider_id", "=", self.provider_id)]
            )
            return len(conversations), lines.mapped("text"), waiting

    @mute_logger(*QUIET)
    def test_eight_jobs_at_once_make_one_conversation_of_eight_messages(self):
        self.replies()
        self.together(self.mirror)
        # The wake-up of those that found another job at it.
        with self.registry.cursor() as cr:
            self.mirror(self.of(cr))
        texts = [f"texto {number}" for number in range(AT_ONCE)]
        self.assertEqual(self.shown(), (1, texts, 0))

    @mute_logger(*QUIET)
    def test_the_database_stands_between_jobs_whose_lock_the_app_has_ended(self):
        self.replies()
        events = type(self.env["sms.event"])
        with patch.object(events, "_take_advisory_lock", lambda *_args: True):
            self.together(self.mirror)
        for _wake_up in range(AT_ONCE):
            with self.registry.cursor() as cr:
                self.mirror(self.of(cr))
        count, texts, waiting = self.shown()
        self.assertEqual((count, waiting), (1, 0))
        self.assertEqual(sorted(texts), [f"texto {n}" for n in range(AT_ONCE)])
