"""Windows: edges, midnight, weekdays, zones, and a minute-by-minute reference."""

import unittest
from datetime import UTC, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo.addons.sms_base_sr.tools.quiet_hours import NeverOpens, Window, next_opening

SP = "America/Sao_Paulo"  # -3
MANAUS = "America/Manaus"  # -4
ACRE = "America/Rio_Branco"  # -5
BOTH = f"{MANAUS}|{ACRE}"
DAY = Window(time(8), time(20))
WORKDAYS = Window(time(9), time(18), frozenset(range(5)))
NIGHT = Window(time(22), time(2))
FRIDAY_NIGHT = Window(time(22), time(2), frozenset({4}))


def utc(day, hour, minute=0, second=0):
    """An instant of the week that begins on Monday, 2 March 2026."""
    return datetime(2026, 3, 1 + day, hour, minute, second)


class TestOpenNow(unittest.TestCase):
    def test_no_window_is_always_open(self):
        self.assertIsNone(next_opening(utc(1, 3), SP, None))

    def test_equal_times_are_the_whole_day(self):
        for hour in range(24):
            window = Window(time(8), time(8))
            self.assertIsNone(next_opening(utc(1, hour), SP, window))

    def test_the_start_is_inside_and_the_end_is_not(self):
        for instant, opening in [
            (utc(2, 10, 59, 59), utc(2, 11)),
            (utc(2, 11), None),
            (utc(2, 22, 59, 59), None),
            (utc(2, 23), utc(3, 11)),
        ]:
            with self.subTest(instant=instant):
                self.assertEqual(next_opening(instant, SP, DAY), opening)

    def test_microseconds_before_the_start_are_outside(self):
        instant = utc(2, 11) - timedelta(microseconds=1)
        self.assertEqual(next_opening(instant, SP, DAY), utc(2, 11))

    def test_each_zone_opens_at_its_own_eight_o_clock(self):
        for zone, hour in [(SP, 11), (MANAUS, 12), (ACRE, 13), ("Europe/Lisbon", 8)]:
            with self.subTest(zone=zone):
                self.assertEqual(next_opening(utc(2, 5), zone, DAY), utc(2, hour))


class TestMidnight(unittest.TestCase):
    def test_an_evening_in_the_west_is_already_tomorrow_in_utc(self):
        # 23:30 UTC is 20:30 in São Paulo and 19:30 in Manaus.
        self.assertEqual(next_opening(utc(2, 23, 30), SP, DAY), utc(3, 11))
        self.assertIsNone(next_opening(utc(2, 23, 30), MANAUS, DAY))
        self.assertIsNone(next_opening(utc(3, 0, 30), ACRE, DAY))

    def test_a_window_over_midnight_is_open_on_both_sides(self):
        for instant, opening in [
            (utc(3, 0, 59), utc(3, 1)),
            (utc(3, 1), None),
            (utc(3, 3), None),
            (utc(3, 4, 59), None),
            (utc(3, 5), utc(4, 1)),
            (utc(3, 15), utc(4, 1)),
        ]:
            with self.subTest(instant=instant):
                self.assertEqual(next_opening(instant, SP, NIGHT), opening)

    def test_the_weekday_of_a_window_over_midnight_is_that_of_its_start(self):
        # Friday 22:00 local is Saturday 01:00 UTC; day 6 is Saturday.
        for instant, opening in [
            (utc(6, 0, 59), utc(6, 1)),
            (utc(6, 1), None),
            (utc(6, 4, 59), None),
            (utc(6, 5), utc(13, 1)),
            (utc(5, 4), utc(6, 1)),
        ]:
            with self.subTest(instant=instant):
                self.assertEqual(next_opening(instant, SP, FRIDAY_NIGHT), opening)

    def test_a_window_that_ends_at_midnight_ends_there(self):
        window = Window(time(18), time(0))
        self.assertIsNone(next_opening(utc(3, 2, 59), SP, window))
        self.assertEqual(next_opening(utc(3, 3), SP, window), utc(3, 21))

    def test_a_window_that_starts_at_midnight_starts_there(self):
        window = Window(time(0), time(6))
        self.assertEqual(next_opening(utc(3, 2, 59), SP, window), utc(3, 3))
        self.assertIsNone(next_opening(utc(3, 3), SP, window))


class TestWeekdays(unittest.TestCase):
    def test_after_friday_evening_comes_monday_morning(self):
        self.assertEqual(next_opening(utc(5, 21), SP, WORKDAYS), utc(8, 12))
        self.assertEqual(next_opening(utc(7, 15), SP, WORKDAYS), utc(8, 12))

    def test_the_weekday_is_the_local_one(self):
        # Monday 02:00 UTC is Sunday evening in São Paulo.
        sundays = Window(time(20), time(23, 59), frozenset({6}))
        self.assertIsNone(next_opening(utc(8, 2), SP, sundays))

    def test_one_weekday_waits_up_to_a_week(self):
        tuesdays = Window(time(9), time(10), frozenset({1}))
        self.assertEqual(next_opening(utc(2, 13), SP, tuesdays), utc(9, 12))
        self.assertEqual(next_opening(utc(2, 11), SP, tuesdays), utc(2, 12))

    def test_whole_days_can_be_limited_to_weekdays(self):
        window = Window(time(0), time(0), frozenset({0, 1, 2, 3, 4}))
        self.assertIsNone(next_opening(utc(6, 2, 59), SP, window))
        self.assertEqual(next_opening(utc(6, 3), SP, window), utc(8, 3))

    def test_a_window_without_weekdays_is_refused(self):
        for weekdays in (frozenset(), {7}, {-1, 2}):
            with self.subTest(weekdays=weekdays), self.assertRaises(ValueError):
                Window(time(8), time(20), weekdays)


class TestTwoZones(unittest.TestCase):
    def test_both_windows_must_be_open(self):
        for instant, opening in [
            (utc(2, 12), utc(2, 13)),
            (utc(2, 12, 59), utc(2, 13)),
            (utc(2, 13), None),
            (utc(2, 23, 59), None),
            (utc(3, 0), utc(3, 13)),
        ]:
            with self.subTest(instant=instant):
                self.assertEqual(next_opening(instant, BOTH, DAY), opening)

    def test_the_order_of_the_zones_does_not_matter(self):
        for hour in range(24):
            self.assertEqual(
                next_opening(utc(2, hour), BOTH, DAY),
                next_opening(utc(2, hour), f"{ACRE}|{MANAUS}", DAY),
            )

    def test_windows_that_never_meet_are_an_error(self):
        short = Window(time(9), time(9, 45))
        with self.assertRaises(NeverOpens):
            next_opening(utc(2, 3), BOTH, short)
        self.assertIsNone(next_opening(utc(2, 13), MANAUS, short))

    def test_the_same_zone_twice_is_that_zone(self):
        for hour in range(24):
            self.assertEqual(
                next_opening(utc(2, hour), f"{SP}|{SP}", DAY),
                next_opening(utc(2, hour), SP, DAY),
            )


class TestArguments(unittest.TestCase):
    def test_an_aware_instant_is_refused(self):
        with self.assertRaises(ValueError):
            next_opening(datetime.now(UTC), SP, DAY)

    def test_an_unknown_zone_is_refused(self):
        with self.assertRaises(ZoneInfoNotFoundError):
            next_opening(utc(2, 3), "America/Atlantis", DAY)

    def test_a_list_of_weekdays_is_taken_too(self):
        self.assertEqual(Window(time(8), time(9), [0, 1]).weekdays, frozenset({0, 1}))


class TestReference(unittest.TestCase):
    def test_the_answer_is_the_first_open_minute(self):
        windows = [DAY, WORKDAYS, NIGHT, FRIDAY_NIGHT, Window(time(13, 30), time(0))]
        instants = [utc(1, 0) + timedelta(hours=7 * n, minutes=n) for n in range(24)]
        for window, zone in product(windows, [SP, BOTH, "Europe/Lisbon"]):
            for instant in instants:
                with self.subTest(window=window, zone=zone, instant=instant):
                    self.assertEqual(
                        next_opening(instant, zone, window) or instant,
                        _first_open_minute(instant, zone, window),
                    )

    def test_summer_time_abroad_moves_the_opening(self):
        # Lisbon changes on 29 March and 25 October 2026.
        for before, opening in [
            (datetime(2026, 3, 28, 22), datetime(2026, 3, 29, 7)),
            (datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 8)),
        ]:
            with self.subTest(before=before):
                self.assertEqual(next_opening(before, "Europe/Lisbon", DAY), opening)

    def test_the_answer_is_open_itself(self):
        for hours in range(0, 24 * 8, 5):
            instant = utc(1, 0) + timedelta(hours=hours)
            opening = next_opening(instant, BOTH, WORKDAYS)
            if opening:
                self.assertIsNone(next_opening(opening, BOTH, WORKDAYS))
                self.assertGreater(opening, instant)


def _first_open_minute(instant, key, window):
    """Try whole minutes one after the other (hours would skip nothing here)."""
    zones = [ZoneInfo(name) for name in key.split("|")]
    while not all(_open(instant, zone, window) for zone in zones):
        instant += timedelta(minutes=1)
    return instant


def _open(instant, zone, window):
    local = instant.replace(tzinfo=UTC).astimezone(zone)
    minute, start, end = (
        t.hour * 60 + t.minute for t in (local, window.start, window.end)
    )
    length = (end - start) % 1440
    since = (minute - start) % 1440
    started = (local - timedelta(minutes=since)).weekday()
    return since < length and started in window.weekdays
