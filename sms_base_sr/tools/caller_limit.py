"""How often an address may call in vain: one bucket each, in bounded memory.

A refused call takes a token, an accepted one takes none: a gateway that reports ten
thousand deliveries at once is welcome, somebody who tries keys is not.
"""

import hashlib
import math
import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import NamedTuple

TELL_AFTER = 60.0


class Held(NamedTuple):
    """A call that is not looked at.

    ``seconds`` until one will be, and how many such calls nobody was told of yet:
    0 while it is too early to tell again.
    """

    seconds: int
    untold: int


class _Bucket:
    __slots__ = ("tokens", "at", "held", "told_at")

    def __init__(self, tokens: float, at: float) -> None:
        self.tokens, self.at = tokens, at
        self.held, self.told_at = 0, -math.inf


class CallerLimit:
    """Buckets of the callers seen last; safe to use from several threads.

    Each process counts for itself: with N processes a caller has N times the limit,
    and no call waits for another process's lock.
    """

    def __init__(self, keep: int = 10_000, keep_known: int = 1_000) -> None:
        self._keep, self._keep_known = keep, keep_known
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()
        self._known: OrderedDict[bytes, None] = OrderedDict()
        self._lock = threading.Lock()

    def held(self, caller: Hashable, per_minute: int, now: float) -> Held | None:
        """Return None where the caller may be heard; ``per_minute`` 0 hears all."""
        if per_minute <= 0:
            return None
        with self._lock:
            bucket = self._filled(caller, per_minute, now)
            if bucket.tokens >= 1:
                return None
            bucket.held += 1
            seconds = max(1, math.ceil((1 - bucket.tokens) * 60 / per_minute))
            return Held(seconds, self._untold(bucket, now))

    def spend(self, caller: Hashable, per_minute: int, now: float) -> None:
        """Count a call that was refused."""
        if per_minute > 0:
            with self._lock:
                bucket = self._filled(caller, per_minute, now)
                bucket.tokens = max(0.0, bucket.tokens - 1)

    def know(self, address: str) -> None:
        """Remember an address of ours that was called with success.

        Its callers are heard although others share their network address.
        """
        with self._lock:
            self._known[_digest(address)] = None
            self._known.move_to_end(_digest(address))
            while len(self._known) > self._keep_known:
                self._known.popitem(last=False)

    def knows(self, address: str) -> bool:
        """Tell whether an address of ours was called with success."""
        with self._lock:
            return _digest(address) in self._known

    def clear(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._buckets.clear()
            self._known.clear()

    def __len__(self) -> int:
        return len(self._buckets)

    def _filled(self, caller: Hashable, per_minute: int, now: float) -> _Bucket:
        """The caller's bucket, with what has flown in since; it counts as seen."""
        bucket = self._buckets.get(caller)
        if bucket is None:
            bucket = self._buckets[caller] = _Bucket(per_minute, now)
        gained = max(0.0, now - bucket.at) * per_minute / 60
        bucket.tokens = min(per_minute, bucket.tokens + gained)
        bucket.at = now
        self._buckets.move_to_end(caller)
        while len(self._buckets) > self._keep:
            self._buckets.popitem(last=False)
        return bucket

    def _untold(self, bucket: _Bucket, now: float) -> int:
        if now - bucket.told_at < TELL_AFTER:
            return 0
        untold, bucket.held, bucket.told_at = bucket.held, 0, now
        return untold


def _digest(address: str) -> bytes:
    """What is remembered of an address that may hold a secret."""
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).digest()
