"""Needs no Odoo: ``python queue_job_config/tests/test_tools_capacity.py``."""

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


class TestParse(BaseCase):
    """Channels are read like the job runner reads them."""

    def test_capacities_and_options_are_read(self):
        channels = capacity.parse_channels("root:4, root.sms.send:2:throttle=1:paused")
        self.assertEqual(channels["root"].capacity, 4)
        self.assertEqual(channels["root.sms.send"].capacity, 2)
        self.assertEqual(channels["root.sms.send"].options, {"throttle", "paused"})

    def test_lines_work_like_commas_and_empty_entries_are_skipped(self):
        channels = capacity.parse_channels("\n root:4\n\n root.sms.now:1,\n")
        self.assertEqual(list(channels), ["root", "root.sms.now"])

    def test_capacity_defaults_to_one_and_root_may_be_left_out(self):
        channels = capacity.parse_channels("sms.send")
        self.assertEqual(channels["root.sms.send"].capacity, 1)

    def test_the_last_entry_of_a_channel_wins(self):
        self.assertEqual(capacity.parse_channels("root:4,root:2")["root"].capacity, 2)

    def test_what_cannot_be_read_is_named(self):
        for text, part in (("root:x", "'x'"), ("root:-1", "'-1'"), (":2", "name")):
            with self.subTest(text=text):
                with self.assertRaisesRegex(ValueError, part):
                    capacity.parse_channels(text)

    def test_what_is_rendered_is_read_back(self):
        for _workers, capacities in capacity.CONFIGURATIONS.values():
            channels = capacity.parse_channels(capacity.render_channels(capacities))
            self.assertEqual(
                {name: channel.capacity for name, channel in channels.items()},
                capacities,
            )


class TestCheck(BaseCase):
    """Each way to starve people or webhooks has its sentence; good ones have none."""

    def _check(self, changed=None, workers=0, **servers):
        """Check the recommended channels of 4 workers, some changed or taken out."""
        capacities = {**capacity.CONFIGURATIONS["prefork"][1], **(changed or {})}
        text = capacity.render_channels(
            {name: value for name, value in capacities.items() if value is not None}
        )
        return capacity.check(capacity.parse_channels(text), workers, **servers)

    def test_the_recommended_configurations_have_no_problem(self):
        for name, (workers, capacities) in capacity.CONFIGURATIONS.items():
            with self.subTest(name=name):
                text = capacity.render_channels(capacities)
                channels = capacity.parse_channels(text)
                self.assertEqual(capacity.check(channels, workers), [])

    def test_the_readme_shows_the_recommended_configurations(self):
        readme = (ADDON / "readme/CONFIGURE.md").read_text()
        for _workers, capacities in capacity.CONFIGURATIONS.values():
            self.assertIn(capacity.render_channels(capacities), readme)

    def test_jobs_leave_one_http_worker_free(self):
        self.assertEqual(self._check(workers=4), [])
        [problem] = self._check(workers=3)
        self.assertIn("3 jobs on 3 HTTP workers", problem)
        self.assertIn("at least 4 workers", problem)

    def test_several_servers_each_keep_one_http_worker_free(self):
        for nodes, most in ((1, 3), (2, 6), (3, 9)):
            with self.subTest(nodes=nodes):
                fits = self._check({"root": most}, workers=4, nodes=nodes)
                self.assertEqual(fits, [])
                [problem] = self._check({"root": most + 1}, workers=4, nodes=nodes)
                self.assertIn(f"up to {most + 1} jobs on", problem)
        self.assertIn("3 servers with 4 HTTP workers each", problem)
        self.assertIn("at most 9 jobs", problem)

    def test_servers_that_are_never_asked_do_not_count(self):
        alone = {"nodes": 2, "alone": True}
        [unasked] = self._check({"root": 3}, workers=4, **alone)
        self.assertIn("2 servers are to share the jobs", unasked)
        few, _unasked = self._check({"root": 4}, workers=4, **alone)
        self.assertIn("4 jobs on 4 HTTP workers", few)
        self.assertEqual(self._check({"root": 3}, workers=4, alone=True), [])

    def test_the_number_of_servers_is_one_where_nobody_says_more(self):
        for text, nodes in ((None, 1), ("", 1), (" 3 ", 3)):
            self.assertEqual(capacity.parse_nodes(text), nodes)
        for text in ("0", "-1", "two", "1.5"):
            with self.subTest(text=text), self.assertRaisesRegex(ValueError, "nodes"):
                capacity.parse_nodes(text)

    def test_the_threaded_server_has_no_workers_to_run_out_of(self):
        self.assertEqual(self._check({"root": 50}, workers=0), [])

    def test_root_is_larger_than_the_campaign_channel(self):
        [problem] = self._check({"root.sms.send": 3})
        self.assertIn("all 3 slots of root,", problem)
        self.assertEqual(self._check({"root.sms.send": 3, "root": 4}), [])

    def test_a_limit_on_sms_as_a_whole_is_larger_than_the_campaign_channel_too(self):
        [problem] = self._check({"root.sms": 2})
        self.assertIn("all 2 slots of root.sms,", problem)
        self.assertEqual(self._check({"root.sms": 3}), [])

    def test_a_missing_channel_is_named(self):
        [problem] = self._check({"root.sms.now": None, "root.sms.care": None})
        self.assertIn("root.sms.now, root.sms.care.", problem)

    def test_a_missing_campaign_channel_may_take_all_slots(self):
        missing, overtaking = self._check({"root.sms.send": None})
        self.assertIn("root.sms.send", missing)
        self.assertIn("all 3 slots of root,", overtaking)

    def test_capacity_zero_means_unlimited(self):
        [problem] = self._check({"root.sms.reply": 0})
        self.assertIn("root.sms.reply has capacity 0", problem)
        self.assertEqual(len(self._check({"root.sms.send": 0})), 2)

    def test_capacity_zero_of_root_has_a_sentence_of_its_own(self):
        [problem] = self._check({"root": 0}, workers=4)
        self.assertIn("turns the job runner off", problem)

    def test_nothing_configured_is_the_runners_single_slot(self):
        missing, overtaking = capacity.check({}, workers=2)
        self.assertIn("root.sms.send", missing)
        self.assertIn("all 1 slots of root,", overtaking)

    def test_options_that_stop_a_channel_are_named(self):
        text = "root:3,root.other:1:paused:sequential,root.sms.send:1:sequential:paused"
        problems = capacity.check(capacity.parse_channels(text), 0)
        self.assertEqual(sum("paused" in problem for problem in problems), 1)
        self.assertEqual(sum("sequential" in problem for problem in problems), 1)

    def test_sentences_keep_their_parts_for_translation(self):
        [problem] = self._check({"root.sms.reply": 0})
        self.assertIn("%(channel)s", problem.source)
        self.assertEqual(problem, problem.source % problem.values)


if __name__ == "__main__":
    unittest.main()
