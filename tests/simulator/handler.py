"""The HTTP server: keep-alive, one thread a connection, loopback only."""

import socket
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from . import control, routes
from .answers import Answer, errors

LARGEST_BODY = 8 * 1024 * 1024


class Handler(BaseHTTPRequestHandler):
    """Reads a call, asks ``routes`` or ``control``, writes or breaks the answer."""

    protocol_version = "HTTP/1.1"
    server_version = "simulator"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024  # head and body in one packet

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            return self._write(errors(413, "Payload too large."))
        return self._answer(self.command, self.rfile.read(length))

    def do_GET(self):
        return self._answer("GET", b"")

    do_PUT = do_PATCH = do_DELETE = do_POST

    def _answer(self, method: str, raw: bytes) -> None:
        sim, address = self.server.sim, urlsplit(self.path)
        if address.path.startswith(control.BASE):
            query = {name: each[0] for name, each in parse_qs(address.query).items()}
            found = control.answer(sim, method, address.path, query, raw)
        else:
            found = routes.answer(sim, method, address.path, self.headers, raw)
        act = getattr(self, f"_{found.act}") if found.act else self._write
        act(found)

    def _write(self, found: Answer) -> None:
        content = found.content()
        self._head(found, len(content))
        if self.command != "HEAD" and found.status != 204:
            self.wfile.write(content)

    def _head(self, found: Answer, length: int) -> None:
        self.send_response(found.status)
        for name, value in found.headers.items():
            self.send_header(name, value)
        if found.body is not None:
            self.send_header("Content-Type", found.kind)
        if found.status != 204:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    # Breakages. The thread waits on an event, so that stopping is quick.

    def _hold(self, found: Answer) -> None:
        """No answer until the caller has lost patience."""
        self.server.sim.stopping.wait(found.seconds)
        self._close(found)

    def _slow(self, found: Answer) -> None:
        self.server.sim.stopping.wait(found.seconds)
        self._write(found)

    def _close(self, found: Answer) -> None:
        self.close_connection = True

    def _reset(self, found: Answer) -> None:
        """A reset instead of an answer: to a careless client, a refusal."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.server.resets.add(self.connection)

    def _cut(self, found: Answer) -> None:
        """Half of what was announced."""
        content = found.content()
        self._head(found, len(content))
        self.wfile.write(content[: len(content) // 2])
        self.close_connection = True

    def _drip(self, found: Answer) -> None:
        """A byte at a time, within every read timeout, for ``seconds`` in all."""
        content = found.content()
        self._head(found, len(content))
        self.wfile.flush()
        pause = found.seconds / max(1, len(content))
        for each in content:
            self.wfile.write(bytes([each]))
            self.wfile.flush()
            if self.server.sim.stopping.wait(pause):
                break

    def log_message(self, *args):
        """Silent: the ledger tells all, and paths may hold secrets."""


class Server(ThreadingHTTPServer):
    """Knows its connections, so that stopping also ends the idle ones."""

    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = True

    def __init__(self, port: int, sim):
        self.sim = sim
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        self.resets: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)

    def process_request(self, request, client_address):
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        with self._guard:
            self._open.discard(request)
        if request in self.resets:
            # Without the usual shutdown, the linger of zero makes it a reset.
            self.resets.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request, client_address):
        """Callers that hang up are part of the play; other errors are shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def close_all(self) -> None:
        """End every connection: a pooled one must not outlive the server."""
        with self._guard:
            open_now = list(self._open)
        for connection in open_now:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
