from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import UserError

from ..models.sms_provider import SmsProvider
from ..tools.inbound import ReplyItem
from .reply_case import NUMBER, STRANGER, ReplyCase

NO_TOKEN = "API token: enter it."
NOON = datetime(2026, 3, 10, 12, 0)


class TestSameAccount(ReplyCase):
    """Two providers that are one account at the gateway: each reply is told once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"provider_type": "log", "company_id": cls.company.id}
        cls.second = cls.provider.create({"name": "Second", "sequence": 20, **values})

    def setUp(self):
        super().setUp()
        self.accounts, self.asked = {}, []

        def account(provider):
            name = self.accounts.get(provider.id, "one")
            if name == "unreadable":
                raise UserError(NO_TOKEN)
            return name

        def fetch(provider, hours):
            self.asked.append((provider.name, hours))
            return lambda: self.gateway.replies

        SmsProvider._log_account = account
        self.addCleanup(delattr, SmsProvider, "_log_account")
        self.patch(SmsProvider, "_log_fetch_replies", fetch)

    def poll(self, *items):
        """Let the gateway have these replies, and run the cron's work and its jobs."""
        self.gateway.replies = list(items)
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            self.env(cr=cr)["sms.provider"]._fetch_replies_all()
        self.env.invalidate_all()
        self.run_jobs("_apply_replies")

    def incoming(self):
        return self.env["sms.message"].search([("direction", "=", "incoming")])

    def told(self):
        """Events of replies: (provider, state)."""
        events = self.env["sms.event"].search([("kind", "=", "reply")], order="id")
        return [(event.provider_id.name, event.state) for event in events]

    def item(self, **values):
        values = {"reply_id": "r-1", "text": "Quanto?", "phone": NUMBER, **values}
        return ReplyItem(**{"occurred_at": NOON, **values})

    # -- who asks ----------------------------------------------------------------------

    def test_an_account_is_asked_once(self):
        cases = [
            ({}, ["Fake"]),
            ({self.second.id: "two"}, ["Fake", "Second"]),
            ({self.second.id: None}, ["Fake", "Second"]),
            ({self.second.id: "unreadable"}, ["Fake", "Second"]),
        ]
        for accounts, expected in cases:
            with self.subTest(accounts=accounts):
                self.accounts, self.asked = accounts, []
                self.poll()
                self.assertEqual([name for name, _hours in self.asked], expected)

    def test_the_next_one_asks_while_the_first_one_is_held(self):
        self.poll()
        self.provider.health_id.suspended = True
        self.poll()
        self.assertEqual([name for name, _hours in self.asked], ["Fake", "Second"])
        self.assertLess(self.asked[1][1], 24, "it goes on where the first one was")

    def test_after_an_outage_the_account_s_last_time_counts(self):
        last = fields.Datetime.now() - timedelta(hours=30, seconds=-30)
        self.provider.health_id.replies_fetched_at = last
        self.provider.health_id.suspended = True
        self.poll()
        self.assertEqual(self.asked, [("Second", 32)])

    def test_another_company_s_account_is_its_own(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.second.company_id = company
        self.poll()
        self.assertEqual([name for name, _hours in self.asked], ["Fake", "Second"])

    def test_accounts_are_compared_by_a_keyed_hash(self):
        mark = self.provider._account_fingerprint()
        self.assertEqual(mark, self.second._account_fingerprint())
        self.assertRegex(mark, "^[0-9a-f]{64}$")
        self.assertNotIn("one", mark)

    # -- whose it is -------------------------------------------------------------------

    def sent(self, provider, minutes=60, **values):
        """Something that a provider sent so long before noon."""
        at = NOON - timedelta(minutes=minutes)
        return self.accepted_message(provider_id=provider.id, sent_date=at, **values)

    def test_it_is_whose_message_it_speaks_of(self):
        batch = self.env["sms.batch"].create(
            {
                "company_id": self.company.id,
                "provider_id": self.second.id,
                "provider_job_id": "req-1",
                "attempt_reference": "ours-1",
            }
        )
        sent = self.sent(self.second, provider_message_id="gw-1", batch_id=batch.id)
        self.sent(self.provider, minutes=5)
        cases = [
            ({"message_id": "gw-1"}, self.second),
            ({"reference": sent.reference}, self.second),
            ({"message_id": "x", "reference": sent.reference}, self.second),
            ({"request_id": "req-1"}, self.second),
            ({"request_reference": "ours-1"}, self.second),
            ({"message_id": "x", "request_id": "x"}, self.provider),
            ({}, self.provider),
            ({"occurred_at": NOON - timedelta(minutes=30)}, self.second),
            ({"phone": "11 91234-5678"}, self.provider),
            ({"phone": STRANGER}, self.provider),
            ({"phone": None}, self.provider),
        ]
        siblings = self.provider._siblings()
        for values, owner in cases:
            with self.subTest(values=values):
                self.assertEqual(list(siblings._owners([self.item(**values)])), [owner])

    def test_all_items_of_a_poll_are_shared_out_at_once(self):
        sent = [self.sent(p) for p in (self.provider, self.second) * 3]
        items = [
            self.item(reply_id=f"r-{n}", reference=message.reference)
            for n, message in enumerate(sent)
        ]
        siblings = self.provider._siblings()
        with self.assertQueryCount(2):
            # One for what is stored already, one for the messages.
            shares = siblings._owners(items)
        first, second = siblings
        self.assertEqual({p: len(i) for p, i in shares.items()}, {first: 3, second: 3})

    def test_one_that_is_archived_still_gets_its_own(self):
        sent = self.sent(self.second)
        self.second.active = False
        self.poll(self.item(reference=sent.reference))
        self.assertEqual(self.incoming().provider_id, self.second)
        self.assertEqual(self.incoming().parent_id, sent)

    # -- once --------------------------------------------------------------------------

    def test_by_webhook_and_by_poll_it_is_one_in_both_orders(self):
        def webhook(item):
            self.tell(item, provider=self.second)

        cases = [
            ("named", {"reply_id": "r-1"}),
            ("nameless", {"reply_id": None}),
            ("unknown message", {"reply_id": "r-2", "message_id": "x"}),
        ]
        for name, values in cases:
            for order in ((webhook, self.poll), (self.poll, webhook)):
                with self.subTest(name, first=order[0].__name__):
                    self.incoming().unlink()
                    self.env["sms.event"].search([]).unlink()
                    self.sent(self.second)
                    for way in (*order, *order):
                        way(self.item(**values))
                    self.assertEqual(len(self.incoming()), 1)
                    self.assertEqual(self.told(), [("Second", "applied")])

    def test_at_the_wrong_door_it_is_one_all_the_same(self):
        """The portal knows one address, whichever provider has sent."""
        sent = self.sent(self.second, provider_message_id="gw-1")

        def portal(item):
            self.tell(item, provider=self.provider)

        for order in ((portal, self.poll), (self.poll, portal)):
            with self.subTest(first=order[0].__name__):
                self.incoming().unlink()
                self.env["sms.event"].search([]).unlink()
                for way in (*order, *order):
                    way(self.item(message_id="gw-1", phone=sent.phone))
                self.assertEqual(len(self.incoming()), 1)
                states = [state for _provider, state in self.told()]
                self.assertLessEqual(states, ["applied", "ignored"])

    def test_both_in_one_page_are_one(self):
        events = self.env["sms.event"]
        item = self.item()
        for provider in (self.provider, self.second):
            events._store_items(provider, [item], "webhook")
        self.run_jobs("_apply_replies")
        self.assertEqual(len(self.incoming()), 1)
        self.assertEqual(self.told(), [("Fake", "applied"), ("Second", "ignored")])
        told = events.search([("kind", "=", "reply")]).message_id
        self.assertEqual(told, self.incoming(), "each leads to the reply")

    def test_a_double_of_one_that_had_no_id_before_is_known_too(self):
        self.tell(self.item(reply_id=None), provider=self.provider)
        events = self.env["sms.event"]
        for provider in (self.provider, self.second):
            events._store_items(provider, [self.item()], "webhook")
        self.run_jobs("_apply_replies")
        self.assertEqual(len(self.incoming()), 1)
        told = events.search([("kind", "=", "reply")])
        self.assertEqual(told.mapped("state").count("applied"), 1)
        self.assertEqual(told.message_id, self.incoming())

    def test_without_an_id_a_sibling_s_is_a_twin(self):
        """By webhook without its id to one, by poll with it to the other."""
        self.tell(self.item(reply_id=None), provider=self.provider)
        self.tell(self.item(), provider=self.second)
        self.assertEqual(len(self.incoming()), 1)
        self.assertEqual(self.told(), [("Fake", "applied"), ("Second", "ignored")])

    def test_two_replies_stay_two(self):
        self.tell(self.item(), provider=self.provider)
        self.tell(self.item(reply_id="r-2"), provider=self.second)
        self.assertEqual(len(self.incoming()), 2)

    def test_the_same_id_at_another_gateway_is_another_reply(self):
        self.accounts = {self.second.id: "two"}
        for provider in (self.provider, self.second):
            self.tell(self.item(), provider=provider)
        self.assertEqual(len(self.incoming()), 2)
