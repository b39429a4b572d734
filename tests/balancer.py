"""A balancer as production has one: several servers behind one address, by turns."""

import contextlib
import itertools
import socket
import threading

from tests.proxy import pump


class Balancer:
    """Gives each connection to the next server that takes it."""

    def __init__(self):
        self.ports: list[int] = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._turn = itertools.count()

    def start(self) -> None:
        """Take connections from now on."""
        threading.Thread(target=self._listen, daemon=True).start()

    def stop(self) -> None:
        """Take no more connections."""
        # Closing alone would not wake the thread that waits for one.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self.listener.accept()
                threading.Thread(
                    target=self._serve, args=(client,), daemon=True
                ).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client, self._connect() as server:
            back = threading.Thread(target=pump, args=(server, client), daemon=True)
            back.start()
            pump(client, server)
            back.join()

    def _connect(self) -> socket.socket:
        """The next server; one that is down is passed over, as nginx does."""
        turn = next(self._turn)
        for number in range(len(self.ports)):
            port = self.ports[(turn + number) % len(self.ports)]
            with contextlib.suppress(ConnectionError):
                return socket.create_connection(("127.0.0.1", port), 5)
        raise ConnectionRefusedError("no server is up")
