"""Needs no Odoo: ``python queue_job_config/tests/test_tools_samples.py``."""

import configparser
import importlib
import sys
import unittest
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

ADDON = Path(__file__).parents[1]

try:
    from odoo.tests import BaseCase

    from ..tools import capacity
except ImportError:  # the addon itself cannot be imported then: load its tools only
    BaseCase = unittest.TestCase
    spec = spec_from_file_location("addon_tools", ADDON / "tools/__init__.py")
    sys.modules["addon_tools"] = module_from_spec(spec)
    capacity = importlib.import_module("addon_tools.capacity")

SAMPLES = {
    "odoo-threads.conf": "threaded",
    "odoo-3-workers.conf": "small",
    "odoo-4-workers.conf": "prefork",
    "odoo-16-workers.conf": "large",
    "odoo-node.conf": "prefork",
}
# A call to the gateway: hard limit, and the time to store its answer elsewhere.
CALL_SECONDS = 60 + 120


def read(name):
    """The sections of a sample."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string((ADDON / "samples" / name).read_text())
    return parser["options"], parser["queue_job"]


class TestSamples(BaseCase):
    """Each sample configuration obeys what the capacity check demands."""

    def _samples(self):
        for name in SAMPLES:
            with self.subTest(name=name):
                yield name, *read(name)

    def test_every_sample_is_known_here(self):
        found = {path.name for path in (ADDON / "samples").iterdir()}
        self.assertEqual(found, set(SAMPLES))

    def test_no_sample_has_a_problem(self):
        for _name, options, jobs in self._samples():
            channels = capacity.parse_channels(jobs["channels"])
            nodes = capacity.parse_nodes(jobs.get("nodes"))
            problems = capacity.check(channels, options.getint("workers"), nodes)
            self.assertEqual(problems, [])

    def test_the_samples_are_the_recommended_configurations(self):
        for name, options, jobs in self._samples():
            workers, capacities = capacity.CONFIGURATIONS[SAMPLES[name]]
            self.assertEqual(options.getint("workers"), workers)
            self.assertEqual(jobs["channels"], capacity.render_channels(capacities))

    def test_one_server_fewer_still_leaves_a_worker_for_people(self):
        options, jobs = read("odoo-node.conf")
        channels = capacity.parse_channels(jobs["channels"])
        nodes = capacity.parse_nodes(jobs["nodes"]) - 1
        workers = options.getint("workers")
        self.assertEqual(capacity.check(channels, workers, nodes), [])

    def test_the_job_runner_starts_with_the_server(self):
        for _name, options, _jobs in self._samples():
            modules = options["server_wide_modules"].split(",")
            self.assertLessEqual({"base", "rpc", "web", "queue_job"}, set(modules))

    def test_a_call_to_the_gateway_fits_into_a_workers_time(self):
        for _name, options, _jobs in self._samples():
            if options.getint("workers"):
                self.assertGreater(options.getint("limit_time_real"), CALL_SECONDS)
                soft = options.getint("limit_memory_soft")
                hard = options.getint("limit_memory_hard")
                self.assertLess(soft, hard)


if __name__ == "__main__":
    unittest.main()
