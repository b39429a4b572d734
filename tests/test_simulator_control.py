"""Faults, the ledger, the control endpoints and the command line."""

import contextlib
import json
import signal
import subprocess
import sys
import unittest
import unittest.mock
from pathlib import Path

import requests

from tests.simulator import Fault, Settings, cli
from tests.simulator.cli import parser, settings_of
from tests.simulator.faults import KINDS
from tests.simulator_case import SimulatorCase, phones

ROOT = Path(__file__).resolve().parent.parent
A, B = phones(2)


class TestFaults(SimulatorCase):
    def status(self, **more):
        body = {"messages": [{"phone": A, "message": "Ola"}], **more}
        return self.post("sms/store", body).status_code

    def test_once_n_times_and_until_cleared(self):
        for times, statuses in (
            (1, [500, 200, 200]),
            (2, [500, 500, 200]),
            (None, [500, 500, 500]),
        ):
            with self.subTest(times=times):
                self.sim.fault("500-json", times=times)
                self.assertEqual([self.status() for _ in range(3)], statuses)
                self.sim.faults.clear()
        self.assertEqual(self.status(), 200)

    def test_only_calls_that_fit(self):
        self.sim.fault("401", path="sms/balance")
        self.sim.fault("403", match="special")
        self.sim.fault("413", predicate=lambda path, body: body.get("reference") == "b")
        self.assertEqual(self.status(), 200)
        self.assertEqual(self.status(reference="special"), 403)
        self.assertEqual(self.status(reference="b"), 413)
        self.assertEqual(self.post("sms/balance").status_code, 401)
        self.assertEqual(self.sim.faults.shown(), [])

    def test_a_fault_may_wait_for_its_turn(self):
        self.sim.fault("500-json", skip=2)
        self.assertEqual([self.status() for _ in range(4)], [200, 200, 500, 200])

    def test_faults_strike_in_the_order_of_their_making(self):
        self.sim.fault("401")
        self.sim.fault("403")
        self.assertEqual([self.status() for _ in range(3)], [401, 403, 200])

    def test_every_fault_accepts_or_does_not_as_it_says(self):
        for kind, (accepts, _act) in KINDS.items():
            with self.subTest(kind=kind):
                before = self.sim.summary()["accepted"]
                self.sim.fault(kind, seconds=0.05)
                with contextlib.suppress(requests.RequestException):
                    self.status()
                after = self.sim.summary()["accepted"]
                self.assertEqual(after - before, int(accepts))

    def test_429_with_and_without_headers(self):
        rows = {"messages": [{"phone": A, "message": "Ola"}]}
        self.sim.fault("429", retry_after=7)
        self.sim.fault("429-bare")
        full, bare = (self.post("sms/store", rows) for _ in range(2))
        self.assertEqual(full.headers["Retry-After"], "7")
        self.assertEqual(full.headers["X-RateLimit-Remaining"], "0")
        self.assertEqual(bare.status_code, 429)
        for name in ("Retry-After", "X-RateLimit-Limit", "X-RateLimit-Reset"):
            self.assertNotIn(name, bare.headers)

    def test_a_redirect_goes_to_a_page(self):
        self.sim.fault("302")
        found = self.post("sms/store")
        self.assertEqual(found.status_code, 302)
        self.assertIn("html", found.headers["Content-Type"])
        self.assertIn("Location", found.headers)

    def test_a_reset_is_a_reset(self):
        self.sim.fault("reset-after")
        with self.assertRaises(requests.ConnectionError) as caught:
            self.store(A)
        self.assertIn("reset", str(caught.exception).lower())

    def test_an_unknown_fault_is_refused(self):
        with self.assertRaises(ValueError):
            Fault("418")


class TestLedger(SimulatorCase):
    def test_what_was_accepted_twice_is_seen(self):
        self.store(A, B, reference="b1")
        self.assertFalse(any(self.sim.summary()["duplicates"].values()))
        self.store(A, reference="b2", text="Outra campanha")
        found = self.sim.summary()["duplicates"]
        self.assertEqual(found["phones"], {"11900000001": 2})
        self.assertFalse(found["texts"])
        self.store(A, reference="b1")
        found = self.sim.summary()["duplicates"]
        self.assertEqual(found["texts"], {"11900000001|Ola": 2})
        self.assertEqual(found["requests"], {"b1": 2})
        self.assertEqual(found["messages"]["m0"], 3)

    def test_a_summary_counts_by_final_status_and_refusal(self):
        self.sim.fate(A, code=4)
        self.sim.fate(B, refused="blacklist")
        self.store(A, B, 123)
        found = self.control("ledger")
        self.assertEqual(found["accepted"], 1)
        self.assertEqual(found["final"], {"not_delivered": 1})
        self.assertEqual(found["refused"], {"blacklist": 1, "invalids": 1})
        self.assertEqual(found["calls"], {"sms/store": 1})

    def test_a_message_is_shown_in_full(self):
        request = self.store(A, B)
        rows = self.control("messages?phone=11900000001")["messages"]
        self.assertEqual(len(rows), 1)
        expected = {
            "id": request["valids"][0]["id"],
            "reference": "m0",
            "request_id": request["id"],
            "request_reference": "batch-1",
            "phone": "11900000001",
            "text": "Ola",
        }
        self.assertEqual({name: rows[0][name] for name in expected}, expected)
        self.assertEqual(len(self.control("messages?limit=1")["messages"]), 1)
        self.assertEqual(len(self.control("messages?reference=m1")["messages"]), 1)

    def test_looking_is_no_call_to_the_gateway(self):
        self.control("ledger")
        self.assertEqual(self.control("ledger")["calls"], {})


class TestControl(SimulatorCase):
    def test_faults_may_be_switched_from_outside(self):
        self.control("faults", {"kind": "401", "times": 2})
        self.control("faults", {"faults": [{"kind": "403"}]})
        self.assertEqual(len(self.control("faults")["faults"]), 2)
        self.assertEqual(self.post("sms/store").status_code, 401)
        self.assertEqual(self.control("faults", {"clear": True})["faults"], [])

    def test_a_phone_may_answer(self):
        receiver = self.receiver()
        request = self.store(A, webhook_url=receiver.url)
        for phone in (A, "+5511900000001", "11900000001"):
            with self.subTest(phone=phone):
                found = self.control("reply", {"phone": phone, "text": "oi"})
                self.assertEqual(found["message_id"], request["valids"][0]["id"])
        self.control("deliver", {})
        texts = [body["reply"]["reply"] for body in receiver.bodies if "reply" in body]
        self.assertEqual(texts, ["oi"] * 3)
        self.assertEqual(self.post("sms/replys").json()["total"], 3)

    def test_a_reply_may_come_on_one_way_only_or_twice(self):
        receiver = self.receiver()
        self.sim.settings.update({"webhook_url": receiver.url})
        self.control("reply", {"phone": A, "text": "a", "via": "poll"})
        self.control("reply", {"phone": A, "text": "b", "via": "webhook"})
        for _time in range(2):
            self.control("reply", {"phone": A, "text": "c", "id": "same"})
        self.control("deliver", {})
        pushed = [body["reply"]["reply"] for body in receiver.bodies]
        self.assertEqual(pushed, ["b", "c", "c"])
        polled = [row["reply"] for row in self.post("sms/replys").json()["data"]]
        self.assertEqual(sorted(polled), ["a", "c"])

    def test_a_number_may_be_given_a_fate(self):
        self.control("fate", {"phone": A, "refused": "not_disturb"})
        self.assertEqual(self.store(A)["not_disturb"], [{"phone": 11900000001}])

    def test_settings_may_be_changed_and_secrets_are_not_shown(self):
        found = self.control("settings", {"rates": {"reply": 1.0}, "per_page": 5})
        self.assertEqual(found["settings"]["rates"]["reply"], 1.0)
        self.assertEqual(self.sim.settings.per_page, 5)
        self.assertNotIn(self.sim.settings.token, json.dumps(found))

    def test_nonsense_is_refused_with_a_reason(self):
        table = [
            ("settings", {"nothing": 1}),
            ("settings", {"push": "yes"}),
            ("settings", {"per_page": "many"}),
            ("settings", {"webhook_delay": [1]}),
            ("faults", {"kind": "418"}),
            ("faults", {"kind": "401", "predicate": "x"}),
            ("reply", {"phone": "abc"}),
            ("reply", {}),
            ("fate", {"phone": A, "colour": 1}),
        ]
        for name, body in table:
            with self.subTest(name=name, body=body):
                self.assertIn("error", self.control(name, body))
        self.assertIn("there is", self.control("nothing")["error"])

    def test_everything_but_the_settings_may_be_forgotten(self):
        self.sim.settings.update({"per_page": 7})
        self.store(A)
        self.control("reset", {})
        found = self.control("ledger")
        self.assertEqual((found["accepted"], found["calls"]), (0, {}))
        self.assertEqual(self.sim.settings.per_page, 7)


class TestCommandLine(unittest.TestCase):
    def test_flags_become_settings(self):
        settings = settings_of(
            parser().parse_args(
                "--token t --seed 9 --webhook-delay 0.5-2 --reply-delay 4 --calm "
                "--pull --profile seed003-flat --set per_page=7 --set "
                'rates={"reply":0.5}'.split()
            )
        )
        self.assertEqual((settings.token, settings.seed), ("t", "9"))
        self.assertEqual(settings.webhook_delay, (0.5, 2.0))
        self.assertEqual(settings.reply_delay, (4.0, 4.0))
        self.assertEqual((settings.per_page, settings.push), (7, False))
        self.assertEqual(settings.rates.reply, 0.5)
        self.assertEqual(settings.rates.silent, 0.0)

    def test_flags_and_settings_have_the_same_defaults(self):
        self.assertEqual(settings_of(parser().parse_args([])), Settings())

    def test_who_has_read_its_address_may_end_it_at_once(self):
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.getsignal(number) for number in numbers}
        shown = []

        def show(*values, **_options):
            shown.append(values[0].split()[0])
            if shown == ["API"]:
                for number in numbers:
                    self.assertNotEqual(signal.getsignal(number), before[number])
                signal.raise_signal(signal.SIGTERM)

        try:
            with unittest.mock.patch.object(cli, "print", show, create=True):
                cli.main([])
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        self.assertEqual(shown[:2], ["API", "control"])

    def test_it_runs_on_its_own(self):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.simulator", "--token", "made-up"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            api = process.stdout.readline().split()[1]
            control = process.stdout.readline().split()[1]
            headers = {"Authorization": "Bearer made-up"}
            found = requests.post(f"{api}/sms/balance", headers=headers, timeout=10)
            self.assertEqual(found.status_code, 200)
            found = requests.get(f"{control}/ledger", timeout=10).json()
            self.assertEqual(found["calls"], {"sms/balance": 1})
        finally:
            process.send_signal(signal.SIGTERM)
            rest = process.communicate(timeout=10)[0]
        self.assertEqual(process.returncode, 0)
        self.assertIn('"accepted": 0', rest)
