"""The contract, first part: what happens on the wire, and what it proves."""

import logging
import socket
from contextlib import ExitStack
from unittest.mock import patch

import urllib3.util.connection

from odoo.addons.sms_base_sr.tools.outcomes import Accepted, NotAttempted, Unknown

from .provider_stage import ProviderStage
from .provider_wire import RESET, Wire, echo, free_port, http

HTML = {"body": "<html>busy</html>", "kind": "text/html"}
# Answers after which the batch may be sent again: why.
PROVES_NOTHING_LEFT = {
    "401": (http(401), "unauthorized"),
    "401 as a page": (http(401, **HTML), "unauthorized"),
    "403": (http(403), "forbidden"),
    "301": (http(301, Location="http://127.0.0.1:1/"), "address"),
    "302": (http(302, Location="/elsewhere"), "address"),
    "307": (http(307, Location="/elsewhere"), "address"),
    "404": (http(404), "address"),
    "405": (http(405), "address"),
    "413": (http(413), "too_large"),
    "429": (http(429), "rate_limited"),
}
# Answers after which nobody can know: never sent again.
PROVES_NOTHING = {
    "408": http(408),
    "500": http(500),
    "500 as a page": http(500, **HTML),
    "502": http(502, **HTML),
    "503": http(503),
    "504": http(504),
    "200 as a page": http(200, **HTML),
    "200 without a body": http(200, ""),
    "200 with half a body": http(200, '{"items": [{"cus'),
    "200 that says nothing": http(200, "{}"),
    "200 with errors": http(200, '{"errors": ["no"]}'),
    "200 cut off": http(200, '{"items": []}', length=5000),
    "closed without a word": b"",
    "reset": RESET,
}


class WireContract(ProviderStage):
    """Each answer and each failure of the network leads to its one outcome."""

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Odoo's guard against calls to the outside takes one timeout, not two."""
        if isinstance(options.get("timeout"), tuple):
            options["timeout"] = max(options["timeout"])
        return super()._request_handler(session, request, **options)

    def call_over(self, script):
        """Make one call over a wire; (outcome, requests made), or None without one."""
        wire = Wire(script)
        self.addCleanup(wire.close)
        provider = self.make_provider()
        if self.point_to(provider, wire.url) is False:
            return None
        outcome = provider._send_batch(self.request())()
        return outcome, len(wire.requests)

    def test_answers_after_which_a_call_may_be_made_again(self):
        for name, (script, reason) in PROVES_NOTHING_LEFT.items():
            with self.subTest(name):
                found = self.call_over(script)
                if not found:
                    return self.check_that_nothing_can_fail()
                outcome, calls = found
                self.assertIsInstance(outcome, NotAttempted)
                self.assertEqual((outcome.reason, calls), (reason, 1))
                self.assertEqual(outcome.suspends, name[:3] in ("401", "403"))

    def test_a_limit_says_how_long_to_wait(self):
        found = self.call_over(http(429, Retry_After="45"))
        if found:
            self.assertEqual(found[0].retry_after, 45)

    def test_answers_after_which_nobody_can_know(self):
        for name, script in PROVES_NOTHING.items():
            with self.subTest(name):
                found = self.call_over(script)
                if not found:
                    return self.check_that_nothing_can_fail()
                outcome, calls = found
                self.assertIsInstance(outcome, Unknown)
                self.assertEqual(calls, 1, "a call that sends is never repeated")

    def test_failures_of_the_network_before_anything_was_sent(self):
        failures = {
            "refused": lambda url, broken: f"http://127.0.0.1:{free_port()}",
            "no name": self.break_names,
            "connect timeout": self.break_connecting,
            "TLS": lambda url, broken: url.replace("http:", "https:"),
            "proxy": self.break_proxy,
        }
        for name, breaking in failures.items():
            with self.subTest(name):
                outcome = self.call_after(breaking)
                if outcome is None:
                    return self.check_that_nothing_can_fail()
                self.assertIsInstance(outcome, NotAttempted)
                self.assertEqual(outcome.reason, "connection")
                self.assertFalse(outcome.suspends or outcome.ends_job)

    def test_no_outcome_and_no_log_line_holds_a_secret(self):
        for name, script in {"echo": echo, "reset": RESET, "401": http(401)}.items():
            with (
                self.subTest(name),
                self.assertLogs("odoo.addons", "DEBUG") as ours,
                self.assertLogs("urllib3", "DEBUG") as theirs,
            ):
                for logger in ("odoo.addons.sms_base_sr", "urllib3"):
                    logging.getLogger(logger).debug("some types log nothing")
                found = self.call_over(script)
            seen = f"{found!r} {ours.output} {theirs.output}"
            for secret in self.secrets_of(self.make_provider()):
                self.assertNotIn(secret, seen)

    # -- breaking the network ----------------------------------------------------------

    def call_after(self, breaking):
        """Make one call over a network that is broken for it; None without a wire."""
        wire = Wire(http(500))
        self.addCleanup(wire.close)
        provider = self.make_provider()
        if self.point_to(provider, wire.url) is False:
            return None
        with ExitStack() as broken:
            self.point_to(provider, breaking(wire.url, broken))
            return provider._send_batch(self.request())()

    def break_names(self, url, broken):
        failure = socket.gaierror(socket.EAI_NONAME, "no such name")
        broken.enter_context(patch.object(socket, "getaddrinfo", side_effect=failure))
        return url

    def break_connecting(self, url, broken):
        owner = urllib3.util.connection
        slow = TimeoutError("timed out")
        broken.enter_context(patch.object(owner, "create_connection", side_effect=slow))
        return url

    def break_proxy(self, url, broken):
        proxy = f"http://127.0.0.1:{free_port()}"
        settings = {"http_proxy": proxy, "no_proxy": "", "NO_PROXY": ""}
        broken.enter_context(patch.dict("os.environ", settings))
        return url

    def check_that_nothing_can_fail(self):
        """A type that calls nobody is always accepted."""
        outcome = self.make_provider()._send_batch(self.request())()
        self.assertIsInstance(outcome, Accepted)
