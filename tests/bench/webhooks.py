"""``make bench-webhooks``: what the inbox takes, and how soon a person hears of it.

Four parts over one accepted campaign: requests in a second beside a public route that
does nothing; a burst of reports and replies, of which nothing may be lost; replies at
a steady pace while reports arrive; a burst of replies alone.
"""

import itertools
import random
import statistics
import threading
import uuid
from dataclasses import dataclass, field

from .load import Load, post_all
from .stage import STATES, Sent, Stage
from .watch import Watch

CODES = (3,) * 88 + (4,) * 5 + (5,) * 3 + (6,) * 4
TEXTS = ("SIM QUERO", "Quanto fica a parcela?", "Não tenho interesse, obrigado")
ROUNDS = 6
REPLIES_A_SECOND = 20
REPORTS_A_SECOND = 50
NEVER = float("inf")


@dataclass
class Sizes:
    """How much of everything; the defaults are what the goals speak of."""

    events: int = 10_000
    replies: int = 1_000
    seconds: int = 60
    connections: int = 4
    ratio_requests: int = 500

    @property
    def messages(self) -> int:
        """Messages that the parts need, each with reports of its own."""
        return self.events + self.seconds * REPORTS_A_SECOND + self.ratio_messages

    @property
    def repliers(self) -> int:
        """Customers who answer, each once; they are among those of the burst."""
        return 2 * self.replies + self.seconds * REPLIES_A_SECOND

    @property
    def ratio_messages(self) -> int:
        return ROUNDS * self.ratio_requests


@dataclass
class Told:
    """What was posted, and so must be there in the end."""

    codes: dict[int, int] = field(default_factory=dict)  # message id: code
    replies: dict[str, Sent] = field(default_factory=dict)  # reply id: answered

    def report(self, dice: random.Random, message: Sent) -> bytes:
        self.codes[message.id] = dice.choice(CODES)
        return message.status_body(self.codes[message.id])

    def reply(self, dice: random.Random, message: Sent) -> bytes:
        number = str(uuid.UUID(int=dice.getrandbits(128)))
        self.replies[number] = message
        return message.reply_body(number, dice.choice(TEXTS))


class Webhooks:
    """The four parts and what they found."""

    def __init__(self, stage: Stage, sizes: Sizes):
        self.stage, self.sizes = stage, sizes
        self.dice, self.told = random.Random(19), Told()
        self.figures: dict = {}

    def run(self) -> dict:
        """Run all parts; return the figures."""
        sizes = self.sizes
        print(f"==> a campaign of {sizes.messages} messages is sent", flush=True)
        messages = self.stage.send(sizes.messages)
        self.url = self.stage.webhook()
        self.yardstick = f"{self.stage.stack.url}/sms_bench/empty"
        burst, rest = messages[: sizes.events], messages[sizes.events :]
        ratio, steady = rest[: sizes.ratio_messages], rest[sizes.ratio_messages :]
        repliers = iter(burst)
        self.measure_ratio(ratio)
        self.burst(burst, take(repliers, sizes.replies))
        self.steady(steady, take(repliers, sizes.seconds * REPLIES_A_SECOND))
        self.reply_burst(take(repliers, sizes.replies))
        self.figures |= self.losses()
        return self.figures

    # -- requests in a second ----------------------------------------------------------

    def measure_ratio(self, messages: list[Sent]) -> None:
        """Alternate with the empty route, so that both have the machine's moods.

        The empty route waits until the reports before it are applied: their job's
        work counts on their side.
        """
        empty, ours, waits = [], [], []
        number = self.sizes.ratio_requests
        filler = messages[0].status_body(3)
        post_all(self.yardstick, [filler] * number, self.sizes.connections).check()
        for start in range(0, len(messages), number):
            part = messages[start : start + number]
            empty.append(self.post(self.yardstick, [filler] * number).rate)
            bodies = [self.told.report(self.dice, message) for message in part]
            ours.append(self.post(self.url, bodies).rate)
            waits.append(self.stage.wait(self.stage.at_rest))
        pairs = [mine / theirs for mine, theirs in zip(ours, empty, strict=True)]
        self.note("empty_rps", statistics.median(empty), 0)
        self.note("webhook_rps", statistics.median(ours), 0)
        self.note("webhook_ratio", statistics.median(pairs), 2)

    def post(self, url: str, bodies: list[bytes], pace: float = 0.0) -> Load:
        return post_all(url, bodies, self.sizes.connections, pace).check()

    # -- bursts ------------------------------------------------------------------------

    def burst(self, messages: list[Sent], answered: list[Sent]) -> None:
        """Reports and replies at once, each in a request of its own."""
        bodies = [self.told.report(self.dice, message) for message in messages]
        bodies += [self.told.reply(self.dice, message) for message in answered]
        self.dice.shuffle(bodies)
        with Watch(self.stage) as watch:
            load = self.post(self.url, bodies)
            self.note("burst_rps", load.rate, 0)
            self.note("burst_post_p95_s", p95(load.latencies), 3)
            rest = self.stage.wait(self.stage.at_rest)
            self.note("burst_applied_s", load.seconds + rest, 1)
            watch.wait_for({m.partner_id for m in answered}, 5)

    def reply_burst(self, answered: list[Sent]) -> None:
        """Replies alone, as fast as they can come."""
        bodies = [self.told.reply(self.dice, message) for message in answered]
        with Watch(self.stage) as watch:
            load = self.post(self.url, bodies)
            watch.wait_for({m.partner_id for m in answered}, 120)
        begin = min(load.started.values())
        for kind, seen in watch.seen.items():
            last = max(seen.get(m.partner_id, NEVER) for m in answered)
            self.note(f"reply_burst_{kind}_s", last - begin, 1)
        self.stage.wait(self.stage.at_rest)

    # -- the steady pace ---------------------------------------------------------------

    def steady(self, messages: list[Sent], answered: list[Sent]) -> None:
        """Replies as they come in good times, while reports arrive."""
        reports = [self.told.report(self.dice, message) for message in messages]
        replies = [self.told.reply(self.dice, message) for message in answered]
        other = threading.Thread(
            target=self.post, args=(self.url, reports, REPORTS_A_SECOND)
        )
        with Watch(self.stage) as watch:
            other.start()
            load = self.post(self.url, replies, REPLIES_A_SECOND)
            other.join()
            watch.wait_for({m.partner_id for m in answered}, 60)
        both = []
        for kind, seen in watch.seen.items():
            waits = [
                seen.get(message.partner_id, NEVER) - load.started[number]
                for number, message in enumerate(answered)
            ]
            both.append(waits)
            self.note(f"reply_{kind}_p50_s", statistics.median(waits), 3)
            self.note(f"reply_{kind}_p95_s", p95(waits), 3)
        self.note("reply_p95_s", p95([max(pair) for pair in zip(*both, strict=True)]))
        self.note("reply_max_s", max(max(pair) for pair in zip(*both, strict=True)))
        self.stage.wait(self.stage.at_rest)

    # -- nothing lost ------------------------------------------------------------------

    def losses(self) -> dict:
        """Compare what was told with what is there."""
        states = dict(self.stage.sql("SELECT id, state FROM sms_message"))
        wrong = sum(states[i] != STATES[code] for i, code in self.told.codes.items())
        stored = {row[0]: row[1] for row in self.stage.sql(REPLIES)}
        unstored = sum(stored.get(f"reply:{key}", 0) != 1 for key in self.told.replies)
        partners = {m.partner_id for m in self.told.replies.values()}
        shown = {
            name: len(partners) - self.stage.count(query)
            for name, query in CONSEQUENCES.items()
        }
        for name, value in {"states": wrong, "replies": unstored, **shown}.items():
            print(f"    lost {name}: {value}", flush=True)
        return {
            "events": len(self.told.codes),
            "replies": len(self.told.replies),
            "lost": wrong + unstored + sum(map(abs, shown.values())),
        }

    def note(self, name: str, value: float, digits: int = 3) -> None:
        """Keep a figure, and print it at once."""
        self.figures[name] = round(value, digits) if digits else round(value)
        print(f"    {name}: {self.figures[name]}", flush=True)


# One message for each reply, one activity and one ChatRoom message for each customer.
REPLIES = """
    SELECT e.key, count(DISTINCT m.id) FROM sms_event e
    JOIN sms_message m ON m.id = e.message_id AND m.direction = 'incoming'
    WHERE e.kind = 'reply' GROUP BY 1
"""
CONSEQUENCES = {
    "incoming messages": "SELECT count(*) FROM sms_message"
    " WHERE direction = 'incoming'",
    "activities": "SELECT count(*) FROM mail_activity a JOIN sms_message m"
    " ON m.partner_id = a.res_id AND m.direction = 'incoming'"
    " WHERE a.res_model = 'res.partner'",
    "chatroom messages": "SELECT count(*) FROM acrux_chat_message"
    " WHERE NOT from_me AND sms_message_id IS NOT NULL",
}


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def take(iterator, number: int) -> list:
    """The next so many of an iterator."""
    return list(itertools.islice(iterator, number))
