"""A stand-in for Odoo's own SMS service, on loopback: nothing leaves the machine."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class FakeIap:
    """Accepts every SMS and keeps the numbers."""

    def __init__(self):
        self.numbers: list[str] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            """JSON-RPC, as ``/api/sms/3/send`` speaks it."""

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                body = json.loads(self.rfile.read(length))
                answer = {"jsonrpc": "2.0", "id": body["id"]}
                answer["result"] = fake.send(body["params"])
                data = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args):
                """The test's output is the test's."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def send(self, params: dict) -> list[dict]:
        """Answer one call."""
        sent = [n for m in params.get("messages", []) for n in m["numbers"]]
        self.numbers += [number["number"] for number in sent]
        return [{"uuid": number["uuid"], "state": "success"} for number in sent]

    def stop(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()
