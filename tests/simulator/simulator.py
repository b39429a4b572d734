"""The simulator as an object: start it, send to ``url``, look at its ledger."""

import threading
import time

from . import report
from .behaviour import Fate, decide
from .callbacks import Callbacks
from .faults import Fault, Faults
from .handler import Server
from .ledger import Ledger, Reply, new_id
from .plan import Callback
from .posting import Delivered, Post
from .routes import BASE, Limiter
from .settings import Settings
from .text import required


class Simulator:
    """A gateway on loopback; a context manager.

    ``changes`` are fields of ``Settings``. With ``push=False`` nothing is posted
    by itself: ``deliver()`` posts what waits, ``take()`` hands it over.
    """

    def __init__(self, settings: Settings | None = None, *, port: int = 0, **changes):
        self.settings = settings or Settings()
        self.settings.update(changes)
        self.port = port
        self.ledger = Ledger()
        self.faults = Faults()
        self.limiter = Limiter(self.settings)
        self.callbacks = Callbacks(self)
        self.web_replies: list[dict] = []
        self.stopping = threading.Event()
        self._fates: dict[str, Fate] = {}
        self._server: Server | None = None

    def __enter__(self) -> "Simulator":
        return self.start()

    def __exit__(self, *exc) -> None:
        self.stop()

    def start(self) -> "Simulator":
        """Listen. After ``stop()`` it comes back on the same port, ledger kept."""
        self.stopping.clear()
        self._server = Server(self.port, self)
        self.port = self._server.server_port
        serve = self._server.serve_forever
        args = (0.02,)
        threading.Thread(target=serve, args=args, name="simulator", daemon=True).start()
        self.callbacks.start()
        return self

    def stop(self) -> None:
        """Stop listening and posting; every open connection ends."""
        self.stopping.set()
        self.callbacks.stop()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server.close_all()
            self._server = None

    def reset(self) -> None:
        """Forget everything but the settings."""
        self.callbacks.clear()
        self.faults.clear()
        self._fates.clear()
        self.web_replies.clear()
        self.ledger = Ledger()
        self.limiter = Limiter(self.settings)

    @property
    def url(self) -> str:
        """Base address of the API."""
        return f"http://127.0.0.1:{self.port}{BASE.rstrip('/')}"

    @property
    def control_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/_control"

    @property
    def balance(self) -> float:
        return self.settings.balance - self.ledger.spent

    def fault(self, kind: str, **options) -> Fault:
        """Switch a fault on, see ``faults.Fault``."""
        return self.faults.add(Fault(kind, **options))

    def fate(self, phone: str, **fields) -> Fate:
        """Decide what becomes of one number, instead of the draw."""
        fate = Fate(**fields)
        self._fates[required(phone)] = fate
        return fate

    def fate_of(self, number: str) -> Fate:
        own = self._fates.get(number)
        return own or decide(self.settings.seed, number, self.settings.rates)

    def echoed(self, reference: object) -> object:
        """A message's reference as answers and events repeat it."""
        style = self.settings.echo_reference
        if style == "null":
            return None
        if style == "int" and str(reference).isdigit():
            return int(reference)
        return reference

    def reply(
        self,
        phone: str,
        text: str,
        *,
        via: str = "both",
        id: str | None = None,
        at: float | None = None,
    ) -> Reply:
        """Let a phone answer the last message that it got, or out of the blue.

        ``via``: ``both``, ``webhook`` (no poll shows it) or ``poll``. ``at`` is
        an epoch, for a reply of the past.
        """
        if via not in ("both", "webhook", "poll"):
            raise ValueError(f"via is no {via!r}")
        message = self.ledger.last_to(phone)
        received = at if at is not None else time.time()
        reply = Reply(id or new_id(), required(phone), text, received, message)
        if via != "webhook":
            reply = self.ledger.add_reply(reply)
        if via != "poll":
            planner = self.callbacks.planner
            self.callbacks.add(planner.reply_callback(reply, time.time()))
        return reply

    def deliver(self, post: Post | None = None) -> list[Delivered]:
        """Post all callbacks that wait, in this thread; see ``Callbacks``."""
        return self.callbacks.deliver(post)

    def take(self) -> list[Callback]:
        """The callbacks that wait, taken off the queue; ``bodies(sim)`` each."""
        return self.callbacks.take()

    def settle(self, timeout: float = 30.0) -> bool:
        """Wait until every callback was made or given up (push mode)."""
        return self.callbacks.settle(timeout)

    def summary(self) -> dict:
        """Counts of the ledger; ``duplicates`` should be empty."""
        waiting = self.callbacks.waiting()
        return {**report.summary(self.ledger), "callbacks_waiting": waiting}

    def messages(self, **filters) -> list[dict]:
        """Acceptances in full: ``phone``, ``reference``, ``limit``."""
        return report.rows(self.ledger, **filters)
