import os
import socket
import tempfile
import unittest
from pathlib import Path
from unittest.mock import patch

from dev import odoo_source, ports, postgres, server, steps


class TestOdooSource(unittest.TestCase):
    """Where Odoo comes from."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def make_odoo(self, version):
        """Make a folder that looks like Odoo of a version."""
        release = self.folder / "odoo" / "release.py"
        release.parent.mkdir(exist_ok=True)
        release.write_text(f"version_info = ({version}, FINAL, 0, '')\n")
        return self.folder

    def test_only_the_series_19_0_is_taken(self):
        for version, expected in [("19, 0, 0", True), ("18, 0, 0", False)]:
            with self.subTest(version=version):
                self.assertIs(odoo_source.is_odoo(self.make_odoo(version)), expected)

    def test_a_folder_without_odoo_is_refused(self):
        self.assertFalse(odoo_source.is_odoo(self.folder / "nothing"))

    def test_a_wrong_odoo_home_is_said_in_one_sentence(self):
        with patch.dict(os.environ, {"ODOO_HOME": str(self.folder)}):
            with self.assertRaisesRegex(steps.CannotGoOn, "ODOO_HOME="):
                odoo_source.find_odoo()

    def test_sources_of_both_formats_become_an_entry_for_sid(self):
        deb822 = (
            "Types: deb\nURIs: http://mirror.example.test/debian\n"
            "Suites: bookworm\nSigned-By: /usr/share/keyrings/some.gpg\n"
        )
        one_line = "# deb http://old.example.test/debian x main\n"
        one_line += "deb http://mirror.example.test/debian/ bookworm main\n"
        cases = [
            ("debian.sources", deb822, "[signed-by=/usr/share/keyrings/some.gpg] "),
            ("debian.list", one_line, ""),
        ]
        for name, text, option in cases:
            with self.subTest(name=name):
                (self.folder / name).write_text(text)
                entry = odoo_source.entry_of(self.folder / name)
                self.assertTrue(entry.startswith(f"deb {option}http://mirror."))
                self.assertTrue(entry.endswith(" sid main\n"))

    def test_a_source_of_another_archive_is_no_debian(self):
        path = self.folder / "other.list"
        path.write_text("deb https://packages.example.test/apt stable main\n")
        self.assertIsNone(odoo_source.entry_of(path))


class TestPostgres(unittest.TestCase):
    """The cluster, or a server of the user's own."""

    def test_a_database_url_is_parsed(self):
        found = postgres.from_url("postgresql://me:s%40fe@db.example.test:5433")
        self.assertEqual(
            (found.host, found.port, found.user, found.password),
            ("db.example.test", 5433, "me", "s@fe"),
        )
        self.assertFalse(found.data)

    def test_a_database_url_without_user_is_refused(self):
        with self.assertRaisesRegex(steps.CannotGoOn, "DATABASE_URL"):
            postgres.from_url("postgresql://db.example.test")

    def test_a_port_in_use_is_passed_over(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
            self.assertGreater(ports.free_port(port), port)

    def test_a_port_is_given_away_once(self):
        first = ports.free_port(18000)
        self.assertNotEqual(ports.free_port(first), first)
        self.assertTrue(ports.is_free(first))


class TestChannels(unittest.TestCase):
    """The demo's channels keep what the design asks of them."""

    @staticmethod
    def parse(channels):
        return dict(
            (name, int(n)) for name, n in (c.split(":") for c in channels.split(","))
        )

    def test_root_is_above_the_campaigns_channel(self):
        for channels in (server.CHANNELS_THREADED, server.CHANNELS_PREFORK):
            with self.subTest(channels=channels):
                capacity = self.parse(channels)
                self.assertGreater(capacity["root"], capacity["root.sms.send"])

    def test_in_prefork_the_job_slots_come_on_top_of_the_workers(self):
        capacity = self.parse(server.CHANNELS_PREFORK)
        self.assertEqual(capacity["root"], server.JOB_SLOTS_PREFORK)

    def test_the_channels_are_those_of_the_addon(self):
        data = Path("queue_job_config/data/queue_job_channel_data.xml").read_text()
        for name in self.parse(server.CHANNELS_THREADED):
            with self.subTest(name=name):
                self.assertIn(f">{name.split('.')[-1]}<", data + ">root<")
