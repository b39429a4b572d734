"""What the simulator tells: in which shape, how often, signed by whom."""

import hashlib

import jwt

from tests.simulator import Rates
from tests.simulator.signing import sign
from tests.simulator_case import SimulatorCase, phones

A, B, C = phones(3)
SECRET = "a-made-up-secret-of-more-than-32-bytes"


class TestPull(SimulatorCase):
    def test_nothing_is_posted_before_the_test_asks(self):
        receiver = self.receiver()
        self.store(A, B, webhook_url=receiver.url)
        self.assertEqual(self.sim.summary()["callbacks_waiting"], 1)
        self.assertEqual(receiver.bodies, [])
        (done,) = self.sim.deliver()
        self.assertEqual((done.kind, done.status), ("status", 200))
        self.assertEqual(receiver.bodies, [done.body])
        self.assertEqual(self.sim.deliver(), [])

    def test_statuses_of_a_request_come_in_groups(self):
        self.sim.settings.update({"group_size": 40})
        receiver = self.receiver()
        request = self.store(*phones(100), webhook_url=receiver.url)
        self.sim.deliver()
        sizes = [len(body["messages"]) for body in receiver.bodies]
        self.assertEqual(sorted(sizes), [20, 40, 40])
        ids = {row["id"] for body in receiver.bodies for row in body["messages"]}
        self.assertEqual(ids, {row["id"] for row in request["valids"]})
        self.assertEqual({body["id"] for body in receiver.bodies}, {request["id"]})

    def test_without_an_address_nobody_is_told(self):
        self.store(A)
        self.assertEqual(self.sim.deliver(), [])
        self.assertEqual(self.sim.messages()[0]["code"], 3)

    def test_the_portal_has_two_addresses(self):
        status, reply = self.receiver(), self.receiver()
        self.sim.settings.update({"webhook_url": status.url, "reply_url": reply.url})
        self.sim.fate(A, reply="oi")
        self.store(A)
        self.sim.deliver()
        self.assertIn("messages", status.bodies[0])
        self.assertIn("reply", reply.bodies[0])
        own = self.receiver()
        self.store(A, webhook_url=own.url)
        self.sim.deliver()
        self.assertEqual(len(own.bodies), 2)

    def test_a_test_may_post_in_its_own_way(self):
        self.store(A, webhook_url="http://odoo.test/hook")
        posted = []
        self.sim.deliver(lambda url, raw, headers: posted.append(url) or 200)
        self.assertEqual(posted, ["http://odoo.test/hook"])

    def test_what_was_refused_waits_for_the_next_pull_and_ends(self):
        receiver = self.receiver(500)
        self.store(A, webhook_url=receiver.url)
        statuses = [[each.status for each in self.sim.deliver()] for _ in range(6)]
        self.assertEqual(statuses, [[500]] * 4 + [[]] * 2)
        self.assertEqual(self.sim.summary()["callbacks"]["abandoned"], 1)
        self.assertFalse(self.sim.messages()[0]["pushed"])


class TestShapes(SimulatorCase):
    def told(self, profile):
        self.sim.settings.update({"profile": profile})
        self.sim.fate(A, reply="SIM QUERO")
        self.sim.fate(B, code=6)
        self.store(A, B, webhook_url="http://odoo.test/hook")
        bodies = [each.body for each in self.sim.deliver(lambda *call: 200)]
        replies = [
            body
            for body in bodies
            if "reply" in body.get("payload", body) or "SIM QUERO" in body.values()
        ]
        return [body for body in bodies if body not in replies], replies

    def test_documented_batched_status_and_nested_reply(self):
        (status,), (reply,) = self.told("docs")
        self.assertEqual(list(status), ["id", "reference", "messages"])
        codes = {row["reference"]: row["status_code"] for row in status["messages"]}
        self.assertEqual(codes, {"m0": 3, "m1": 6})
        self.assertEqual(reply["reply"]["reply"], "SIM QUERO")
        self.assertEqual(reply["reply"]["message"]["phone"], A)

    def test_flat_with_the_message_id_in_id(self):
        statuses, (reply,) = self.told("seed003-flat")
        self.assertEqual({body["phone"] for body in statuses}, {A, B})
        self.assertEqual(set(reply), {"phone", "message", "reference", "data"})

    def test_flat_with_a_message_id(self):
        statuses, (reply,) = self.told("seed000-flat")
        keys = {"message_id", "status_code", "status", "updated_at"}
        self.assertEqual(set(statuses[0]), keys)
        self.assertIn("original_message_id", reply)

    def test_wrapped(self):
        (status,), (reply,) = self.told("payload-wrapped")
        self.assertIn("messages", status["payload"])
        self.assertIn("reply", reply["payload"])

    def test_a_late_rejection_has_no_message_in_it(self):
        self.store(A, text="oi [[rejeitar]]", webhook_url="http://odoo.test/hook")
        (done,) = self.sim.deliver(lambda *call: 200)
        self.assertEqual(done.body["status"], "rejected")
        self.assertNotIn("messages", done.body)
        found = self.post("sms/status/request", {"reference": "batch-1"}).json()
        self.assertEqual(found["status"], "rejected")

    def test_codes_may_be_texts(self):
        self.sim.settings.update({"code_style": "text"})
        (status,), _replies = self.told("docs")
        codes = {row["status_code"] for row in status["messages"]}
        self.assertEqual(codes, {"3", "6"})


class TestDisorder(SimulatorCase):
    def codes(self, **settings):
        self.sim.settings.update(settings)
        self.store(A, webhook_url="http://odoo.test/hook")
        done = self.sim.deliver(lambda *call: 200)
        return [row["status_code"] for each in done for row in each.body["messages"]]

    def test_events_come_twice(self):
        self.assertEqual(self.codes(duplicate_rate=1.0), [3, 3])

    def test_events_get_lost_but_a_question_still_answers(self):
        self.assertEqual(self.codes(drop_rate=1.0), [])
        self.assertEqual(self.sim.messages()[0]["code"], 3)

    def test_steps_on_the_way_may_be_told_in_the_wrong_order(self):
        self.assertEqual(self.codes(push_intermediate=True), [1, 2, 3])
        self.assertEqual(self.codes(reorder=True), [3, 2, 1])

    def test_a_delivery_may_follow_an_expiry(self):
        self.sim.fate(A, code=6, late=True)
        self.assertEqual(self.codes(), [6, 3])

    def test_the_silent_ones_answer_only_when_asked(self):
        self.sim.fate(A, silent=True, code=4)
        self.assertEqual(self.codes(), [])
        found = self.post("sms/status/request", {"reference": "batch-1"}).json()
        self.assertEqual(found["messages"][0]["status_code"], 4)


class TestSigning(SimulatorCase):
    def test_without_a_secret_there_is_no_signature(self):
        receiver = self.receiver()
        self.store(A, webhook_url=receiver.url)
        self.sim.deliver()
        path, headers, _raw = receiver.calls[0]
        self.assertEqual(path, "/hook/made-up-secret")
        self.assertNotIn("X-Kolmeya-Signature", headers)

    def test_with_one_the_token_is_bound_to_the_body(self):
        self.sim.settings.update({"jwt_secret": SECRET})
        receiver = self.receiver()
        self.store(A, webhook_url=receiver.url)
        self.sim.deliver()
        _path, headers, raw = receiver.calls[0]
        token = headers["X-Kolmeya-Signature"]
        claims = jwt.decode(token, SECRET, algorithms=["HS256"])
        self.assertEqual(claims["body_sha256"], hashlib.sha256(raw).hexdigest())
        self.assertGreater(claims["exp"], claims["iat"])

    def test_a_test_may_make_bad_ones(self):
        token = sign(b"{}", SECRET, lifetime=-10)
        with self.assertRaises(jwt.ExpiredSignatureError):
            jwt.decode(token, SECRET, algorithms=["HS256"])
        unbound = sign(b"{}", SECRET, body_sha256=None, exp=None)
        claims = jwt.decode(unbound, SECRET, algorithms=["HS256"])
        self.assertFalse({"exp", "body_sha256"} & set(claims))


class TestPush(SimulatorCase):
    settings = {
        "push": True,
        "webhook_delay": (0.0, 0.05),
        "reply_delay": (0.0, 0.05),
        "backoff": 0.01,
    }

    def test_callbacks_come_by_themselves(self):
        receiver = self.receiver()
        self.sim.fate(A, reply="oi")
        self.store(A, B, webhook_url=receiver.url)
        self.assertTrue(self.sim.settle(10))
        kinds = sorted(
            "reply" if "reply" in each else "status" for each in receiver.bodies
        )
        self.assertEqual(kinds, ["reply", "status"])
        self.assertTrue(all(row["pushed"] for row in self.sim.messages()))

    def test_a_failure_is_repeated_three_times_and_then_given_up(self):
        for statuses, calls, counted in (
            ((500, 200), 2, "delivered"),
            ((500, 302, 404, 200), 4, "delivered"),
            ((503,), 4, "abandoned"),
        ):
            with self.subTest(statuses=statuses):
                before = self.sim.summary()["callbacks"].get(counted, 0)
                receiver = self.receiver(*statuses)
                self.store(A, webhook_url=receiver.url)
                self.assertTrue(self.sim.settle(10))
                self.assertEqual(len(receiver.calls), calls)
                self.assertEqual(self.sim.summary()["callbacks"][counted], before + 1)

    def test_a_receiver_that_is_not_there_is_given_up_too(self):
        receiver = self.receiver()
        receiver.server_close()
        self.store(A, webhook_url="http://127.0.0.1:9/hook")
        self.assertTrue(self.sim.settle(10))
        self.assertEqual(self.sim.summary()["callbacks"]["abandoned"], 1)

    def test_a_webhook_may_be_tested(self):
        receiver = self.receiver()
        self.assertEqual(
            self.post("sms/webhook", {"webhook_url": receiver.url}).json(), {}
        )
        self.assertTrue(self.sim.settle(10))
        self.assertIn("messages", receiver.bodies[0])
        self.assertEqual(self.post("sms/webhook").status_code, 422)

    def test_a_campaign_is_told_whole(self):
        self.sim.settings.update({"rates": vars(Rates())})
        receiver = self.receiver()
        for start in range(0, 3000, 1000):
            numbers = phones(1000, 910000000 + start)
            self.store(*numbers, reference=f"b{start}", webhook_url=receiver.url)
        self.assertTrue(self.sim.settle(20))
        told = {
            row["id"]: row["status_code"]
            for body in receiver.bodies
            for row in body.get("messages", ())
        }
        rows = self.sim.messages()
        expected = {row["id"]: row["final_code"] for row in rows if not row["silent"]}
        self.assertEqual(told, expected)
        replies = [body for body in receiver.bodies if "reply" in body]
        self.assertEqual(len(replies), self.sim.summary()["replies"])
        self.assertTrue(replies)
