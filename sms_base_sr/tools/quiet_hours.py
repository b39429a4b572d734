"""When a text may reach a recipient: windows in the recipient's own local time.

Instants are naive UTC, as Odoo stores them; zones are the keys of
:func:`area_codes.zone_key`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(7))
_DAY = timedelta(days=1)


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

    @property
    def opens_at(self) -> time:
        """Local time at which the window opens on each of its weekdays."""
        return time.min if self.start == self.end else self.start


def next_opening(
    now_utc: datetime, zone_key: str, window: Window | None
) -> datetime | None:
    """Return the first instant after ``now_utc`` at which sending is allowed.

    None means *now*, and is the answer for no window at all. A key of several
    zones is open when the window is open in each of them. Raises
    :class:`NeverOpens` when that cannot be, ``ValueError`` for an aware
    ``now_utc``, ``ZoneInfoNotFoundError`` for an unknown zone.
    """
    if now_utc.tzinfo:
        raise ValueError("now_utc must be naive UTC")
    if window is None or window.always_open:
        return None
    zones = _zones(zone_key)
    if _is_open(now_utc, zones, window):
        return None
    for instant in sorted(_starts(now_utc, zones, window)):
        if instant > now_utc and _is_open(instant, zones, window):
            return instant
    raise NeverOpens(f"{window} is never open in all of {zone_key}")


@lru_cache(maxsize=256)
def _zones(zone_key: str) -> tuple[ZoneInfo, ...]:
    return tuple(ZoneInfo(name) for name in zone_key.split("|"))


def _is_open(instant: datetime, zones: tuple[ZoneInfo, ...], window: Window) -> bool:
    aware = instant.replace(tzinfo=UTC)
    return all(window.contains(aware.astimezone(zone)) for zone in zones)


def _starts(
    now_utc: datetime, zones: tuple[ZoneInfo, ...], window: Window
) -> Iterator[datetime]:
    """Yield, as naive UTC, the window's starts in each zone around ``now_utc``.

    An intersection can only open when one of its windows does. From yesterday
    (a zone behind UTC) to the same weekday next week and one day.
    """
    for zone in zones:
        today = now_utc.replace(tzinfo=UTC).astimezone(zone).date()
        for offset in range(-1, 10):
            day = today + offset * _DAY
            if day.weekday() in window.weekdays:
                local = datetime.combine(day, window.opens_at, tzinfo=zone)
                yield local.astimezone(UTC).replace(tzinfo=None)
