"""References of ours that travel to a gateway: time-ordered UUIDs (version 7).

Random UUIDs as the unique key of a table of 100 million rows mean a random index
page for each insert; ordered ones append.
"""

import os

from uuid6 import uuid7

RANDOM_BYTES = 10
# Below the time: version 7, and the variant of RFC 9562.
VERSION = 0x7 << 76 | 0b10 << 62
RANDOM_BITS = (1 << 80) - 1 & ~(0xF << 76 | 0b11 << 62)


def new_reference() -> str:
    """Return a new UUID in its 36-character form.

    Unique through 74 random bits. Ordered within a process; a burst runs ahead
    of the clock by one millisecond a call, so across processes only roughly.
    """
    return str(uuid7())


def new_references(count: int) -> list[str]:
    """Return ``count`` new references, in order (10,000 take some 20 ms).

    Random bits are drawn once for all: each draw is a system call, at which the other
    threads of a server take over.
    """
    if not count:
        return []
    first = uuid7().int >> 80
    drawn = os.urandom(RANDOM_BYTES * count)
    return [
        _written(
            first + number << 80
            | VERSION
            | int.from_bytes(drawn[number * RANDOM_BYTES : (number + 1) * RANDOM_BYTES])
            & RANDOM_BITS
        )
        for number in range(count)
    ]


def _written(number: int) -> str:
    digits = f"{number:032x}"
    return "-".join(
        (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    )
