"""When a text may reach a recipient: windows in the recipient's own local time.

Instants are naive UTC, as Odoo stores them; zones are the keys of
:func:`area_codes.zone_key`.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(7))
_DAY = timedelta(days=1)
# How far ahead an opening is looked for: one weekday that holidays take twice running
# is found long before.
_HORIZON = 100


class LocalHours(Protocol):
    """What :func:`next_opening` asks of a window, always in a place's own time."""

    @property
    def always_open(self) -> bool:
        """Neither the hour nor the day matters."""

    def contains(self, local: datetime) -> bool:
        """Whether a wall-clock time lies within."""

    def opens_on(self, day: date) -> time | None:
        """When it opens on a day, if it does."""


class NeverOpens(ValueError):
    """No instant lies in the windows of all zones of the key."""


@dataclass(frozen=True)
class Window:
    """Local hours in which sending is allowed, from ``start`` to before ``end``.

    ``weekdays`` are those (0 = Monday) on which the window *starts*: one from
    22:00 to 02:00 on Friday lasts into Saturday. Equal times mean the whole day.
    Raises ``ValueError`` when no weekday, or no such weekday, is given.
    """

    start: time
    end: time
    weekdays: frozenset[int] = EVERY_DAY

    def __post_init__(self) -> None:
        object.__setattr__(self, "weekdays", frozenset(self.weekdays))
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise ValueError("a window needs weekdays between 0 (Monday) and 6")

    @property
    def always_open(self) -> bool:
        """Neither the hour nor the weekday matters."""
        return self.start == self.end and self.weekdays == EVERY_DAY

    def contains(self, local: datetime) -> bool:
        """Tell whether a local wall-clock time lies in the window."""
        now, weekday = local.time(), local.weekday()
        if self.start == self.end:
            return weekday in self.weekdays
        if self.start < self.end:
            return self.start <= now < self.end and weekday in self.weekdays
        if now >= self.start:
            return weekday in self.weekdays
        return now < self.end and (weekday - 1) % 7 in self.weekdays

    def opens_on(self, day: date) -> time | None:
        """Local time at which the window opens on a day; None where it does not."""
        if day.weekday() not in self.weekdays:
            return None
        return time.min if self.start == self.end else self.start


def next_opening(
    now_utc: datetime, zone_key: str, *windows: LocalHours | None
) -> datetime | None:
    """Return the first instant after ``now_utc`` at which sending is allowed.

    It is where every window is open in every zone of the key. None means *now*, and
    is the answer for no window at all. Raises :class:`NeverOpens` when that cannot
    be, ``ValueError`` for an aware ``now_utc``, ``ZoneInfoNotFoundError`` for an
    unknown zone.
    """
    if now_utc.tzinfo:
        raise ValueError("now_utc must be naive UTC")
    limits = [window for window in windows if window and not window.always_open]
    if not limits:
        return None
    zones = _zones(zone_key)
    if _is_open(now_utc, zones, limits):
        return None
    for instant in _starts(now_utc, zones, limits):
        if instant > now_utc and _is_open(instant, zones, limits):
            return instant
    raise NeverOpens(f"{limits} are never open together in {zone_key}")


@lru_cache(maxsize=256)
def _zones(zone_key: str) -> tuple[ZoneInfo, ...]:
    return tuple(ZoneInfo(name) for name in zone_key.split("|"))


def _is_open(
    instant: datetime, zones: tuple[ZoneInfo, ...], windows: list[LocalHours]
) -> bool:
    aware = instant.replace(tzinfo=UTC)
    places = [aware.astimezone(zone) for zone in zones]
    return all(window.contains(local) for window in windows for local in places)


def _starts(
    now_utc: datetime, zones: tuple[ZoneInfo, ...], windows: list[LocalHours]
) -> Iterator[datetime]:
    """Yield, as naive UTC and in order, when any window opens in any zone.

    An intersection can only open when one of its windows does.
    """
    return heapq.merge(
        *(_starts_of(now_utc, zone, window) for zone in zones for window in windows)
    )


def _starts_of(
    now_utc: datetime, zone: ZoneInfo, window: LocalHours
) -> Iterator[datetime]:
    """From yesterday, since a zone may be behind UTC.

    An hour that comes twice, where summer time ends, opens twice.
    """
    today = now_utc.replace(tzinfo=UTC).astimezone(zone).date()
    for offset in range(-1, _HORIZON):
        day = today + offset * _DAY
        opens = window.opens_on(day)
        if opens is not None:
            local = datetime.combine(day, opens, tzinfo=zone)
            yield from sorted({_utc(local), _utc(local.replace(fold=1))})


def _utc(local: datetime) -> datetime:
    return local.astimezone(UTC).replace(tzinfo=None)
