"""A server that answers HTTP as badly as a test wants, for any provider type."""

import json
import socket
import socketserver
import struct
import threading

RESET = object()
TLS_HELLO = b"\x16"


def http(status, body="{}", kind="application/json", length=None, **headers):
    """Return the bytes of an answer; ``length`` announces more than there is."""
    raw = body.encode()
    lines = [f"HTTP/1.1 {status} Answer", f"Content-Type: {kind}"]
    lines += [f"Content-Length: {len(raw) if length is None else length}"]
    lines += [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + raw


def echo(request):
    """Refuse, and repeat all of the request: its headers hold the token."""
    return http(400, json.dumps({"message": request.decode("latin-1")}))


class Wire(socketserver.ThreadingTCPServer):
    """Answers each request with ``script``: bytes, RESET, or a function of it."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, script):
        self.script, self.requests = script, []
        super().__init__(("127.0.0.1", 0), WireHandler)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self):
        self.shutdown()
        self.server_close()


class WireHandler(socketserver.StreamRequestHandler):
    def handle(self):
        if self.rfile.peek(1)[:1] == TLS_HELLO:
            # No handshake can be made of this.
            self.wfile.write(http(400))
            return
        request = self.read_request()
        if not request:
            return
        self.server.requests.append(request)
        script = self.server.script
        answer = script(request) if callable(script) else script
        if answer is RESET:
            # Closed without lingering, a connection is reset.
            option = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, option)
            self.connection.close()
            return
        self.wfile.write(answer)

    def read_request(self):
        """Headers and body, as they came."""
        lines, length = [], 0
        for line in self.rfile:
            lines.append(line)
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            if line == b"\r\n":
                return b"".join(lines) + self.rfile.read(length)
        return b""


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
