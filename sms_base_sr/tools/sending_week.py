"""The hours of each weekday in which campaigns leave, and the days on which none does.

Both are windows for :func:`quiet_hours.next_opening`: they look at the recipient's own
local time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from types import MappingProxyType

import holidays

DAY = 24 * 60
NATIONAL = ("public",)
# Carnival, Corpus Christi …: most offices are closed, by no law.
OPTIONAL = ("public", "optional")
_LANGUAGES = {"pt": "pt_BR", "en": "en_US"}


@dataclass(frozen=True)
class Hours:
    """Minutes of a local day, from ``start`` to before ``end`` (1440 is midnight).

    Raises ``ValueError`` for hours that are empty, or that go over midnight: whose
    weekday and whose holiday those would be is not clear to people.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= DAY:
            raise ValueError("hours begin before they end, on the same day")

    @classmethod
    def of(cls, start: float, end: float) -> "Hours":
        """From hours as forms have them: 8.5 is half past eight, 24.0 midnight."""
        return cls(round(start * 60), round(end * 60))


@dataclass(frozen=True)
class Week:
    """Hours by weekday (0 is Monday); nothing leaves on a day that has none.

    Raises ``ValueError`` for a week without any hours, or an unknown weekday.
    """

    days: Mapping[int, Hours]

    def __post_init__(self) -> None:
        if not self.days or not set(self.days) <= set(range(7)):
            raise ValueError("a week needs days between 0 (Monday) and 6")

    @property
    def always_open(self) -> bool:
        """Neither the hour nor the weekday matters."""
        whole = Hours(0, DAY)
        return all(self.days.get(weekday) == whole for weekday in range(7))

    def contains(self, local: datetime) -> bool:
        """Tell whether a local wall-clock time lies in the hours of its day."""
        hours = self.days.get(local.weekday())
        return bool(hours) and hours.start <= local.hour * 60 + local.minute < hours.end

    def opens_on(self, day: date) -> time | None:
        """Local time at which the hours of a day begin; None where it has none."""
        hours = self.days.get(day.weekday())
        return time(hours.start // 60, hours.start % 60) if hours else None


@dataclass(frozen=True)
class WorkingDays:
    """Every day that is no Brazilian holiday, from midnight to midnight."""

    categories: tuple[str, ...] = NATIONAL
    always_open: bool = field(default=False, init=False)

    def contains(self, local: datetime) -> bool:
        """Tell whether the local day is none of the holidays."""
        return not self.is_holiday(local.date())

    def opens_on(self, day: date) -> time | None:
        """Local midnight, where the day is no holiday."""
        return None if self.is_holiday(day) else time.min

    def is_holiday(self, day: date) -> bool:
        """Tell whether a day is one of the holidays."""
        return day in _brazil(day.year, self.categories)

    def name(self, day: date, lang: str = "pt_BR") -> str | None:
        """Return the holiday's name; None where the day is none."""
        language = _LANGUAGES.get(lang[:2], "en_US")
        return _brazil(day.year, self.categories, language).get(day)


@lru_cache(maxsize=64)
def _brazil(
    year: int, categories: tuple[str, ...], language: str = "pt_BR"
) -> Mapping[date, str]:
    """The holidays of one year, complete before any thread sees them."""
    found = holidays.country_holidays(
        "BR", years=year, categories=categories, language=language, expand=False
    )
    return MappingProxyType(dict(found))
