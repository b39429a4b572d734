"""Posting webhooks: by a pool in the background, or when a test pulls them."""

import heapq
import itertools
import threading
import time

from .behaviour import Fate
from .ledger import Request
from .plan import Callback, Planner
from .posting import Delivered, Post, Poster


class Callbacks:
    """The queue of callbacks and, while the simulator runs, its workers."""

    def __init__(self, sim):
        self.sim = sim
        self.planner = Planner(sim)
        self._queue: list[tuple[float, int, Callback]] = []
        self._order = itertools.count()
        self._busy = 0
        self._stopped = True
        self._change = threading.Condition()
        self._poster = Poster(sim)

    def plan(self, request: Request, fates: list[Fate]) -> None:
        """Queue what a request will cause."""
        self.add(*self.planner.plan(request, fates))

    def add(self, *callbacks: Callback) -> None:
        """Queue callbacks; those without an address are lost, as in reality."""
        with self._change:
            for each in callbacks:
                if each.url:
                    heapq.heappush(self._queue, (each.due, next(self._order), each))
            self._change.notify_all()

    def add_raw(self, url: str, body: dict) -> None:
        self.add(Callback(time.time(), url, "raw", raw=body))

    def start(self) -> None:
        self._stopped = False
        for number in range(self.sim.settings.workers):
            name = f"simulator-callback-{number}"
            threading.Thread(target=self._work, name=name, daemon=True).start()

    def stop(self) -> None:
        with self._change:
            self._stopped = True
            self._queue.clear()
            self._change.notify_all()

    def clear(self) -> None:
        """Forget what waits."""
        with self._change:
            self._queue.clear()
            self._change.notify_all()

    def take(self) -> list[Callback]:
        """All that wait, due or not, in the order in which they would arrive."""
        with self._change:
            taken = [each for _due, _order, each in sorted(self._queue)]
            self._queue.clear()
        self.sim.ledger.settle()
        return taken[::-1] if self.sim.settings.reorder else taken

    def deliver(self, post: Post | None = None) -> list[Delivered]:
        """Post all that wait, in this thread; refused ones wait for the next time."""
        return [done for each in self.take() for done in self._make(each, post)]

    def settle(self, timeout: float = 30.0) -> bool:
        """Wait until nothing is queued or being posted (push mode)."""
        with self._change:
            return self._change.wait_for(
                lambda: self._stopped or not (self._queue or self._busy), timeout
            )

    def waiting(self) -> int:
        with self._change:
            return len(self._queue) + self._busy

    def _work(self) -> None:
        while (each := self._next()) is not None:
            try:
                self._make(each, None)
            finally:
                with self._change:
                    self._busy -= 1
                    self._change.notify_all()

    def _next(self) -> Callback | None:
        """The next callback when it is due; None when the simulator stops."""
        with self._change:
            while not self._stopped:
                wait = None
                if self._queue and self.sim.settings.push:
                    wait = self._queue[0][0] - time.time()
                    if wait <= 0:
                        self._busy += 1
                        return heapq.heappop(self._queue)[2]
                self._change.wait(wait)
        return None

    def _make(self, callback: Callback, post: Post | None) -> list[Delivered]:
        bodies = callback.bodies(self.sim)
        if self.sim.settings.reorder:
            bodies = bodies[::-1]
        done = [self._poster.post(callback, body, post) for body in bodies]
        if all(each.status and 200 <= each.status < 300 for each in done):
            self._mark(callback)
        else:
            self._again(callback)
        return done

    def _mark(self, callback: Callback) -> None:
        for message, code in callback.told:
            message.pushed, message.shown = True, code
        self.sim.ledger.count("delivered")

    def _again(self, callback: Callback) -> None:
        settings = self.sim.settings
        if callback.attempt >= settings.retries or self._stopped:
            self.sim.ledger.count("abandoned")
            return
        callback.due = time.time() + settings.backoff * 2**callback.attempt
        callback.attempt += 1
        self.sim.ledger.count("repeated")
        self.add(callback)
