"""``make bench-screens``: what each screen costs with a million messages.

The same calls, of the same people, to the same server: first with an empty campaign and
an empty database, then with a full one. A form must not feel the size at all, lists may
not feel it, and a button answers within a second.
"""

import statistics
from dataclasses import dataclass

from tests.demo import campaign
from tests.demo.json2 import Json2

from . import screens_fill
from .browser import Browser, Call
from .screens_calls import CAMPAIGN, screens
from .stage import Stage
from .webhooks import p95

WARM = 3
CLICKS = 5


@dataclass
class Sizes:
    """How much of everything; the defaults are what the goals speak of."""

    messages: int = 1_000_000
    campaigns: int = 1000
    campaign_size: int = 100
    calls: int = 30


@dataclass(frozen=True)
class Timing:
    """Seconds of some calls of one screen."""

    median: float
    p95: float

    @classmethod
    def of(cls, seconds: list[float]) -> "Timing":
        return cls(statistics.median(seconds), p95(seconds))


def ratio(full: Timing, empty: Timing) -> float:
    """How many times slower the full one is, by the medians."""
    return round(full.median / empty.median, 2)


def milliseconds(timing: Timing) -> str:
    return f"{timing.median * 1000:8.1f} {timing.p95 * 1000:8.1f}"


def table(full: dict[str, Timing], empty: dict[str, Timing]) -> list[str]:
    """Lines for people: each screen with both databases."""
    head = f"{'ms':34}{'full':>8} {'p95':>8} {'empty':>8} {'p95':>8} {'ratio':>7}"
    lines = [head]
    for name, timing in full.items():
        base = empty.get(name)
        beside = f"{milliseconds(base)} {ratio(timing, base):7.2f}" if base else ""
        lines.append(f"{name:34}{milliseconds(timing)} {beside}".rstrip())
    return lines


class Screens:
    """Measures all screens twice, then the buttons."""

    def __init__(self, stage: Stage, sizes: Sizes):
        self.stage, self.sizes = stage, sizes
        self.manager = Json2(
            stage.stack.url, stage.stack.keys()["keys"]["manager"], stage.stack.name
        )

    def run(self) -> dict:
        """Run everything; print the table and return the figures."""
        big, beside = self.new_campaign("Big"), self.new_campaign("Empty")
        say(f"empty database: {self.sizes.calls} calls of each screen")
        empty = self.measure(self.calls(big, None))
        say(f"filling: {self.sizes.messages} messages")
        known = screens_fill.fill(self.stage, big, self.sizes)
        say(f"full database: {self.sizes.calls} calls of each screen")
        calls = self.calls(big, known)
        full = self.measure(calls)
        full |= self.forms_in_turn(calls, beside)
        say(f"buttons: {CLICKS} times each")
        clicks = self.click_all(big)
        for line in [*table(full, empty), "", *click_lines(clicks)]:
            print(line, flush=True)
        return figures(full, empty, clicks)

    def new_campaign(self, name: str) -> int:
        return campaign.import_contacts(self.manager, name, [], "realcred_margem")

    def browsers(self) -> dict[str, Browser]:
        stack = self.stage.stack
        logins = ("manager", "salesperson", "admin")
        return {who: Browser(stack.url, stack.name, who) for who in logins}

    def calls(self, big: int, known: dict | None) -> dict:
        """{screen: (who, call)}"""
        self.people = self.browsers()
        partner = known["partner"] if known else self.any_partner()
        number = "+5511900000100"
        return screens(self.people, big, self.run_of(big), partner, number)

    def any_partner(self) -> int:
        return self.stage.count("SELECT min(id) FROM res_partner WHERE active")

    def run_of(self, big: int) -> int:
        query = f"SELECT sms_run_id FROM {CAMPAIGN.replace('.', '_')} WHERE id = %s"
        return self.stage.count(query, big) or 0

    # -- screens -----------------------------------------------------------------------

    def measure(self, calls: dict[str, tuple[str, Call]]) -> dict[str, Timing]:
        return {name: self.time(who, call) for name, (who, call) in calls.items()}

    def time(self, who: str, call: Call) -> Timing:
        browser = self.people[who]
        for _try in range(WARM):
            browser.call(call)
        return Timing.of([browser.seconds(call) for _try in range(self.sizes.calls)])

    def forms_in_turn(self, calls: dict, beside: int) -> dict[str, Timing]:
        """Full and empty campaign in one database, by turns: other work slows both."""
        who, full = calls["campaign form"]
        empty = Call(full.model, full.method, [[beside]], full.kwargs)
        browser, seconds = self.people[who], ([], [])
        for number in range(WARM + self.sizes.calls):
            for call, found in zip((full, empty), seconds, strict=True):
                took = browser.seconds(call)
                if number >= WARM:
                    found.append(took)
        names = ("form by turns: full", "form by turns: empty")
        return dict(zip(names, map(Timing.of, seconds), strict=True))

    # -- buttons -----------------------------------------------------------------------

    def click_all(self, big: int) -> dict[str, list[float]]:
        """Press each button on a campaign of that many contacts, a few times."""
        self.stage.sql("UPDATE ir_cron SET active = FALSE")
        run = self.run_of(big)
        found: dict[str, list[float]] = {}
        for _time in range(CLICKS):
            self.as_planned(big, run)
            for verb in ("release", "pause", "resume", "cancel"):
                took = self.press(f"action_sms_{verb}", big)
                found.setdefault(verb, []).append(took)
            self.as_new(big)
            for name, verb in (("send", "action_send_campaign"), *STOPS):
                found.setdefault(name, []).append(self.press(verb, big))
            self.rest()
        return found

    def press(self, method: str, record: int) -> float:
        call = Call(CAMPAIGN, method, [[record]], route="call_button")
        return self.people["manager"].seconds(call)

    def as_planned(self, big: int, run: int) -> None:
        """All batches wait for *Send what is planned*, and nothing is counted yet."""
        for statement in PLANNED:
            self.stage.sql(statement, run)
        self.stage.sql(POINT, run, big)

    def as_new(self, big: int) -> None:
        self.stage.sql(POINT, None, big)

    def rest(self) -> None:
        """Wait until the jobs of the last clicks have ended."""
        self.stage.wait(lambda: not self.stage.count(WORKING), 120)


POINT = "UPDATE contacts_realcred_campaign SET sms_run_id = %s WHERE id = %s"
STOPS = (
    ("pause while planning", "action_sms_pause"),
    ("cancel while planning", "action_sms_cancel"),
)
PLANNED = (
    "DELETE FROM sms_batch_stat WHERE run_id = %s",
    "UPDATE sms_batch SET state = 'draft', sent_date = NULL WHERE run_id = %s",
    "UPDATE sms_run SET state = 'ready', done_at = NULL WHERE id = %s",
)
WORKING = """
    SELECT count(*) FROM queue_job
    WHERE state IN ('pending', 'enqueued', 'started') AND eta IS NULL
"""


def click_lines(clicks: dict[str, list[float]]) -> list[str]:
    lines = [f"{'click, s':34}{'median':>8} {'worst':>8}"]
    for name, seconds in clicks.items():
        median = statistics.median(seconds)
        lines.append(f"{name:34}{median:8.3f} {max(seconds):8.3f}")
    return lines


def figures(
    full: dict[str, Timing], empty: dict[str, Timing], clicks: dict[str, list[float]]
) -> dict:
    """What the last line says; the goals first."""
    turns = full["form by turns: full"], full["form by turns: empty"]
    return {
        "form_1m_ratio": ratio(*turns),
        "click_1m_s": round(max(map(max, clicks.values())), 3),
        "lists": {
            name: {
                "ms": round(timing.median * 1000, 1),
                "p95_ms": round(timing.p95 * 1000, 1),
                "ratio": ratio(timing, empty[name]),
            }
            for name, timing in full.items()
            if name in empty
        },
    }


def say(text: str) -> None:
    print(f"==> {text}", flush=True)


def screens_bench(workers: int, sizes: Sizes) -> dict:
    """Run the benchmark on a stage of its own; return the figures."""
    stage = Stage(workers, "bench_screens")
    try:
        stage.start()
        return Screens(stage, sizes).run()
    finally:
        stage.stop()
