"""How many calls a gateway still allows: arithmetic on a window of time.

Instants are naive UTC, as Odoo stores them, with fractions of a second.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .outcomes import RateLimit

# Calls of each window that campaigns leave to agents and single sends.
SHARE_OF_AGENTS = 0.05
# The gateway's window begins when our call reaches it, later than ours.
MARGIN = timedelta(seconds=1)
LONGEST_BLOCK = 600.0
LONGEST_SPREAD = 30.0


@dataclass(frozen=True)
class Window:
    """Calls counted until ``ends``; after it, none is."""

    ends: datetime | None = None
    used: int = 0

    def is_over(self, now: datetime) -> bool:
        return self.ends is None or self.ends <= now


def usable(limits: RateLimit | None) -> RateLimit:
    """The parts of the headers that can be true; what cannot becomes None."""
    if limits is None:
        return RateLimit()
    return RateLimit(
        limit=_whole(limits.limit, least=1),
        remaining=_whole(limits.remaining, least=0),
        reset=_positive(limits.reset),
    )


def _whole(value: object, least: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not math.isfinite(value) or value < least or value >= 2**31:
        return None
    return int(value)


def _positive(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < 86400 * 7 else None


def calls_allowed(setting: int, said: int | None) -> int:
    """Calls in a window: what we want, and never more than the gateway says."""
    return min(setting, said) if said else setting


def ceiling(allowed: int, campaign: bool) -> int:
    """Calls that one kind of batch may use up: campaigns leave some to agents."""
    if not campaign or allowed < 2:
        return allowed
    return allowed - max(1, math.ceil(allowed * SHARE_OF_AGENTS))


def is_low(left: int, allowed: int) -> bool:
    """Whether few calls are left: under 50 or a tenth, and under a half at any rate."""
    return left < max(allowed * 0.1, min(50, allowed / 2))


def corrected(
    window: Window,
    limits: RateLimit,
    setting: int,
    said: int | None,
    now: datetime,
    period: float,
    overlapping: Callable[[], int],
) -> Window:
    """The window as an answer's headers show it; they are truth.

    :param limits: headers that are :func:`usable`
    :param said: the gateway's own limit, where it has ever named one
    :param overlapping: counts the calls that were out at the same time as this one,
        of which the gateway may not have known yet
    """
    if limits.remaining is None:
        return window
    # Whoever else uses the account counts, once that leaves less than we want.
    counted = max(0, calls_allowed(setting, said) - limits.remaining)
    new_end = now + timedelta(seconds=limits.reset or period) + MARGIN
    if window.is_over(now):
        return Window(new_end, counted)
    # Where we want less than the gateway allows, its count is not ours.
    same_count = said is not None and said <= setting
    if same_count and window.used > counted:
        known = counted + overlapping()
        if window.used > known:
            # It has forgotten calls that it must have counted: it began anew.
            return Window(new_end, known)
    same_end = new_end if limits.reset else window.ends
    return Window(same_end, max(window.used, counted))


def seconds_blocked(
    retry_after: float | None, reset: float | None, period: float, consecutive: int
) -> float:
    """How long nobody calls after a 429: what it asks for, else longer each time.

    :param consecutive: which 429 in a row this is, from 1 on
    """
    asked = _positive(retry_after) or _positive(reset)
    if asked:
        return asked
    doubled = period * 2 ** min(consecutive - 1, 20)
    # Several servers must not come back at the same moment.
    return min(LONGEST_BLOCK, doubled) * random.uniform(1.0, 1.1)


def spread(period: float) -> float:
    """Some seconds by chance, so that a thousand batches do not wake at once."""
    return random.uniform(0, min(period / 4, LONGEST_SPREAD))
