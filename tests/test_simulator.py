"""The gateway's contract as the simulator keeps it."""

import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import requests

from tests.simulator import Rates, Simulator, behaviour, text
from tests.simulator_case import SimulatorCase, phones

A, B = "5511900000001", "5511900000002"


class TestConventions(SimulatorCase):
    def test_everything_is_a_post(self):
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            with self.subTest(method=method):
                found = requests.request(method, f"{self.sim.url}/sms/balance")
                self.assertEqual(found.status_code, 404)
                self.assertEqual(found.json(), {"errors": ["Not found."]})

    def test_paths_that_people_guessed_do_not_exist(self):
        for path in ("sms/send", "sms/validate", "status", "sms/reply", "sms/modelos"):
            with self.subTest(path=path):
                self.assertEqual(self.post(path).status_code, 404)

    def test_only_the_token_opens(self):
        for token in ("wrong", f"Bearer {self.sim.settings.token}"):
            with self.subTest(token=token):
                found = self.post("sms/balance", token=token)
                self.assertEqual(found.status_code, 401)
                self.assertEqual(found.json(), {"errors": ["Unauthenticated."]})

    def test_rate_headers_on_every_answer_and_429_beyond(self):
        self.sim.settings.update({"rate_limit": 2})
        left = [
            self.post("sms/balance").headers["X-RateLimit-Remaining"] for _ in range(2)
        ]
        self.assertEqual(left, ["1", "0"])
        found = self.post("sms/balance")
        self.assertEqual(found.status_code, 429)
        self.assertGreater(int(found.headers["Retry-After"]), 0)
        self.assertGreater(int(found.headers["X-RateLimit-Reset"]), time.time())

    def test_the_window_of_the_limit_ends(self):
        self.sim.settings.update({"rate_limit": 1, "rate_window": 0.0})
        statuses = {self.post("sms/balance").status_code for _ in range(5)}
        self.assertEqual(statuses, {200})

    def test_without_a_limit_there_are_calls_without_end_and_no_headers(self):
        self.sim.settings.update({"rate_limit": 0})
        for _call in range(5):
            found = self.post("sms/balance")
            self.assertEqual(found.status_code, 200)
            names = [name for name in found.headers if "ratelimit" in name.lower()]
            self.assertEqual(names, [], "0 left would stop who believes it")

    def test_rate_headers_may_be_absent_or_garbage(self):
        self.sim.settings.update({"rate_headers": "absent"})
        self.assertNotIn("X-RateLimit-Limit", self.post("sms/balance").headers)
        self.sim.settings.update({"rate_headers": "garbage"})
        found = self.post("sms/balance").headers["X-RateLimit-Limit"]
        self.assertFalse(found.isdigit())

    def test_it_listens_on_loopback_only(self):
        self.assertEqual(self.sim._server.server_address[0], "127.0.0.1")


class TestStore(SimulatorCase):
    def test_an_answer_has_seven_keys_and_national_numbers(self):
        found = self.store(A)
        arrays = ["valids", "invalids", "duplicates", "blacklist", "not_disturb"]
        self.assertEqual(list(found), ["id", "reference", *arrays])
        row = found["valids"][0]
        self.assertEqual((row["phone"], row["reference"]), (11900000001, "m0"))

    def test_spellings_of_a_number(self):
        for phone in (A, 5511900000001, "11900000001", 11900000001, "55 11 90000-0001"):
            with self.subTest(phone=phone):
                self.assertEqual(len(self.store(phone)["valids"]), 1)
        for phone in ("+5511900000001", 123, "abc", "", None):
            with self.subTest(phone=phone):
                (row,) = self.store(phone)["invalids"]
                self.assertEqual(row["error"], "Número inválido")
                self.assertEqual(row["reference"], "m0")

    def test_a_number_twice_in_one_request(self):
        found = self.store(A, A, B)
        self.assertEqual([row["reference"] for row in found["valids"]], ["m0", "m2"])
        self.assertEqual(found["duplicates"], [{"phone": 11900000001}])

    def test_one_to_a_thousand_messages(self):
        rows = [{"phone": phone, "message": "Ola"} for phone in phones(1001)]
        for messages in ([], rows, None, {}):
            with self.subTest(size=len(messages or ())):
                found = self.post("sms/store", {"messages": messages})
                self.assertEqual(found.status_code, 422)
                self.assertIn("messages", found.json()["errors"])
        found = self.post("sms/store", {"messages": rows[:1000]})
        self.assertEqual(len(found.json()["valids"]), 1000)

    def test_a_missing_phone_leaks_an_error_of_php(self):
        found = self.post("sms/store", {"messages": [{"to": A, "message": "Ola"}]})
        self.assertEqual(found.status_code, 500)
        self.assertEqual(found.json(), {"errors": ['Undefined array key "phone"']})

    def test_a_missing_text_is_named_by_its_row(self):
        body = {"messages": [{"phone": A, "message": "Ola"}, {"phone": B}]}
        found = self.post("sms/store", body)
        self.assertEqual(found.status_code, 422)
        self.assertEqual(list(found.json()["errors"]), ["messages.1.message"])

    def test_a_reference_is_not_unique_and_the_latest_counts(self):
        self.store(A)
        latest = self.store(B)
        found = self.post("sms/status/request", {"reference": "batch-1"}).json()
        self.assertEqual(found["id"], latest["id"])

    def test_shapes_may_be_switched(self):
        self.sim.fate(A, refused="blacklist")
        table = [
            ({"phone_style": "string"}, "valids", [B]),
            ({"phone_style": "e164-int"}, "valids", [5511900000002]),
            ({"blacklist_as_object": True}, "blacklist", None),
            ({"omit_empty": True}, "duplicates", "absent"),
        ]
        for change, array, expected in table:
            with self.subTest(change=change):
                self.sim.settings.update(change)
                found = self.store(A, B)
                if expected == "absent":
                    self.assertNotIn(array, found)
                elif expected is None:
                    self.assertIsInstance(found[array], dict)
                else:
                    shown = [row["phone"] for row in found[array]]
                    self.assertEqual(shown, expected)

    def test_unknown_keys_are_ignored_and_remembered(self):
        self.store(A, segment_id=109, segment=1)
        keys = self.sim.summary()["keys"]
        self.assertIn("segment_id", keys)
        self.assertNotIn("tenant_segment_id", keys)

    def test_one_time_codes_have_their_own_rules(self):
        self.sim.fate(A, refused="not_disturb")
        good = {"messages": [{"phone": A, "message": "Codigo: 123"}]}
        self.assertEqual(self.store(A)["valids"], [])
        self.assertEqual(len(self.post("sms/store-token", good).json()["valids"]), 1)
        for texts in (["a", "b"], ["http://x.test"], ["ligue 0800 1"]):
            rows = [{"phone": A, "message": each} for each in texts]
            with self.subTest(texts=texts):
                found = self.post("sms/store-token", {"messages": rows})
                self.assertEqual(found.status_code, 422)


class TestReads(SimulatorCase):
    def test_a_status_has_neither_phone_nor_time(self):
        request = self.store(A)
        for body in ({"id": request["id"]}, {"reference": "batch-1"}):
            with self.subTest(body=body):
                found = self.post("sms/status/request", body).json()
                self.assertEqual(found["status"], "Válido")
                keys = {"id", "reference", "status", "status_code"}
                self.assertEqual(set(found["messages"][0]), keys)

    def test_an_unknown_request_is_not_found(self):
        found = self.post("sms/status/request", {"reference": "nobody"})
        self.assertEqual(found.status_code, 404)
        self.assertEqual(found.json(), {"errors": ["Not found."]})

    def test_a_request_may_be_known_late(self):
        self.sim.settings.update({"status_lag": 3600})
        self.store(A)
        found = self.post("sms/status/request", {"reference": "batch-1"})
        self.assertEqual(found.status_code, 404)

    def test_a_status_becomes_final_when_it_is_pulled(self):
        message = self.store(A)["valids"][0]["id"]
        found = self.post("sms/status/message", {"id": message}).json()
        self.assertEqual((found["status_code"], found["status"]), (2, "enviado"))
        self.sim.take()
        found = self.post("sms/status/message", {"id": message}).json()
        self.assertEqual((found["status_code"], found["status"]), (3, "entregue"))

    def test_replies_are_paged_newest_first_and_kept_168_hours(self):
        self.sim.settings.update({"per_page": 2})
        now = time.time()
        for hours in (1, 2, 30, 167, 169):
            self.sim.reply(A, f"{hours}", at=now - hours * 3600, via="poll")
        table = [(24, 1, "12"), (48, 2, ["30"]), (500, 2, ["30", "167"])]
        for period, page, expected in table:
            with self.subTest(period=period, page=page):
                body = {"period": period, "page": page}
                found = self.post("sms/replys", body).json()
                self.assertEqual([row["reply"] for row in found["data"]], [*expected])
        self.assertEqual((found["last_page"], found["total"]), (2, 4))
        self.assertEqual(requests.get(found["first_page_url"]).status_code, 404)

    def test_the_balance_falls_by_the_price_of_the_parts(self):
        self.assertEqual(self.post("sms/balance").json(), {"balance": "R$9.396,84"})
        self.store(A, text="x" * 161)
        self.assertEqual(self.post("sms/balance").json(), {"balance": "R$9.396,64"})

    def test_an_empty_account_sends_nothing_if_asked_to_mind(self):
        self.sim.settings.update({"balance": 0.05, "enforce_balance": True})
        rows = [{"phone": A, "message": "Ola"}]
        self.assertEqual(self.post("sms/store", {"messages": rows}).status_code, 402)
        self.assertEqual(self.sim.summary()["accepted"], 0)

    def test_lists_have_their_shapes(self):
        self.assertEqual(list(self.post("sms/segments").json()), ["segments"])
        self.assertIsInstance(self.post("sms/apis").json(), list)
        self.assertIsInstance(self.post("sms/layouts").json(), list)
        self.sim.settings.update({"accesses_as_list": True, "empty_map_as_list": True})
        self.assertIsInstance(self.post("sms/accesses", {"limit": 5}).json(), list)
        self.store(A)
        rows = self.post("sms/reports/statuses", {"limit": 9}).json()["messages"]
        self.assertEqual(rows[0]["parametros"], [])
        self.assertEqual(self.post("sms/jobs/1380000/pause").status_code, 422)

    def test_blocked_numbers_stay_blocked_across_requests(self):
        found = self.post("blacklist/store", {"phones": [{"phone": A}]})
        self.assertEqual((found.status_code, found.content), (201, b""))
        self.assertEqual(self.store(A)["blacklist"], [{"phone": 11900000001}])
        self.assertEqual(self.store(A)["valids"], [])
        found = self.post("blacklist/destroy", {"phones": [{"phone": A}]})
        self.assertEqual((found.status_code, found.content), (204, b""))
        self.assertEqual(len(self.store(A)["valids"]), 1)
        found = self.post("blacklist/store", {"phone": A})
        self.assertEqual(found.status_code, 422)


class TestBehaviour(unittest.TestCase):
    NUMBERS = [f"11{900000000 + number}" for number in range(20000)]

    def test_a_number_has_one_fate_whatever_the_order(self):
        rates = Rates()
        first = {n: behaviour.decide("7", n, rates) for n in self.NUMBERS[:500]}
        again = {
            n: behaviour.decide("7", n, rates) for n in reversed(self.NUMBERS[:500])
        }
        self.assertEqual(first, again)
        other = {n: behaviour.decide("8", n, rates) for n in self.NUMBERS[:500]}
        self.assertNotEqual(first, other)

    def test_shares_are_about_right(self):
        fates = [behaviour.decide("1", n, Rates()) for n in self.NUMBERS]
        accepted = [each for each in fates if not each.refused]
        told = [each for each in accepted if not each.silent]
        replies = [each for each in told if each.reply is not None]

        def share(some, of):
            return 100 * len(some) / len(of)

        self.assertAlmostEqual(share(accepted, fates), 98.8, delta=0.4)
        for code, percent in ((3, 90), (4, 3), (5, 2), (6, 2)):
            with self.subTest(code=code):
                some = [each for each in told if each.code == code]
                self.assertAlmostEqual(share(some, accepted), percent, delta=1)
        silent = [each for each in accepted if each.silent]
        self.assertAlmostEqual(share(silent, accepted), 3, delta=1)
        self.assertEqual({each.code for each in silent}, {3, 4})
        self.assertAlmostEqual(share(replies, accepted), 1.8, delta=0.5)
        texts = {each.reply for each in replies}
        self.assertLessEqual({"", "SAIR", "SIM QUERO"}, texts)
        self.assertTrue(any(text.segments(each) > 2 for each in texts))

    def test_rates_may_be_switched_off(self):
        fates = {behaviour.decide("1", n, Rates.calm()) for n in self.NUMBERS[:2000]}
        self.assertEqual(fates, {behaviour.Fate()})

    def test_parts_of_a_text(self):
        table = [
            ("x" * 160, 1),
            ("x" * 161, 2),
            ("x" * 306, 2),
            ("x" * 307, 3),
            ("ã" * 70, 1),
            ("ã" * 71, 2),
            ("€" * 80, 1),
            ("€" * 81, 2),
            ("😀" * 35, 1),
            ("😀" * 36, 2),
            ("", 1),
        ]
        for given, parts in table:
            with self.subTest(given=given[:3], length=len(given)):
                self.assertEqual(text.segments(given), parts)


class TestConnections(SimulatorCase):
    def test_connections_are_kept(self):
        self.post("sms/balance")
        (pool,) = self.session.get_adapter(
            "http://"
        ).poolmanager.pools._container.values()
        for _call in range(20):
            self.post("sms/balance")
        self.assertEqual(pool.num_connections, 1)


class TestLifetime(unittest.TestCase):
    def test_it_comes_back_on_its_port_with_its_ledger(self):
        sim = Simulator(push=False).start()
        sim.reply("11900000001", "oi")
        port = sim.port
        sim.stop()
        with self.assertRaises(requests.ConnectionError):
            requests.post(sim.control_url + "/faults", timeout=5)
        with sim:
            self.assertEqual(sim.port, port)
            self.assertEqual(sim.summary()["replies"], 1)

    def test_an_idle_connection_ends_with_the_server(self):
        session = requests.Session()
        sim = Simulator(push=False).start()
        session.get(f"{sim.control_url}/ledger", timeout=5)
        sim.stop()
        with self.assertRaises(requests.ConnectionError):
            session.get(f"{sim.control_url}/ledger", timeout=5)

    def test_stopping_ends_a_hanging_call(self):
        sim = Simulator(push=False).start()
        self.addCleanup(sim.stop)
        sim.fault("timeout-before", seconds=600)
        held, hold = threading.Event(), sim.stopping.wait

        def tell_and_hold(seconds):
            held.set()
            return hold(seconds)

        self.enterContext(patch.object(sim.stopping, "wait", tell_and_hold))
        with ThreadPoolExecutor() as pool:
            url = f"{sim.url}/sms/store"
            call = pool.submit(requests.post, url, json={}, timeout=60)
            self.assertTrue(held.wait(10))
            sim.stop()
            with self.assertRaises(requests.ConnectionError):
                call.result()
