"""The contract, fourth part: what the gateway tells us, in any order and twice."""

import itertools

from odoo.addons.sms_base_sr.tools import inbound, states

from .provider_stage import ProviderStage

REPORTED = ("sent", "delivered", "error", "expired")
# What no gateway says, and anybody may post.
NONSENSE = ({}, [], "text", None, 7, {"status": []}, {"reply": {"id": 1}})


class EventsContract(ProviderStage):
    """Webhooks and polls fill one inbox; their order changes nothing."""

    def sent_messages(self, provider):
        self.accept_everything()
        return self.send(provider).message_ids.sorted("id")

    def hear(self, provider, body):
        """Take a webhook's body in, as its controller does."""
        items = provider._parse_webhook(body)
        self.assertTrue(items)
        self.tell(*items, provider=provider)

    def test_reports_in_any_order_and_twice_end_in_the_same_state(self):
        provider = self.make_provider()
        if not provider._can("parse_webhook"):
            return
        for order in itertools.permutations(REPORTED, 3):
            message = self.sent_messages(provider)[0]
            with self.subTest(order=order):
                for state in (*order, order[0]):
                    self.hear(provider, self.status_body(message, state))
                expected = states.strongest("sent", list(order))
                self.assertEqual(message.state, expected)
            # The next round is a day of its own: the same numbers, new messages.
            self.pass_time()

    def test_a_report_names_the_message_that_we_sent(self):
        provider = self.make_provider()
        if not provider._can("parse_webhook"):
            return
        first, second, third = self.sent_messages(provider)
        self.hear(provider, self.status_body(second, "delivered"))
        self.assertEqual(second.state, "delivered")
        self.assertTrue(second.delivered_date)
        self.assertEqual({first.state, third.state}, {"sent"})

    def test_the_same_reply_twice_is_one_message(self):
        provider = self.make_provider()
        if not provider._can("parse_webhook"):
            return
        message = self.sent_messages(provider)[0]
        body = self.reply_body(message, "SIM QUERO 😀")
        self.hear(provider, body)
        self.hear(provider, body)
        domain = [("direction", "=", "incoming"), ("parent_id", "=", message.id)]
        reply = self.env["sms.message"].search(domain)
        self.assertEqual(reply.mapped("body"), ["SIM QUERO 😀"])

    def test_items_say_when_in_utc_without_a_zone(self):
        provider = self.make_provider()
        if not provider._can("parse_webhook"):
            return
        message = self.sent_messages(provider)[0]
        bodies = [
            self.status_body(message, "delivered"),
            self.reply_body(message, "Sim"),
        ]
        for body in bodies:
            (item,) = provider._parse_webhook(body)
            self.assertIsInstance(item, inbound.StatusItem | inbound.ReplyItem)
            self.assertFalse(item.occurred_at and item.occurred_at.tzinfo)

    def test_nonsense_is_refused_in_words_or_stored_as_nothing_known(self):
        provider = self.make_provider()
        if not provider._can("parse_webhook"):
            return
        for body in NONSENSE:
            with self.subTest(body=body):
                try:
                    items = provider._parse_webhook(body)
                except ValueError as error:
                    self.assertTrue(str(error))
                else:
                    self.assertFalse([i for i in items if getattr(i, "state", None)])
