"""``python -m tests.simulator``: a gateway in a terminal."""

import argparse
import json
import signal
import threading

from .settings import Rates, Settings
from .simulator import Simulator


def span(text: str) -> tuple[float, float]:
    """``1-3`` or ``2``: seconds from, to."""
    low, _dash, high = text.partition("-")
    return float(low), float(high or low)


def parser() -> argparse.ArgumentParser:
    """Flags; everything else is set through ``/_control/settings``."""
    known = argparse.ArgumentParser(
        prog="python -m tests.simulator",
        description="A Kolmeya gateway on loopback, with a ledger.",
    )
    add = known.add_argument
    add("--port", type=int, default=0, help="0 chooses a free one")
    add("--token", default=Settings.token)
    add("--seed", default=Settings.seed, help="decides what becomes of a number")
    add("--webhook-delay", type=span, default=(1.0, 3.0), metavar="1-3")
    add("--reply-delay", type=span, default=(1.0, 3.0), metavar="1-3")
    add("--webhook-url", help="the portal's address, for requests without one")
    add("--reply-url", help="the portal's second address")
    add("--profile", default="docs", choices=PROFILES, help="shape of the webhooks")
    add("--jwt-secret", help="sign webhooks (32 bytes or more)")
    add("--group-size", type=int, default=150, help="statuses in one webhook")
    add("--workers", type=int, default=4, help="threads that post webhooks")
    add("--rate-limit", type=int, default=500, help="calls a minute; 0 is none")
    add("--balance", type=float, default=9396.84)
    add("--price", type=float, default=0.10, help="of a segment")
    add("--calm", action="store_true", help="all is delivered, nobody answers")
    add("--pull", action="store_true", help="post only on POST /_control/deliver")
    add("--set", action="append", default=[], metavar="NAME=JSON", help="any setting")
    return known


PROFILES = ("docs", "seed003-flat", "seed000-flat", "payload-wrapped")


def settings_of(options: argparse.Namespace) -> Settings:
    """Settings of the flags; ``--set`` has the last word."""
    settings = Settings(
        token=options.token,
        seed=options.seed,
        rates=Rates.calm() if options.calm else Rates(),
        webhook_delay=options.webhook_delay,
        reply_delay=options.reply_delay,
        webhook_url=options.webhook_url,
        reply_url=options.reply_url,
        profile=options.profile,
        jwt_secret=options.jwt_secret,
        group_size=options.group_size,
        workers=options.workers,
        rate_limit=options.rate_limit,
        balance=options.balance,
        price_per_segment=options.price,
        push=not options.pull,
    )
    for pair in options.set:
        name, _equals, value = pair.partition("=")
        settings.update({name: json.loads(value)})
    return settings


def main(arguments: list[str] | None = None) -> None:
    """Serve until interrupted; prints its addresses first, one a line."""
    options = parser().parse_args(arguments)
    ended = threading.Event()
    # First: who has read the address may end us at once.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: ended.set())
    simulator = Simulator(settings_of(options), port=options.port).start()
    print(f"API      {simulator.url}", flush=True)
    print(f"control  {simulator.control_url}", flush=True)
    ended.wait()
    print(json.dumps(simulator.summary(), indent=1), flush=True)
    simulator.stop()
