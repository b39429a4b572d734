"""How long to wait before the next try, by the retry pattern of a job function."""

from collections.abc import Mapping
from random import randint

DEFAULT = 60


def seconds_for(pattern: Mapping, tries: int) -> int:
    """Return the seconds to wait after the try number ``tries``.

    A key of the pattern holds from its try on. It is read by the ledger's own count:
    a job that is lost or made anew counts from one again.

    :param pattern: {number of the failed try: seconds, or a pair to choose between}
    """
    seconds = DEFAULT
    for failed_try, wait in sorted((int(k), v) for k, v in (pattern or {}).items()):
        if tries >= failed_try:
            seconds = wait
    if isinstance(seconds, list | tuple):
        seconds = randint(*seconds)
    return seconds
