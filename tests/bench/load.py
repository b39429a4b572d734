"""Posting as fast as a server takes it, or at a steady pace: one thread a connection.

A client that costs little, because it shares the machine with what it measures:
requests are ready before the clock starts, and of an answer only the status is read.
"""

import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

ANSWER_WITHIN = 120.0
UNANSWERED = 0


@dataclass
class Load:
    """What came of some requests; ``started`` is when each was due, by its index."""

    seconds: float = 0.0
    statuses: Counter = field(default_factory=Counter)
    started: dict[int, float] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests answered with 200 in a second."""
        return self.statuses[200] / self.seconds

    def check(self) -> "Load":
        """Return it; a benchmark of refusals would measure nothing."""
        if set(self.statuses) != {200}:
            raise RuntimeError(f"not all were answered with 200: {self.statuses}")
        return self


class Connection:
    """One client's connection, opened again whenever the server closes it."""

    def __init__(self, url: str):
        parts = urlsplit(url)
        self.address = (parts.hostname, parts.port)
        self.socket: socket.socket | None = None

    def post(self, request: bytes) -> int:
        """Send one request; return the status, or 0 where there was no answer."""
        for _attempt in range(3):
            try:
                return self._exchange(request)
            except OSError:
                self.close()
        return UNANSWERED

    def _exchange(self, request: bytes) -> int:
        if self.socket is None:
            self.socket = socket.create_connection(self.address, ANSWER_WITHIN)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        head, _blank, rest = self._read_head()
        missing = length_of(head) - len(rest)
        while missing > 0:
            missing -= len(self._receive())
        if closes(head):
            self.close()
        return int(head.split(b" ", 2)[1])

    def _read_head(self) -> tuple[bytes, bytes, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._receive()
        return data.partition(b"\r\n\r\n")

    def _receive(self) -> bytes:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("closed by the server")
        return data

    def close(self) -> None:
        """Close it; the next request opens another."""
        if self.socket:
            self.socket.close()
        self.socket = None


def closes(head: bytes) -> bool:
    """Whether the server closes after this answer (HTTP/1.0 does unless it says)."""
    head = head.lower()
    if head.startswith(b"http/1.0"):
        return b"\r\nconnection: keep-alive" not in head
    return b"\r\nconnection: close" in head


def length_of(head: bytes) -> int:
    """The answer's Content-Length."""
    for line in head.split(b"\r\n"):
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ConnectionError("an answer without a length")


def request_of(url: str, body: bytes) -> bytes:
    """A whole POST request, ready to be sent."""
    parts = urlsplit(url)
    head = (
        f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        "Content-Type: application/json\r\nConnection: keep-alive\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def post_all(
    url: str, bodies: Sequence[bytes], connections: int = 4, pace: float = 0.0
) -> Load:
    """Post all bodies; with ``pace`` (a second), each when it is due.

    A paced request counts from the moment at which it was due, so that a server
    that makes the client wait is not excused.
    """
    requests = [request_of(url, body) for body in bodies]
    load, turn, lock = Load(), iter(range(len(requests))), threading.Lock()
    begin = time.monotonic()

    def work() -> None:
        connection = Connection(url)
        while (number := next_turn()) is not None:
            due = begin + number / pace if pace else time.monotonic()
            time.sleep(max(0.0, due - time.monotonic()))
            load.started[number] = due
            status = connection.post(requests[number])
            with lock:
                load.statuses[status] += 1
                load.latencies.append(time.monotonic() - due)
        connection.close()

    def next_turn() -> int | None:
        with lock:
            return next(turn, None)

    threads = [threading.Thread(target=work) for _number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.seconds = time.monotonic() - begin
    return load
