"""An order to die kills exactly once, and the run's last line is what it says."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from importlib import util
from pathlib import Path
from unittest.mock import patch

from dev.paths import STAND_INS
from tests.faults.orders import TAKEN, Orders

PATH = STAND_INS / "sms_faults" / "orders.py"


def load():
    """The addon's side of it, without Odoo."""
    spec = util.spec_from_file_location("sms_faults_orders", PATH)
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestOrders(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.given = Orders(Path(folder.name))
        self.addon = load()
        environment = patch.dict(os.environ, {self.addon.FOLDER: folder.name})
        environment.start()
        self.addCleanup(environment.stop)

    def test_both_sides_speak_of_the_same_folder(self):
        self.assertEqual(self.addon.TAKEN, TAKEN)

    def test_an_order_is_taken_once_by_whoever_is_first(self):
        self.given.give("after-claim")
        with ThreadPoolExecutor(8) as pool:
            taken = list(pool.map(self.addon.take, ["after-claim"] * 40))
        self.assertEqual(len([each for each in taken if each]), 1)

    def test_an_order_for_another_step_is_left_alone(self):
        self.given.give("after-claim")
        for step in ("before-claim", "claim", "after"):
            with self.subTest(step=step):
                self.assertIsNone(self.addon.take(step))

    def test_without_a_folder_nobody_dies(self):
        with patch.dict(os.environ):
            del os.environ[self.addon.FOLDER]
            self.assertIsNone(self.addon.take("after-claim"))

    def test_the_process_that_reaches_the_step_is_killed(self):
        for scope in ("worker", "server"):
            with self.subTest(scope=scope):
                name = self.given.give("in-update", scope)
                self.assertIsNone(self.given.taken(name))
                script = f"""
from importlib import util
spec = util.spec_from_file_location("orders", {str(PATH)!r})
orders = util.module_from_spec(spec)
spec.loader.exec_module(orders)
orders.die_at("before-claim")
orders.die_at("in-update")
"""
                process = subprocess.Popen(
                    [sys.executable, "-c", script], start_new_session=True
                )
                self.assertEqual(process.wait(30), -signal.SIGKILL)
                self.assertEqual(self.given.taken(name), {"pid": process.pid})

    def test_an_announced_step_goes_on_and_tells_who_is_there(self):
        name = self.given.give("in-call")
        made = self.addon.watched(lambda: "answer", "reference-1")
        self.assertEqual(made(), "answer")
        self.assertEqual(
            self.given.taken(name), {"pid": os.getpid(), "reference": "reference-1"}
        )

    def test_what_nobody_has_obeyed_is_taken_back(self):
        name = self.given.give("in-page")
        self.assertEqual(self.given.withdraw(), [name])
        self.assertIsNone(self.addon.take("in-page"))

    def test_a_defect_is_asked_for_by_name(self):
        with patch.dict(os.environ, {self.addon.DEFECT: "claim"}):
            self.assertTrue(self.addon.has_defect("claim"))
            self.assertFalse(self.addon.has_defect("recovery"))


class TestResult(unittest.TestCase):
    """The last line and the exit code."""

    def setUp(self):
        from tests.faults import suite
        from tests.faults.checker import Problem, Verdict

        self.suite, self.Problem, self.Verdict = suite, Problem, Verdict

    def test_the_last_line_has_the_figures_of_all_modes(self):
        total = self.suite.Result()
        total.add(self.suite.Result(3, 20, self.Verdict(100)))
        total.add(self.suite.Result(4, 21, self.Verdict(50)))
        self.assertEqual(
            json.loads(total.line()),
            {
                "scenarios": 7,
                "kills": 41,
                "messages": 150,
                "duplicated": 0,
                "lost": 0,
                "untrue": 0,
            },
        )
        self.assertEqual(total.exit_code(), 0)

    def test_any_problem_and_any_complaint_fail_the_run(self):
        problem = self.Problem("lost", "11900010000", "Campaign", "has no message")
        cases = {
            "problem": self.suite.Result(verdict=self.Verdict(1, [problem])),
            "complaint": self.suite.Result(complaints=["in vain"]),
        }
        for name, result in cases.items():
            with self.subTest(name):
                total = self.suite.Result()
                total.add(result)
                self.assertEqual(total.exit_code(), 1)
