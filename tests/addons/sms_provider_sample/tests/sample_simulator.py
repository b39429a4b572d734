"""The sample gateway, simulated: small, and unlike the other one in every word.

``POST /v2/messages`` takes up to 100 items and answers each of them; ``/v2/lookup``
lists the items of a tag; ``/v2/inbox`` lists replies. There is no balance, and nobody
can be blocked.
"""

import itertools
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MOST_ITEMS = 100


class SampleSimulator(ThreadingHTTPServer):
    """Keeps what it took in ``taken``; a test sets what it refuses or loses."""

    daemon_threads = True

    def __init__(self, key):
        self.key = key
        self.taken, self.inbox, self.hooks = {}, [], {}
        self.bad_numbers, self.repeated = set(), set()
        self.bad_rows, self.lose_next, self.forgets = None, None, False
        self.numbers = itertools.count(1)
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def close(self):
        self.shutdown()
        self.server_close()

    def take(self, body):
        """Take a call; (status, answer), where status 0 is no answer at all."""
        items, lose = body.get("items") or [], self.lose_next
        self.lose_next = None
        if not 1 <= len(items) <= MOST_ITEMS:
            return 422, {"errors": [{"why": "1 to 100 items"}]}
        if self.bad_rows is not None:
            rows, self.bad_rows = self.bad_rows, None
            errors = [{"item": row, "why": "content"} for row in rows]
            return 422, {"errors": errors or [{"why": "content"}]}
        if lose == "before":
            return 0, None
        rows = [self.take_item(item, body.get("tag")) for item in items]
        return (0, None) if lose else (202, {"items": rows})

    def take_item(self, item, tag):
        row = {"custom_id": item["custom_id"], "id": f"s{next(self.numbers)}"}
        refusing = {"BAD_NUMBER": self.bad_numbers, "REPEATED": self.repeated}
        for word, numbers in refusing.items():
            if item["to"] in numbers:
                return {"custom_id": item["custom_id"], "result": word}
        self.taken.setdefault(tag, []).append({**item, **row, "state": "QUEUED"})
        return {**row, "result": "QUEUED"}

    def lookup(self, body):
        rows = [] if self.forgets else self.taken.get(body.get("tag"), [])
        names = ("custom_id", "id", "state")
        return 200, {"items": [{name: row[name] for name in names} for row in rows]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        gateway = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["X-Api-Key"] != gateway.key:
            return self.answer(401, {"errors": [{"why": "key"}]})
        routes = {
            "/v2/messages": gateway.take,
            "/v2/lookup": gateway.lookup,
            "/v2/inbox": lambda body: (200, {"items": gateway.inbox}),
        }
        return self.answer(*routes[self.path](body))

    def answer(self, status, body):
        if not status:
            self.close_connection = True
            return
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args):
        """Say nothing."""
