"""Progress bars, read from the campaign alone."""

import sys
import time
from collections.abc import Callable

BARS = (
    ("planned", "recipients"),
    ("sent", "planned"),
    ("delivered", "sent"),
    ("replied", "delivered"),
)
WIDTH = 24
INTERVAL = 0.5
# Replies come a few seconds after the last delivery.
QUIET_SECONDS = 8


class TimedOut(Exception):
    """The campaign did not come to rest in time."""


class Follower:
    """Reads the summary until nothing has changed for a while, and draws it."""

    def __init__(self, read: Callable[[], dict], limit: float, out=sys.stdout):
        self.read, self.limit, self.out = read, limit, out
        self.started = time.monotonic()
        self.sent_after = self.final_after = None
        self.drawn = 0

    def follow(self) -> dict:
        """Return the last summary.

        :raises TimedOut: the campaign is not at rest after ``limit`` seconds
        """
        last, changed = None, time.monotonic()
        while True:
            summary = self.read() or {}
            now = time.monotonic()
            if summary != last:
                last, changed = summary, now
                self.note(summary, now)
            self.draw(summary, now - self.started)
            if at_rest(summary) and now - changed > QUIET_SECONDS:
                self.out.write("\n")
                return summary
            if now - self.started > self.limit:
                self.out.write("\n")
                raise TimedOut(f"after {self.limit:.0f} s: {summary}")
            time.sleep(INTERVAL)

    def note(self, summary: dict, now: float) -> None:
        """Remember when all was sent and when all was final."""
        done = summary.get("state") == "done"
        if done and self.sent_after is None:
            self.sent_after = now - self.started
        if at_rest(summary) and self.final_after is None:
            self.final_after = now - self.started

    def draw(self, summary: dict, seconds: float) -> None:
        """Draw the bars: in place on a terminal, a line a few seconds elsewhere."""
        lines = [f"  {seconds:6.1f} s  {summary.get('state', 'waiting')}"]
        lines += [bar(summary, name, total) for name, total in BARS]
        if self.out.isatty():
            if self.drawn:
                self.out.write(f"\x1b[{self.drawn}A")
            self.out.write("".join(f"\x1b[2K{line}\n" for line in lines))
            self.drawn = len(lines)
        elif seconds >= self.drawn:
            self.drawn = seconds + 5
            figures = "  ".join(f"{n} {summary.get(n, 0)}" for n, _total in BARS)
            self.out.write(f"{lines[0]:<24}{figures}\n")
        self.out.flush()


def bar(summary: dict, name: str, total_name: str) -> str:
    """Return one bar with its figure."""
    value, total = summary.get(name, 0), summary.get(total_name, 0)
    share = min(1.0, value / total) if total else 0.0
    filled = round(WIDTH * share)
    drawing = "█" * filled + "░" * (WIDTH - filled)
    return f"  {name:<10} {drawing} {value:>7} {share:6.1%}"


def at_rest(summary: dict) -> bool:
    """Whether all is sent and each message has its final state."""
    return (
        summary.get("state") in ("done", "failed", "canceled")
        and not summary.get("open")
        and not summary.get("unknown")
    )
