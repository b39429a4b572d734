"""Rate limits and waiting times: helpful when readable, never required."""

import unittest
from datetime import UTC, datetime

from freezegun import freeze_time

from odoo.addons.sms_base_sr.tools import gateway_headers as headers

NOW = datetime(2025, 11, 16, 17, 30, tzinfo=UTC)


@freeze_time(NOW)
class TestHeaders(unittest.TestCase):
    def test_limits_are_read_when_they_are_numbers(self):
        found = headers.parse_limits(
            {"X-RateLimit-Limit": "500", "X-RateLimit-Remaining": " 499 "}
        )
        self.assertEqual((found.limit, found.remaining, found.reset), (500, 499, None))

    def test_limits_that_are_absent_or_no_numbers_are_none(self):
        for value in ("", "unlimited", "nan", "inf", "-1"):
            with self.subTest(value=value):
                self.assertIsNone(headers.parse_limits({"X-RateLimit-Limit": value}))
        self.assertIsNone(headers.parse_limits({}))

    def test_a_reset_is_an_epoch_or_a_delay(self):
        for value in ("60", str(int(NOW.timestamp()) + 60)):
            with self.subTest(value=value):
                found = headers.parse_limits({"X-RateLimit-Reset": value})
                self.assertEqual(found.reset, 60)

    def test_a_reset_in_the_past_is_now(self):
        found = headers.parse_limits({"X-RateLimit-Reset": "1700000000"})
        self.assertEqual(found.reset, 0)

    def test_how_long_to_wait_is_said_in_many_ways(self):
        table = [
            ({"Retry-After": "30"}, None, 30),
            ({"Retry-After": "Sun, 16 Nov 2025 17:31:00 GMT"}, None, 60),
            ({}, {"retry_after": 60}, 60),
            ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 9)}, None, 9),
            ({"Retry-After": "soon"}, None, None),
            ({}, None, None),
            ({}, [], None),
        ]
        for given, body, expected in table:
            with self.subTest(given=given, body=body):
                self.assertEqual(headers.parse_retry_after(given, body), expected)

    def test_nobody_makes_us_wait_for_longer_than_a_day(self):
        found = headers.parse_retry_after({"Retry-After": "999999999"}, None)
        self.assertEqual(found, 24 * 3600)


class TestErrorTexts(unittest.TestCase):
    def test_errors_come_in_five_shapes(self):
        table = [
            ({"errors": ["Not found."]}, ["Not found."]),
            ({"errors": "Not found."}, ["Not found."]),
            ({"errors": {"a": ["x", "y"]}}, ["a: x", "a: y"]),
            ({"error": "x", "details": {"a": "y"}}, ["a: y"]),
            ({"error": "x"}, ["x"]),
            ({"message": "x"}, ["x"]),
            ({"message": "x", "errors": []}, ["x"]),
            ({}, []),
            ([], []),
            (None, []),
        ]
        for body, expected in table:
            with self.subTest(body=body):
                self.assertEqual(headers.error_texts(body), expected)
