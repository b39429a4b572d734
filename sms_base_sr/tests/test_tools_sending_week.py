"""Hours by weekday and holidays, in the recipient's own place."""

import unittest
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from odoo.addons.sms_base_sr.tools.quiet_hours import NeverOpens, Window, next_opening
from odoo.addons.sms_base_sr.tools.sending_week import (
    OPTIONAL,
    Hours,
    Week,
    WorkingDays,
)

SP = "America/Sao_Paulo"  # -3
MANAUS = "America/Manaus"  # -4
ACRE = "America/Rio_Branco"  # -5
# What numbers of area code 97 have: one hour or the other.
BOTH = f"{MANAUS}|{ACRE}"
OFFICE = Week({**dict.fromkeys(range(5), Hours(480, 1200)), 5: Hours(480, 840)})
WHOLE = Hours(0, 1440)


def utc(text):
    """An instant from ``2026-05-04 11:00``."""
    return datetime.fromisoformat(text)


class TestHours(unittest.TestCase):
    def test_hours_come_from_forms(self):
        for start, end, expected in [
            (8.0, 20.0, (480, 1200)),
            (8.5, 12.25, (510, 735)),
            (0.0, 24.0, (0, 1440)),
            (23.0 + 59 / 60, 24.0, (1439, 1440)),
        ]:
            with self.subTest(start=start, end=end):
                hours = Hours.of(start, end)
                self.assertEqual((hours.start, hours.end), expected)

    def test_hours_that_are_empty_or_go_over_midnight_are_refused(self):
        for start, end in [(8, 8), (22, 2), (20, 8), (-1, 8), (8, 24.5), (24, 24)]:
            with self.subTest(start=start, end=end), self.assertRaises(ValueError):
                Hours.of(start, end)

    def test_a_week_without_a_day_or_with_an_eighth_is_refused(self):
        for days in ({}, {7: WHOLE}, {-1: WHOLE, 0: WHOLE}):
            with self.subTest(days=days), self.assertRaises(ValueError):
                Week(days)

    def test_only_seven_whole_days_are_always_open(self):
        every_day = dict.fromkeys(range(7), WHOLE)
        self.assertTrue(Week(every_day).always_open)
        self.assertFalse(Week({**every_day, 6: Hours(0, 1439)}).always_open)
        self.assertFalse(Week(dict.fromkeys(range(6), WHOLE)).always_open)


class TestWeek(unittest.TestCase):
    # The week begins on Monday, 4 May 2026; São Paulo is at -3.
    cases = [
        ("2026-05-04 10:59:59", SP, "2026-05-04 11:00"),
        ("2026-05-04 11:00:00", SP, None),
        ("2026-05-04 22:59:59", SP, None),
        ("2026-05-04 23:00:00", SP, "2026-05-05 11:00"),
        # Monday in UTC, Sunday evening in São Paulo.
        ("2026-05-04 02:00:00", SP, "2026-05-04 11:00"),
        # Saturday until two in the afternoon, then Monday.
        ("2026-05-09 16:59:59", SP, None),
        ("2026-05-09 17:00:00", SP, "2026-05-11 11:00"),
        ("2026-05-10 15:00:00", SP, "2026-05-11 11:00"),
        ("2026-05-08 23:00:00", SP, "2026-05-09 11:00"),
        # Each place by its own clock.
        ("2026-05-09 17:30:00", MANAUS, None),
        ("2026-05-09 18:30:00", ACRE, None),
        ("2026-05-10 15:00:00", MANAUS, "2026-05-11 12:00"),
        # Two places: from when the later opens until the earlier closes.
        ("2026-05-04 12:30:00", BOTH, "2026-05-04 13:00"),
        ("2026-05-04 23:59:59", BOTH, None),
        ("2026-05-05 00:00:00", BOTH, "2026-05-05 13:00"),
        ("2026-05-09 18:00:00", BOTH, "2026-05-11 13:00"),
    ]

    def test_a_campaign_stops_at_the_edge_and_goes_on_the_next_allowed_day(self):
        for now, zone, opens in self.cases:
            with self.subTest(now=now, zone=zone):
                expected = opens and utc(opens)
                self.assertEqual(next_opening(utc(now), zone, OFFICE), expected)

    def test_hours_until_midnight_end_there(self):
        monday = Week({0: Hours(1080, 1440), 1: Hours(540, 600)})
        for now, opens in [
            ("2026-05-05 02:59:59", None),
            ("2026-05-05 03:00:00", "2026-05-05 12:00"),
        ]:
            with self.subTest(now=now):
                self.assertEqual(
                    next_opening(utc(now), SP, monday), opens and utc(opens)
                )

    def test_hours_from_midnight_begin_there(self):
        tuesday = Week({1: Hours(0, 60)})
        now = utc("2026-05-05 02:59:59")
        self.assertEqual(next_opening(now, SP, tuesday), utc("2026-05-05 03:00"))
        self.assertIsNone(next_opening(utc("2026-05-05 03:00"), SP, tuesday))
        self.assertEqual(
            next_opening(utc("2026-05-05 04:00"), SP, tuesday), utc("2026-05-12 03:00")
        )

    def test_two_days_that_meet_at_midnight_do_not_close(self):
        week = Week({0: WHOLE, 1: Hours(0, 600)})
        self.assertIsNone(next_opening(utc("2026-05-05 02:59:59"), SP, week))
        self.assertIsNone(next_opening(utc("2026-05-05 03:00:00"), SP, week))

    def test_hours_shorter_than_the_difference_never_open_in_both_places(self):
        week = Week({0: Hours(480, 540)})
        with self.assertRaises(NeverOpens):
            next_opening(utc("2026-05-04 12:00"), BOTH, week)

    def test_quiet_hours_and_the_week_hold_together(self):
        """Promotional texts from 9 to 18, campaigns from 8 to 20: both count."""
        quiet = Window(time(9), time(18))
        for now, opens in [
            ("2026-05-04 11:30:00", "2026-05-04 12:00"),
            ("2026-05-04 21:00:00", "2026-05-05 12:00"),
            ("2026-05-09 17:30:00", "2026-05-11 12:00"),
            ("2026-05-04 15:00:00", None),
        ]:
            with self.subTest(now=now):
                for windows in (
                    (quiet, OFFICE),
                    (OFFICE, quiet),
                    (None, quiet, OFFICE),
                ):
                    self.assertEqual(
                        next_opening(utc(now), SP, *windows), opens and utc(opens)
                    )

    def test_windows_without_a_common_hour_never_open(self):
        evenings = Week(dict.fromkeys(range(7), Hours(1200, 1320)))
        with self.assertRaises(NeverOpens):
            next_opening(
                utc("2026-05-04 12:00"), SP, evenings, Window(time(8), time(20))
            )


class TestSummerTime(unittest.TestCase):
    def test_the_clock_of_the_place_counts_where_it_changes(self):
        # Lisbon changes on 29 March and 25 October 2026, both Sundays.
        for now, opens in [
            ("2026-03-28 20:00", "2026-03-30 07:00"),
            ("2026-10-24 20:00", "2026-10-26 08:00"),
        ]:
            with self.subTest(now=now):
                self.assertEqual(
                    next_opening(utc(now), "Europe/Lisbon", OFFICE), utc(opens)
                )

    def test_an_hour_that_comes_twice_opens_twice(self):
        # In New York 01:00 to 02:00 comes twice on 1 November 2026.
        sunday = Week({6: Hours(90, 120)})
        for now, opens in [
            ("2026-11-01 05:00", "2026-11-01 05:30"),
            ("2026-11-01 05:45", None),
            ("2026-11-01 06:00", "2026-11-01 06:30"),
            ("2026-11-01 07:00", "2026-11-08 06:30"),
        ]:
            with self.subTest(now=now):
                self.assertEqual(
                    next_opening(utc(now), "America/New_York", sunday),
                    opens and utc(opens),
                )

    def test_a_midnight_that_does_not_exist_opens_at_one(self):
        # São Paulo skipped 00:00 on 4 November 2018.
        sunday = Week({6: WHOLE})
        self.assertEqual(
            next_opening(utc("2018-11-03 12:00"), SP, sunday), utc("2018-11-04 03:00")
        )


class TestHolidays(unittest.TestCase):
    def test_national_holidays_are_closed_from_midnight_to_midnight(self):
        # Tiradentes 2026 is a Tuesday.
        for now, opens in [
            ("2026-04-21 02:59:59", None),
            ("2026-04-21 03:00:00", "2026-04-22 03:00"),
            ("2026-04-22 02:59:59", "2026-04-22 03:00"),
            ("2026-04-22 03:00:00", None),
        ]:
            with self.subTest(now=now):
                self.assertEqual(
                    next_opening(utc(now), SP, WorkingDays()), opens and utc(opens)
                )

    def test_the_day_is_the_recipients(self):
        # 03:30 UTC is Tuesday in São Paulo and still Monday in Manaus.
        now = utc("2026-04-21 03:30")
        self.assertIsNone(next_opening(now, MANAUS, WorkingDays()))
        self.assertIsNotNone(next_opening(now, SP, WorkingDays()))

    def test_holidays_in_a_row_and_a_weekend_are_passed_over(self):
        # Friday 25 December 2026, a weekend, and the office opens on Monday.
        after = next_opening(utc("2026-12-25 12:00"), SP, OFFICE, WorkingDays())
        self.assertEqual(after, utc("2026-12-26 11:00"))
        # Carnival 2026: Monday to Wednesday, optional; before it a weekend.
        for categories, opens in [
            (("public",), "2026-02-16 11:00"),
            (OPTIONAL, "2026-02-19 11:00"),
        ]:
            with self.subTest(categories=categories):
                days = WorkingDays(categories)
                found = next_opening(utc("2026-02-14 18:00"), SP, OFFICE, days)
                self.assertEqual(found, utc(opens))

    def test_one_weekday_that_is_a_holiday_waits_for_the_next_week(self):
        # 1 January 2027 is a Friday, and so is 25 December 2026.
        fridays = Week({4: Hours(480, 1200)})
        found = next_opening(utc("2026-12-24 12:00"), SP, fridays, WorkingDays())
        self.assertEqual(found, utc("2027-01-08 11:00"))

    def test_both_places_must_have_a_working_day(self):
        opens = next_opening(utc("2026-04-21 12:00"), BOTH, OFFICE, WorkingDays())
        self.assertEqual(opens, utc("2026-04-22 13:00"))
        # The evening before: Tuesday has begun in one place only.
        opens = next_opening(utc("2026-04-21 04:30"), BOTH, WorkingDays())
        self.assertEqual(opens, utc("2026-04-22 05:00"))

    def test_a_holiday_has_its_name_in_the_readers_language(self):
        days = WorkingDays()
        for day, lang, name in [
            (date(2026, 4, 21), "pt_BR", "Tiradentes"),
            (date(2026, 12, 25), "pt_BR", "Natal"),
            (date(2026, 12, 25), "en_US", "Christmas Day"),
            (date(2026, 12, 25), "fr_FR", "Christmas Day"),
            (date(2026, 12, 24), "pt_BR", None),
        ]:
            with self.subTest(day=day, lang=lang):
                self.assertEqual(days.name(day, lang), name)

    def test_movable_and_new_holidays_are_known(self):
        for day, closed in [
            (date(2026, 4, 3), True),  # Good Friday
            (date(2023, 11, 20), False),
            (date(2024, 11, 20), True),  # national since 2024
            (date(2026, 6, 4), False),  # Corpus Christi, optional
        ]:
            with self.subTest(day=day):
                self.assertEqual(WorkingDays().is_holiday(day), closed)
        self.assertTrue(WorkingDays(OPTIONAL).is_holiday(date(2026, 6, 4)))


class TestReference(unittest.TestCase):
    def test_the_answer_is_the_first_open_minute(self):
        limits = [OFFICE, WorkingDays(OPTIONAL), Window(time(9), time(18))]
        zones = [SP, MANAUS, BOTH]
        instants = [
            utc("2026-02-13 20:00") + timedelta(hours=11 * n, minutes=7 * n)
            for n in range(14)
        ]
        for zone, now in product(zones, instants):
            with self.subTest(zone=zone, now=now):
                found = next_opening(now, zone, *limits)
                self.assertEqual(found or now, _first_open_minute(now, zone, limits))


def _first_open_minute(instant, key, limits):
    """Try the minutes one after the other."""
    zones = [ZoneInfo(name) for name in key.split("|")]
    step = timedelta(minutes=1)
    while not all(
        limit.contains(instant.replace(tzinfo=UTC).astimezone(zone))
        for limit in limits
        for zone in zones
    ):
        instant += step
        instant = instant.replace(second=0)
    return instant
