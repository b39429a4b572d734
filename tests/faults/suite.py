"""Which scenarios run, in which order, and what the run says in the end."""

import json
import subprocess
import time
from dataclasses import dataclass, field

import psycopg2
import requests

from dev.steps import CannotGoOn
from tests.demo.json2 import JsonError

from . import campaigns, collect
from .checker import Verdict
from .scenarios import Scenario, database, each, gateway, jobs, kills, people, title
from .world import DidNotHappen, World

SETTLE_SECONDS = 240
# A scenario that cannot be played fails the run; the others are played all the same.
HINDERED = (
    DidNotHappen,
    JsonError,
    psycopg2.Error,
    requests.RequestException,
    subprocess.SubprocessError,
    CannotGoOn,
)
SHOWN = 25
KILLS_OF_A_FULL_RUN = 40
SHORT_STEPS = [
    (step, "worker", 1)
    for step in ("before-claim", "after-claim", "after-answer", "in-update")
]

SHORT = [
    *each(kills.a_process_dies_at_a_step, *SHORT_STEPS),
    *each(kills.a_process_dies_when_the_gateway_has_accepted, "worker"),
    people.numbers_are_blacklisted_between_plan_and_claim,
    jobs.a_second_job_runs_for_a_batch_that_is_in_its_call,
    jobs.running_jobs_are_requeued,
    *each(gateway.the_gateway_answers, "timeout-after", "502-html"),
    *each(database.postgres_restarts_in_the_middle_of_calls, "fast"),
]
ELSEWHERE = [*people.SCENARIOS, *jobs.SCENARIOS, *database.SCENARIOS]
FULL = {
    "threaded": [*gateway.SCENARIOS, *kills.THREADED, *ELSEWHERE],
    "prefork": [*gateway.SCENARIOS, *kills.PREFORK, *ELSEWHERE],
}


@dataclass
class Result:
    """What one or more runs have shown."""

    scenarios: int = 0
    kills: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    complaints: list[str] = field(default_factory=list)

    def add(self, other: "Result") -> None:
        """Add the result of another mode."""
        self.scenarios += other.scenarios
        self.kills += other.kills
        self.verdict.messages += other.verdict.messages
        self.verdict.problems += other.verdict.problems
        self.complaints += other.complaints

    def line(self) -> str:
        """The last line of a run."""
        figures = {"scenarios": self.scenarios, "kills": self.kills}
        figures["messages"] = self.verdict.messages
        return json.dumps({**figures, **self.verdict.counts()})

    def exit_code(self) -> int:
        """0 only where nothing is wrong and everything was shown."""
        return 1 if self.verdict.problems or self.complaints else 0


def run(world: World, scenarios: list[Scenario]) -> Result:
    """Run all scenarios, let everything come to rest, compare."""
    result = Result()
    for scenario in (the_gateway_is_known_to_have_something, *scenarios):
        result.scenarios += 1
        result.complaints += play(world, scenario)
    result.complaints += let_faults_strike(world)
    come_to_rest(world)
    result.kills = world.kills
    result.verdict = collect.verdict(world)
    show(world, result)
    return result


def the_gateway_is_known_to_have_something(world: World) -> None:
    """Without it no *not found* would be believed."""
    campaign = campaigns.sent(world, "First of all")
    campaign.wait_for("b.state = 'sent'", 2)


def play(world: World, scenario: Scenario) -> list[str]:
    """Run one scenario; return what is to be complained of."""
    started = time.monotonic()
    name = f"{title(scenario)} ({world.mode})"
    failures = []
    try:
        scenario(world)
    except HINDERED as error:
        failures.append(f"{name}: in vain: {type(error).__name__}: {error}")
    left = world.orders.withdraw()
    if left:
        failures.append(f"{name}: orders that nobody obeyed: {', '.join(left)}")
    word = "FAILED" if failures else "ok"
    print(f"  {word:<6} {time.monotonic() - started:6.1f} s  {name}", flush=True)
    return failures


def let_faults_strike(world: World) -> list[str]:
    """A fault that has struck nobody has shown nothing."""

    def left():
        faults = world.gateway.control("faults")["faults"]
        return [f"{f['kind']} ({f['match']})" for f in faults if f["times"]]

    try:
        world.wait(lambda: not left(), "faults struck")
    except DidNotHappen:
        return [f"faults that struck nobody: {', '.join(left())}"]
    return []


def come_to_rest(world: World) -> None:
    """Wait until nothing moves; what never rests is the checker's to judge.

    Where somebody was texted twice, no waiting makes it good again.
    """
    started = time.monotonic()
    world.gateway.control("faults", {"clear": True})
    world.crons.append("ir_cron_fetch_replies")
    try:
        world.wait(lambda: is_decided(world), "rest", SETTLE_SECONDS)
    except DidNotHappen:
        print(f"  No rest ({world.mode}): {collect.restless(world)}", flush=True)
    print(f"  at rest after {time.monotonic() - started:.1f} s", flush=True)


def is_decided(world: World) -> bool:
    """Whether what the run has to say can no longer change for the better."""
    twice = world.gateway.control("ledger")["duplicates"]["phones"]
    return bool(twice) or not collect.restless(world)


def show(world: World, result: Result) -> None:
    """Say what was broken, a line for each number; all of them would be too many."""
    failed = world.sql(
        "SELECT method_name, exc_name, count(*) FROM queue_job"
        " WHERE state = 'failed' GROUP BY 1, 2 ORDER BY 1, 2"
    )
    for method, error, count in failed:
        print(f"  failed jobs: {count} × {method}: {error}")
    print(f"  servers started again: {world.restarts}, kills: {world.kills}")
    for found in result.verdict.problems[:SHOWN]:
        print(f"  {found.kind.upper()}: {found.phone}: {found.text} ({found.campaign})")
    rest = len(result.verdict.problems) - SHOWN
    if rest > 0:
        print(f"  … and {rest} more")
    for text in result.complaints:
        print(f"  {text}")
