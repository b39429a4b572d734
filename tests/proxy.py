"""A proxy as production has one: the websocket to its own port, the rest to Odoo."""

import contextlib
import socket
import threading

WEBSOCKET = b"GET /websocket?"
CHUNK = 65536


class Proxy:
    """Joins a prefork server's two ports on one loopback port; a context manager.

    A browser opens a connection of its own for a websocket, so the first line of a
    connection tells where all of it goes.
    """

    def __init__(self, http_port: int, websocket_port: int):
        self.ports = {False: http_port, True: websocket_port}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_error) -> None:
        self.listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self.listener.accept()
                threading.Thread(
                    target=self._serve, args=(client,), daemon=True
                ).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client:
            first = client.recv(CHUNK)
            port = self.ports[first.startswith(WEBSOCKET)]
            with socket.create_connection(("127.0.0.1", port)) as server:
                server.sendall(first)
                back = threading.Thread(target=pump, args=(server, client), daemon=True)
                back.start()
                pump(client, server)
                back.join()


def pump(source: socket.socket, target: socket.socket) -> None:
    """Copy until one side ends, then tell the other."""
    with contextlib.suppress(OSError):
        while data := source.recv(CHUNK):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
