"""The gateway against a real server: what only sockets can show.

Needs the root of the project on the path, for the simulator.
"""

import socket
import unittest

from odoo.addons.sms_base_sr.tools.outcomes import (
    Accepted,
    NotAttempted,
    RefusedContent,
    Unknown,
)
from odoo.addons.sms_kolmeya.tests.tools_fakes import QuickAPI, batch
from odoo.addons.sms_kolmeya.tools.gateway import KolmeyaGateway
from odoo.addons.sms_kolmeya.tools.payloads import parse_webhook

from tests.simulator import Rates, Simulator


class SimulatorCase(unittest.TestCase):
    settings = {}

    def setUp(self):
        super().setUp()
        self.sim = Simulator(push=False, rates=vars(Rates.calm()), **self.settings)
        self.sim.start()
        self.addCleanup(self.sim.stop)
        self.gateway = self.gateway_of()

    def gateway_of(self, **options):
        options = {"token": self.sim.settings.token, "base_url": self.sim.url} | options
        return KolmeyaGateway(QuickAPI(**options))

    def accepted(self):
        return self.sim.summary()["accepted"]


class TestSending(SimulatorCase):
    def test_a_batch_is_accepted_message_by_message(self):
        outcome = self.gateway.send_batch(batch())
        self.assertIsInstance(outcome, Accepted)
        self.assertEqual({each.state for each in outcome.results}, {"sent"})
        self.assertEqual(outcome.limits.limit, 500)
        rows = {row["reference"]: row["id"] for row in self.sim.messages()}
        found = {each.reference: each.provider_message_id for each in outcome.results}
        self.assertEqual(found, rows)

    def test_every_style_of_answer_leads_to_the_same_results(self):
        phones = [f"+551190000000{number}" for number in range(1, 6)]
        for number, refused in ((2, "blacklist"), (3, "not_disturb"), (4, "invalids")):
            self.sim.fate(phones[number - 1], refused=refused)
        expected = ["sent", "canceled", "canceled", "rejected", "sent"]
        for change in (
            {},
            {"phone_style": "e164-int"},
            {"phone_style": "string"},
            {"phone_style": "plus"},
            {"phone_style": "formatted", "echo_reference": "null"},
            {"invalid_key": "reason"},
            {"omit_empty": True},
            {"null_arrays": True},
            {"blacklist_as_object": True},
        ):
            with self.subTest(change=change):
                before = dict(self.sim.settings.__dict__)
                self.sim.settings.update(change)
                outcome = self.gateway.send_batch(batch(*phones))
                self.assertEqual([each.state for each in outcome.results], expected)
                self.sim.settings.__dict__.update(before)

    def test_a_fault_before_acceptance_and_what_it_proves(self):
        table = {
            "401": NotAttempted,
            "403": NotAttempted,
            "404-html": NotAttempted,
            "405": NotAttempted,
            "413": NotAttempted,
            "429": NotAttempted,
            "429-bare": NotAttempted,
            "302": NotAttempted,
            "422-dict": RefusedContent,
            "422-list": RefusedContent,
            "422-details": RefusedContent,
            "422-blank": RefusedContent,
            "500-json": Unknown,
            "502-html": Unknown,
            "200-errors": Unknown,
            "200-html": Unknown,
            "reset-before": Unknown,
        }
        for kind, expected in table.items():
            with self.subTest(kind=kind):
                self.sim.fault(kind)
                outcome = self.gateway.send_batch(batch(reference=kind))
                self.assertIsInstance(outcome, expected)
                self.assertEqual(self.accepted(), 0)
                self.assertIs(self.gateway.query_batch(kind).found, False)

    def test_a_fault_after_acceptance_is_unknown_and_found_by_reference(self):
        for kind in (
            "500-after",
            "200-errors-after",
            "200-no-id",
            "200-garbage",
            "reset-after",
            "close-after",
            "cut-after",
        ):
            with self.subTest(kind=kind):
                self.sim.fault(kind)
                outcome = self.gateway.send_batch(batch(reference=kind))
                self.assertIsInstance(outcome, Unknown)
                found = self.gateway.query_batch(kind)
                self.assertIs(found.found, True)
                self.assertEqual(len(found.items), 3)

    def test_a_row_of_a_refused_batch_is_named(self):
        for kind in ("422-dict", "422-list", "422-details"):
            with self.subTest(kind=kind):
                self.sim.fault(kind, row=1)
                self.assertEqual(set(self.gateway.send_batch(batch()).rows), {"m1"})

    def test_a_message_that_the_answer_leaves_out_stays_open(self):
        self.sim.fault("unlisted", row=1)
        outcome = self.gateway.send_batch(batch())
        self.assertEqual([each.reference for each in outcome.results], ["m0", "m2"])
        self.assertEqual(self.accepted(), 3)


class TestTime(SimulatorCase):
    def test_silence_ends_with_the_read_timeout(self):
        for kind, accepted in (("timeout-before", 0), ("timeout-after", 3)):
            with self.subTest(kind=kind):
                gateway = self.gateway_of(read_timeout=0.1)
                self.sim.fault(kind)
                outcome = gateway.send_batch(batch(reference=kind))
                self.assertEqual(outcome.reason, "read_timeout")
                self.assertEqual(self.accepted(), accepted)

    def test_a_dripping_answer_ends_with_the_total_limit(self):
        gateway = self.gateway_of(read_timeout=5, total_timeout=0.3)
        self.sim.fault("drip-after", seconds=60)
        outcome = gateway.send_batch(batch())
        self.assertEqual(outcome.reason, "time_limit")
        self.assertEqual(self.accepted(), 3)

    def test_a_slow_answer_within_the_limits_is_fine(self):
        self.sim.fault("slow", seconds=0.1)
        self.assertIsInstance(self.gateway.send_batch(batch()), Accepted)


class TestNobodyThere(unittest.TestCase):
    def outcome(self, base_url, **options):
        gateway = KolmeyaGateway(QuickAPI("token", base_url=base_url, **options))
        return gateway.send_batch(batch())

    def test_a_closed_port(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            outcome = self.outcome(f"http://127.0.0.1:{free.getsockname()[1]}")
        self.assertEqual((type(outcome), outcome.reason), (NotAttempted, "connection"))

    def test_a_name_that_does_not_exist(self):
        outcome = self.outcome("http://gateway.invalid/api/v1")
        self.assertEqual((type(outcome), outcome.reason), (NotAttempted, "connection"))

    def test_an_address_that_is_none(self):
        for address in ("gateway.test", "http://", "ftp://gateway.test", "http://*.x"):
            with self.subTest(address=address):
                outcome = self.outcome(address)
                self.assertEqual(
                    (type(outcome), outcome.reason), (NotAttempted, "address")
                )

    def test_a_server_that_speaks_no_tls(self):
        with Simulator(push=False) as sim:
            outcome = self.outcome(sim.url.replace("http://", "https://"))
        self.assertEqual((type(outcome), outcome.reason), (NotAttempted, "connection"))

    def test_a_server_that_went_away_between_two_calls(self):
        sim = Simulator(push=False).start()
        gateway = KolmeyaGateway(QuickAPI(sim.settings.token, base_url=sim.url))
        self.assertIsInstance(gateway.send_batch(batch(reference="b1")), Accepted)
        sim.stop()
        outcome = gateway.send_batch(batch(reference="b2"))
        self.assertNotIsInstance(outcome, (Accepted, RefusedContent))
        sim.start()
        self.addCleanup(sim.stop)
        self.assertIs(gateway.query_batch("b1").found, True)
        self.assertIs(gateway.query_batch("b2").found, False)


class TestReading(SimulatorCase):
    settings = {"webhook_url": "http://portal.test/x"}

    def test_every_profile_tells_the_same_story(self):
        phones = [f"+551190000000{number}" for number in range(1, 5)]
        for phone, code in zip(phones, (3, 4, 5, 6), strict=True):
            self.sim.fate(phone, code=code, reply="SIM QUERO" if code == 3 else None)
        expected = {"m0": "delivered", "m1": "error", "m2": "rejected", "m3": "expired"}
        profiles = ("docs", "seed003-flat", "seed000-flat", "payload-wrapped")
        for profile in profiles:
            with self.subTest(profile=profile):
                self.sim.settings.update({"profile": profile})
                outcome = self.gateway.send_batch(batch(*phones))
                ours = {each.provider_message_id: each for each in outcome.results}
                items = self.pulled()
                states = {
                    ours[each.message_id].reference: each.state
                    for each in items
                    if each.kind == "status"
                }
                self.assertEqual(states, expected)
                (reply,) = [each for each in items if each.kind == "reply"]
                self.assertEqual((reply.text, reply.phone), ("SIM QUERO", phones[0]))

    def pulled(self):
        items = []
        self.sim.deliver(
            lambda url, raw, headers: items.extend(parse_webhook(raw)) or 200
        )
        return items

    def test_a_late_rejection_names_the_request(self):
        self.sim.fault("late-rejection")
        outcome = self.gateway.send_batch(batch())
        (item,) = self.pulled()
        self.assertEqual(item.kind, "rejection")
        self.assertEqual(item.request_id, outcome.request_id)

    def test_a_reply_is_one_by_webhook_and_by_poll(self):
        self.gateway.send_batch(batch())
        self.sim.reply("+5511900000001", "SAIR")
        (pushed,) = [each for each in self.pulled() if each.kind == "reply"]
        (polled,) = self.gateway.fetch_replies(24)
        self.assertEqual(pushed.key, polled.key)
        self.assertEqual((pushed.text, pushed.message_id), ("SAIR", polled.message_id))

    def test_replies_are_read_page_by_page(self):
        self.sim.settings.update({"per_page": 3})
        for number in range(8):
            self.sim.reply(f"+551190000000{number}", f"oi {number}")
        texts = {each.text for each in self.gateway.fetch_replies(24)}
        self.assertEqual(texts, {f"oi {number}" for number in range(8)})

    def test_the_balance_in_every_style(self):
        for style in ("brl", "nbsp", "plain", "number"):
            with self.subTest(style=style):
                self.sim.settings.update({"balance_style": style})
                self.assertEqual(self.gateway.balance().amount, 9396.84)
        self.sim.settings.update({"balance_style": "broken"})
        self.assertIsNone(self.gateway.balance().amount)

    def test_the_connector_names_the_segment_as_the_gateway_does(self):
        gateway = self.gateway_of(segment_id="109")
        gateway.send_batch(batch())
        self.assertIn("tenant_segment_id", self.sim.summary()["keys"])
        self.assertEqual(gateway.segments()[0], ("109", "CORPORATIVO"))

    def test_numbers_are_blocked_and_unblocked(self):
        api = self.gateway.api
        api.blacklist_store(["+5511900000001"])
        self.assertEqual(self.gateway.send_batch(batch()).results[0].state, "canceled")
        api.blacklist_destroy(["+5511900000001"])
        self.assertEqual(self.gateway.send_batch(batch()).results[0].state, "sent")
