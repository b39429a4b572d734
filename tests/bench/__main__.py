"""``python -m tests.bench webhooks|screens|growth``: one JSON object is the last line.

Ends 1 when something was lost; goals that are missed are reported, not hidden.
"""

import argparse
import json
import signal
import sys

from . import growth, machine, screens
from .stage import Stage
from .webhooks import Sizes, Webhooks


def main() -> int:
    """Run one benchmark."""
    parser = argparse.ArgumentParser(prog="tests.bench")
    parts = parser.add_subparsers(dest="what", required=True)
    kinds = {"webhooks": Sizes(), "screens": screens.Sizes(), "growth": growth.Sizes()}
    for name, sizes in kinds.items():
        part = parts.add_parser(name)
        part.add_argument("--workers", type=int, default=0, help="0: threads")
        for size, default in vars(sizes).items():
            flag = f"--{size.replace('_', '-')}"
            part.add_argument(flag, type=int, default=default)
    options = vars(parser.parse_args())
    what, workers = options.pop("what"), options.pop("workers")
    # A plain ``kill`` stops the servers too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if what == "screens":
        figures = screens.screens_bench(workers, screens.Sizes(**options))
        print(json.dumps({**figures, **machine.describe()}), flush=True)
        return 0
    if what == "growth":
        figures = growth.growth_bench(workers, growth.Sizes(**options))
        print(json.dumps({**figures, **machine.describe()}), flush=True)
        return 0
    sizes = Sizes(**options)
    if sizes.events < sizes.repliers:
        parser.error(f"--events: {sizes.repliers} or more, as each replier has one")
    return webhooks(workers, sizes)


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
