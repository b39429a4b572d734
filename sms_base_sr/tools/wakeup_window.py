"""At most one wake-up job per window and database, and none that comes too early.

Enqueuing a job for each webhook costs more than storing the event; ``identity_key``
strands events, because it counts a job that has already read its snapshot. So the
first event of a window enqueues one job whose eta lies after the window's end:
every event committed inside the window is older than that job's snapshot.
"""

import threading
from collections.abc import Hashable

# Seconds between the end of a window and the job's earliest start: for requests
# that claim at the end of a window and commit a little later.
MARGIN = 0.5


class WakeUpWindow:
    """Windows of ``seconds`` per key, of this process only, safe among threads."""

    def __init__(self, seconds: float = 1.0, margin: float = MARGIN) -> None:
        self.seconds = seconds
        self.margin = margin
        self._opened: dict[Hashable, float] = {}
        self._lock = threading.Lock()

    def claim(self, key: Hashable, now: float) -> float | None:
        """Return the delay in seconds of the job that the caller must enqueue.

        None: the job of the current window will do. ``now`` is in seconds of any
        clock; one that was set back opens a new window. Claim after the event is
        committed (a post-commit hook): a caller that rolls back has already told
        others that its job would come.
        """
        with self._lock:
            opened = self._opened.get(key)
            if opened is not None and opened <= now < opened + self.seconds:
                return None
            self._opened[key] = now
        return self.seconds + self.margin

    def release(self, key: Hashable) -> None:
        """Forget the window, because its job could not be enqueued.

        Those who got None meanwhile wait for the next claim or the sweeper.
        """
        with self._lock:
            self._opened.pop(key, None)
