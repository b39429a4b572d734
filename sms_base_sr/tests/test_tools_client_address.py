"""Whose address counts, behind proxies and without."""

import unittest

from odoo.addons.sms_base_sr.tools.client_address import (
    LOOPBACK,
    caller_of,
    client_address,
    parse_address,
)
from odoo.addons.sms_base_sr.tools.webhook_auth import parse_networks

PROXIES = parse_networks("10.0.0.0/8, 2001:db8:ff::/48")


class TestClientAddress(unittest.TestCase):
    def test_only_our_proxies_are_believed(self):
        cases = [
            # peer, header, whose it is
            ("203.0.113.9", None, "203.0.113.9"),
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.2", None, "10.0.0.2"),
            ("10.0.0.2", "", "10.0.0.2"),
            ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.2", " 198.51.100.1 ", "198.51.100.1"),
            # The first entries are what the caller himself has sent.
            ("10.0.0.2", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.2", "1.2.3.4, 198.51.100.1, 10.0.0.3", "198.51.100.1"),
            ("10.0.0.2", "10.0.0.9, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.2", "10.0.0.9", "10.0.0.9"),
            # Nonsense ends the search where the last proxy vouched.
            ("10.0.0.2", "unknown", "10.0.0.2"),
            ("10.0.0.2", "1.2.3.4, <script>", "10.0.0.2"),
            ("10.0.0.2", "198.51.100.1, ", "10.0.0.2"),
            ("10.0.0.2", "1.2.3.4, , 10.0.0.3", "10.0.0.3"),
            # IPv6, ports, brackets.
            ("2001:db8:ff::1", "2001:db8::5", "2001:db8::5"),
            ("2001:db8:fe::1", "2001:db8::5", "2001:db8:fe::1"),
            ("::ffff:10.0.0.2", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.2", "::ffff:198.51.100.1", "198.51.100.1"),
            ("10.0.0.2", "198.51.100.1:4711", "198.51.100.1"),
            ("10.0.0.2", '"[2001:db8::5]:4711"', "2001:db8::5"),
            ("10.0.0.2", "fe80::1%eth0", "fe80::1"),
            (None, "198.51.100.1", ""),
            ("", None, ""),
            ("/var/run/odoo.sock", "198.51.100.1", ""),
        ]
        for peer, header, expected in cases:
            with self.subTest(peer=peer, header=header):
                self.assertEqual(client_address(peer, header, PROXIES), expected)

    def test_without_a_setting_the_proxy_is_on_the_same_machine(self):
        for peer in ("127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"):
            self.assertEqual(client_address(peer, "1.2.3.4", LOOPBACK), "1.2.3.4")
        self.assertEqual(client_address("10.0.0.2", "1.2.3.4", LOOPBACK), "10.0.0.2")

    def test_a_header_without_end_is_read_from_its_end_only(self):
        header = ", ".join(["10.0.0.7"] * 100_000)
        self.assertEqual(client_address("10.0.0.2", header, PROXIES), "10.0.0.7")

    def test_one_caller_has_an_address_or_a_network_of_ipv6(self):
        cases = [
            ("198.51.100.1", "198.51.100.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
            ("::ffff:198.51.100.1", "198.51.100.1"),
            ("", ""),
            ("nobody", ""),
        ]
        for address, expected in cases:
            with self.subTest(address=address):
                self.assertEqual(caller_of(address), expected)

    def test_what_is_no_address_is_none(self):
        for text in (None, "", " ", "::1::", "1.2.3", "1.2.3.4.5", "0x7f.1", "é"):
            with self.subTest(text=text):
                self.assertIsNone(parse_address(text))
