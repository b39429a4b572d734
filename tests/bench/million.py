"""``make bench-million``: a large plan, and what its worker holds meanwhile."""

import time
from dataclasses import dataclass

from .campaigns import Campaigns
from .memory import Memory
from .stage import Stage

LOOK_EVERY = 0.5
STEPS = (1, 2, 5, 10, 20, 50, 100)


@dataclass
class Sizes:
    """How many contacts are planned; the first step is a hundredth of them."""

    contacts: int = 1_000_000


@dataclass(frozen=True)
class Sample:
    """What was seen at one moment of the plan."""

    seconds: float
    planned: int
    megabytes: float


class Million:
    """Plans one campaign and looks at the server's memory until it is ready."""

    def __init__(self, stage: Stage, sizes: Sizes):
        self.stage, self.sizes = stage, sizes
        self.campaigns = Campaigns(stage)

    def run(self) -> dict:
        """Return the figures; print the table."""
        self.campaigns.prepare(self.sizes.contacts, {})
        self.campaigns.send(1000)
        samples = self.watch(self.campaigns.new(self.sizes.contacts))
        for line in table(samples, self.sizes.contacts):
            print(line, flush=True)
        return figures(samples, self.sizes.contacts)

    def watch(self, campaign: int) -> list[Sample]:
        memory = Memory(self.stage.stack.odoo.process.pid)
        begin = time.monotonic()
        self.campaigns.manager.call(
            "contacts.realcred.campaign", "action_sms_plan", ids=[campaign]
        )
        samples: list[Sample] = []
        while True:
            state, planned = self.stage.sql(PLANNED, campaign)[0]
            took = time.monotonic() - begin
            samples.append(Sample(took, planned, memory.now()))
            if state != "planning":
                break
            time.sleep(LOOK_EVERY)
        if state != "ready" or planned != self.sizes.contacts:
            raise RuntimeError(f"{state}: {planned} planned")
        return samples


PLANNED = """
    SELECT r.state, COALESCE(r.planned_count, 0) FROM sms_run r
    JOIN contacts_realcred_campaign c ON c.sms_run_id = r.id WHERE c.id = %s
"""


def at_steps(samples: list[Sample], contacts: int) -> list[Sample]:
    """The first sample at or after each step."""
    found = []
    for step in STEPS:
        least = contacts * step // 100
        found.append(next(s for s in samples if s.planned >= least))
    return found


def table(samples: list[Sample], contacts: int) -> list[str]:
    """Lines for people."""
    lines = [f"{'planned':>10} {'seconds':>9} {'MB':>7}"]
    for each in at_steps(samples, contacts):
        lines.append(f"{each.planned:10} {each.seconds:9.1f} {each.megabytes:7.0f}")
    return lines


def figures(samples: list[Sample], contacts: int) -> dict:
    """Growth from a hundredth of the plan to its end, by the peaks so far."""
    first = at_steps(samples, contacts)[0]
    peak = max(each.megabytes for each in samples)
    return {
        "memory_growth": round(peak / first.megabytes, 2),
        "first_mb": round(first.megabytes),
        "peak_mb": round(peak),
        "planned": samples[-1].planned,
        "seconds": round(samples[-1].seconds, 1),
        "growth_10x": round(growth(samples, contacts), 1),
    }


def growth(samples: list[Sample], contacts: int) -> float:
    """Time of the whole plan to ten times that of its first tenth: 1 is linear."""
    tenth = next(each for each in samples if each.planned >= contacts // 10)
    return samples[-1].seconds / tenth.seconds


def million_bench(workers: int, sizes: Sizes) -> dict:
    """Run it on a stage of its own."""
    stage = Stage(workers, "bench_million")
    try:
        stage.start()
        return Million(stage, sizes).run()
    finally:
        stage.stop()
