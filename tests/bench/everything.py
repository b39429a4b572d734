"""``make bench``: our campaigns, Odoo's own, the floor, the inbox and the screens.

One run on one machine, each kind by turns, so that other work on it slows all of them.
"""

import statistics
from dataclasses import dataclass, field

from . import screens, webhooks
from .campaigns import Campaigns, Took, texts
from .core_sms import CoreSms
from .floor import Floor
from .memory import Memory
from .stage import Stage
from .statements import Statements

# The gateway tells each state so many seconds after the acceptance.
REPORT_DELAY = 0.5
WARM = 1000
PARTS = ("campaigns", "webhooks", "screens")
# What the last line begins with, in this order.
GOALS = (
    "floor_ratio",
    "all_effects_vs_core",
    "growth_10x",
    "memory_growth",
    "webhook_ratio",
    "reply_p95_s",
    "click_1m_s",
    "form_1m_ratio",
)


@dataclass
class Sizes:
    """How much of everything; the defaults are what the goals speak of."""

    contacts: int = 10_000
    growth: int = 10
    repeats: int = 3
    workers: int = 4
    events: int = 10_000
    replies: int = 1_000
    seconds: int = 60
    ratio_requests: int = 500
    messages: int = 1_000_000
    campaigns: int = 1000
    calls: int = 30

    def of(self, sizes):
        """The sizes of a part, by the names that it has."""
        names = vars(sizes()).keys() & vars(self).keys()
        return sizes(**{name: getattr(self, name) for name in names})


@dataclass
class Mode:
    """What one way to run the server has shown."""

    name: str
    ours: list[Took] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    core: list[float] = field(default_factory=list)
    notes: list[float] = field(default_factory=list)
    large: Took | None = None
    peaks: list[float] = field(default_factory=list)
    queries: float | None = None

    @property
    def floor_ratio(self) -> float:
        """Ours to the floor of the same round, the median of all rounds."""
        return ratio([took.accepted for took in self.ours], self.floor)

    @property
    def growth(self) -> float:
        return self.large.accepted / median(took.accepted for took in self.ours)

    @property
    def growth_of_effects(self) -> float:
        return self.large.effects / median(took.effects for took in self.ours)

    @property
    def memory_growth(self) -> float:
        small, large = self.peaks
        return large / small

    def versus(self, notes: list[float]) -> float:
        """Odoo's own SMS with notes to ours with all effects."""
        return median(notes) / median(took.effects for took in self.ours)


def median(values) -> float:
    return statistics.median(list(values))


def ratio(ours: list[float], theirs: list[float]) -> float:
    return median(a / b for a, b in zip(ours, theirs, strict=True))


class Rounds:
    """All campaigns of one mode."""

    def __init__(self, sizes: Sizes, workers: int, with_core: bool):
        self.sizes = sizes
        self.mode = Mode(f"prefork {workers}" if workers else "threads")
        self.stage = Stage(workers, "bench_campaigns")
        self.core = CoreSms(self.stage) if with_core else None

    def run(self) -> Mode:
        """Measure; stop what was started whatever happens."""
        try:
            self._start()
            for number in range(self.sizes.repeats):
                self._round(number)
            self._grow()
            self._count()
        finally:
            if self.core:
                self.core.stop()
            self.stage.stop()
        return self.mode

    def _start(self) -> None:
        self.stage.start()
        self.ours = Campaigns(self.stage)
        delay = [REPORT_DELAY, REPORT_DELAY]
        largest = self.sizes.contacts * self.sizes.growth
        self.ours.prepare(largest, {"webhook_delay": delay})
        self.floor = Floor(self.stage)
        self.memory = Memory(self.stage.stack.odoo.process.pid)
        small = min(WARM, self.sizes.contacts)
        self.ours.send(small)
        if self.core:
            self.core.start(self.sizes.contacts)
            self.core.send(small, notes=True)

    def _round(self, number: int) -> None:
        contacts, mode = self.sizes.contacts, self.mode
        mode.floor.append(self.floor.send(contacts))
        same = texts(self.stage)
        self.memory.reset()
        mode.ours.append(self.ours.send(contacts))
        if number == 0:
            mode.peaks.append(self.memory.peak())
        self._compare(same)
        if self.core:
            mode.core.append(self.core.send(contacts, notes=False))
            self._compare(same)
            mode.notes.append(self.core.send(contacts, notes=True))
        print(f"    round {number + 1}: {round_line(mode)}", flush=True)

    def _compare(self, same: set) -> None:
        """All three send the same texts to the same numbers, or nothing is compared."""
        if texts(self.stage) != same:
            raise RuntimeError("other texts than the floor's were sent")

    def _grow(self) -> None:
        self.memory.reset()
        self.mode.large = self.ours.send(self.sizes.contacts * self.sizes.growth)
        self.mode.peaks.append(self.memory.peak())
        print(f"    {self.sizes.growth} times as many: {self.mode.large}", flush=True)

    def _count(self) -> None:
        statements = Statements(self.stage)
        if not statements.log:
            return
        with statements:
            self.ours.send(min(WARM, self.sizes.contacts))
            statements.mark()
            self.ours.send(self.sizes.contacts)
            self.mode.queries = statements.count() / self.sizes.contacts


def round_line(mode: Mode) -> str:
    took = mode.ours[-1]
    parts = [f"floor {mode.floor[-1]:.2f} s", f"ours {took.accepted:.2f} s"]
    parts.append(f"all effects {took.effects:.2f} s")
    if mode.notes:
        parts.append(f"Odoo's own {mode.core[-1]:.2f} s")
        parts.append(f"with notes {mode.notes[-1]:.2f} s")
    return ", ".join(parts)


def table(modes: list[Mode], sizes: Sizes) -> list[str]:
    """Lines for people: medians, and what they are to each other."""
    lines = [f"{'seconds':52}{'median':>9} {'least':>9} {'most':>9}"]
    for mode in modes:
        parts = {
            "floor: COPY, POST, UPDATE": mode.floor,
            "ours, click to last acceptance": [took.accepted for took in mode.ours],
            "ours, to last report applied": [took.applied for took in mode.ours],
            "ours, all effects done": [took.effects for took in mode.ours],
            "Odoo's own mass SMS": mode.core,
            "Odoo's own, with chatter notes": mode.notes,
        }
        large = f"ours, {sizes.growth} times as many"
        parts[f"{large}, last acceptance"] = [mode.large.accepted]
        parts[f"{large}, all effects done"] = [mode.large.effects]
        for name, values in parts.items():
            if values:
                spread = f"{median(values):9.2f} {min(values):9.2f} {max(values):9.2f}"
                lines.append(f"{mode.name + ': ' + name:52}{spread}")
    return lines


def ratios(modes: list[Mode]) -> list[str]:
    """More lines: one per mode, the goals' figures of each."""
    notes = next(mode.notes for mode in modes if mode.notes)
    lines = [f"{'ratios':12}{'ours/floor':>11}{'core/ours':>11}{'growth':>8}"]
    lines[0] += f"{'MB':>7}{'MB large':>10}{'queries/SMS':>13}"
    for mode in modes:
        line = f"{mode.name:12}{mode.floor_ratio:11.2f}{mode.versus(notes):11.2f}"
        line += f"{mode.growth:8.1f}{mode.peaks[0]:7.0f}{mode.peaks[1]:10.0f}"
        queries = "unknown" if mode.queries is None else f"{mode.queries:.3f}"
        lines.append(f"{line}{queries:>13}")
    return lines


def figures(modes: list[Mode]) -> dict:
    """The goals' figures: of the modes, the worse."""
    notes = next(mode.notes for mode in modes if mode.notes)
    counted = [mode.queries for mode in modes if mode.queries is not None]
    return {
        "floor_ratio": round(max(mode.floor_ratio for mode in modes), 2),
        "all_effects_vs_core": round(min(mode.versus(notes) for mode in modes), 2),
        "growth_10x": round(max(mode.growth for mode in modes), 1),
        "memory_growth": round(max(mode.memory_growth for mode in modes), 2),
        "growth_of_effects": round(max(m.growth_of_effects for m in modes), 1),
        "worker_peak_mb": round(max(max(mode.peaks) for mode in modes)),
        "queries_per_message": round(max(counted), 3) if counted else None,
    }


def campaigns_bench(sizes: Sizes) -> dict:
    """Threads and prefork one after the other; Odoo's own beside the first."""
    modes = []
    for workers in (0, sizes.workers):
        print(f"==> campaigns, {workers or 'threads'}", flush=True)
        modes.append(Rounds(sizes, workers, with_core=not workers).run())
    print(*table(modes, sizes), "", *ratios(modes), sep="\n", flush=True)
    return figures(modes)


def webhooks_bench(sizes: webhooks.Sizes) -> dict:
    """The inbox, on a stage of its own."""
    stage = Stage(0, "bench_webhooks")
    try:
        stage.start()
        return webhooks.Webhooks(stage, sizes).run()
    finally:
        stage.stop()


def bench(sizes: Sizes, parts: tuple[str, ...] = PARTS) -> dict:
    """Run the parts; return the figures, the goals first."""
    found: dict = {}
    if "campaigns" in parts:
        found |= campaigns_bench(sizes)
    if "webhooks" in parts:
        print("==> webhooks", flush=True)
        found |= webhooks_bench(sizes.of(webhooks.Sizes))
    if "screens" in parts:
        print("==> screens", flush=True)
        found |= screens.screens_bench(0, sizes.of(screens.Sizes))
        found.pop("lists")
    return {name: found.get(name) for name in GOALS} | found
