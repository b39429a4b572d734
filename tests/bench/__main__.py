"""``python -m tests.bench all|million|growth|webhooks|screens``; the last line is JSON.

Ends 1 when something was lost; goals that are missed are reported, not hidden.
"""

import argparse
import json
import signal
import sys

from . import everything, growth, machine, million, screens
from .stage import Stage
from .webhooks import Sizes, Webhooks

PARTS = {
    "all": everything.Sizes(),
    "million": million.Sizes(),
    "growth": growth.Sizes(),
    "webhooks": Sizes(),
    "screens": screens.Sizes(),
}


def main() -> int:
    """Run one benchmark."""
    parser = argparse.ArgumentParser(prog="tests.bench")
    parts = parser.add_subparsers(dest="what", required=True)
    for name, sizes in PARTS.items():
        part = parts.add_parser(name)
        if name == "all":
            part.add_argument("--parts", default=",".join(everything.PARTS))
        else:
            part.add_argument("--workers", type=int, default=0, help="0: threads")
        for size, default in vars(sizes).items():
            flag = f"--{size.replace('_', '-')}"
            part.add_argument(flag, type=int, default=default)
    options = vars(parser.parse_args())
    # A plain ``kill`` stops the servers too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    what = options.pop("what")
    if what == "all":
        return bench_all(options)
    workers = options.pop("workers")
    if what == "webhooks":
        sizes = Sizes(**options)
        if sizes.events < sizes.repliers:
            parser.error(f"--events: {sizes.repliers} or more, as each replier has one")
        return webhooks(workers, sizes)
    if what == "million":
        figures = million.million_bench(workers, million.Sizes(**options))
    elif what == "growth":
        figures = growth.growth_bench(workers, growth.Sizes(**options))
    else:
        figures = screens.screens_bench(workers, screens.Sizes(**options))
    print(json.dumps({**figures, **machine.describe()}), flush=True)
    return 0


def bench_all(options: dict) -> int:
    """Run ``make bench``."""
    parts = tuple(options.pop("parts").split(","))
    figures = everything.bench(everything.Sizes(**options), parts)
    print(json.dumps({**figures, **machine.describe()}), flush=True)
    return 1 if figures.get("lost") else 0


def webhooks(workers: int, sizes: Sizes) -> int:
    """Run the benchmark of the inbox and print its figures."""
    stage = Stage(workers)
    try:
        stage.start()
        figures = Webhooks(stage, sizes).run()
    finally:
        stage.stop()
    figures = {**figures, "workers": workers, **machine.describe()}
    print(json.dumps(figures), flush=True)
    return 1 if figures["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
