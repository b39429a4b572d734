"""The benchmark's client: each request once, statuses counted, pace kept."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.bench.load import Load, closes, length_of, post_all
from tests.bench.webhooks import p95


@pytest.fixture
def server():
    """A server that remembers bodies; a body ``close`` ends the connection."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.bodies.append(body)
            self.send_response(500 if body == b"fail" else 200)
            if body == b"close":
                self.send_header("Connection", "close")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_arguments):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    running.bodies = []
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


def url(server) -> str:
    return f"http://127.0.0.1:{server.server_port}/hook"


def test_every_body_is_posted_once_whatever_the_server_closes(server):
    bodies = [b"close" if n % 3 == 0 else f"{n}".encode() for n in range(60)]
    load = post_all(url(server), bodies, connections=4).check()
    assert sorted(server.bodies) == sorted(bodies)
    assert load.statuses == {200: 60} and len(load.latencies) == 60
    assert set(load.started) == set(range(60))


def test_a_refusal_makes_the_figures_void(server):
    load = post_all(url(server), [b"fine", b"fail"], connections=1)
    assert load.statuses == {200: 1, 500: 1}
    with pytest.raises(RuntimeError, match="500"):
        load.check()


def test_paced_requests_count_from_when_they_were_due(server):
    load = post_all(url(server), [b"x"] * 5, connections=2, pace=50.0)
    begin = load.started[0]
    due = [round(load.started[number] - begin, 3) for number in range(5)]
    assert due == [0.0, 0.02, 0.04, 0.06, 0.08]


def test_answers_are_read_as_http_says():
    assert closes(b"HTTP/1.0 200 OK\r\nServer: x")
    assert not closes(b"HTTP/1.1 200 OK\r\nServer: x")
    assert closes(b"HTTP/1.1 200 OK\r\nConnection: close")
    assert length_of(b"HTTP/1.1 200 OK\r\ncontent-LENGTH: 17") == 17
    with pytest.raises(ConnectionError):
        length_of(b"HTTP/1.1 200 OK")


def test_ninety_five_of_a_hundred():
    assert p95([float(n) for n in range(1, 101)]) == 95.0
    assert p95([7.0]) == 7.0
    assert Load(seconds=2.0).rate == 0.0
