"""What tests of the simulator share: a caller, and a receiver of webhooks."""

import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

from tests.simulator import Rates, Simulator


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent; answers ``statuses`` in turn, the last for ever."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *statuses):
        self.statuses = list(statuses or (200,))
        self.calls: list[tuple[str, dict, bytes]] = []
        self.guard = threading.Lock()
        super().__init__(("127.0.0.1", 0), ReceiverHandler)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hook/made-up-secret"

    @property
    def bodies(self):
        with self.guard:
            return [json.loads(raw) for _path, _headers, raw in self.calls]

    def close(self):
        self.shutdown()
        self.server_close()


class ReceiverHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        server = self.server
        with server.guard:
            server.calls.append((self.path, dict(self.headers), raw))
            more = len(server.statuses) > 1
            status = server.statuses.pop(0) if more else server.statuses[0]
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


class SimulatorCase(unittest.TestCase):
    """A running simulator in ``self.sim``, calm unless a test says otherwise."""

    settings = {"push": False}
    rates = vars(Rates.calm())

    def setUp(self):
        self.sim = Simulator(rates=self.rates, **self.settings).start()
        self.addCleanup(self.sim.stop)
        self.session = requests.Session()
        self.session.trust_env = False
        self.addCleanup(self.session.close)

    def receiver(self, *statuses):
        receiver = Receiver(*statuses)
        self.addCleanup(receiver.close)
        return receiver

    def post(self, path, body=None, token=None, **options):
        token = token or self.sim.settings.token
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.sim.url}/{path}"
        options = {"timeout": 10, "allow_redirects": False, **options}
        return self.session.post(url, json=body or {}, headers=headers, **options)

    def store(self, *phones, reference="batch-1", text="Ola", **more):
        """Send one message a phone; returns the answer's body."""
        rows = [
            {"phone": phone, "message": text, "reference": f"m{number}"}
            for number, phone in enumerate(phones)
        ]
        body = {"messages": rows, "reference": reference, **more}
        return self.post("sms/store", body).json()

    def control(self, name, body=None):
        url = f"{self.sim.control_url}/{name}"
        if body is None:
            return self.session.get(url, timeout=10).json()
        return self.session.post(url, json=body, timeout=10).json()


def phones(count, first=900000001):
    """Made-up national numbers, as text with the country code."""
    return [f"5511{first + number}" for number in range(count)]
