"""What a gateway says beside its data: rate limits, waiting times, error texts."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 24 * 3600.0
_EPOCH_FROM = 1_000_000_000


@dataclass(frozen=True)
class RateHeaders:
    """Rate limit as the headers told it; ``reset`` is in seconds from now."""

    limit: int | None = None
    remaining: int | None = None
    reset: float | None = None


def _number(value: object) -> float | None:
    try:
        number = float(str(value).strip())
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _count(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _seconds(value: object) -> float | None:
    """Seconds from now of a delay or of an epoch, at most a day."""
    number = _number(value)
    if number is not None and number > _EPOCH_FROM:
        number = max(0.0, number - time.time())
    return None if number is None else min(number, LONGEST_WAIT)


def parse_limits(headers: Mapping[str, str]) -> RateHeaders | None:
    """Rate headers are optional and may be no numbers: None when none is one."""
    limits = RateHeaders(
        limit=_count(headers.get("X-RateLimit-Limit")),
        remaining=_count(headers.get("X-RateLimit-Remaining")),
        reset=_seconds(headers.get("X-RateLimit-Reset")),
    )
    return None if limits == RateHeaders() else limits


def parse_retry_after(headers: Mapping[str, str], body: object) -> float | None:
    """Seconds to wait: ``Retry-After`` (seconds or a date), the body, the reset."""
    value = headers.get("Retry-After")
    seconds = _seconds(value)
    if seconds is None and value:
        try:
            moment = parsedate_to_datetime(value)
            seconds = min(max(0.0, moment.timestamp() - time.time()), LONGEST_WAIT)
        except (ValueError, OverflowError):
            seconds = None
    if seconds is None and isinstance(body, Mapping):
        seconds = _seconds(body.get("retry_after"))
    if seconds is None:
        seconds = _seconds(headers.get("X-RateLimit-Reset"))
    return seconds


def error_texts(body: object) -> list[str]:
    """Texts of ``errors`` (list, object of lists, text), ``error``, ``message``."""
    if not isinstance(body, Mapping):
        return []
    for key in ("errors", "details", "error", "message"):
        texts = list(_flatten(body.get(key)))
        if texts:
            return texts
    return []


def _flatten(node: object, path: str = ""):
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _flatten(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list):
        for value in node:
            yield from _flatten(value, path)
    elif node not in (None, ""):
        yield f"{path}: {node}" if path else str(node)
