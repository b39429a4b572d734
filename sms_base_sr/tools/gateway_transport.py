"""A limit on a whole call, and what the failure of a call proves.

The exceptions of ``requests`` do not tell a refused connection from one that was
reset after sending; this module does, because a message that may have been
accepted must never be sent again.
"""

import io
import ssl
import threading
import time
from queue import Empty, SimpleQueue

from requests.exceptions import (
    ConnectTimeout,
    InvalidHeader,
    InvalidSchema,
    InvalidURL,
    MissingSchema,
    ProxyError,
    ReadTimeout,
    SSLError,
)
from urllib3.exceptions import NewConnectionError, ReadTimeoutError

from .gateway_errors import (
    BadAddress,
    GatewayError,
    NoAnswer,
    NotConnected,
    ReadTimeLimit,
    TotalTimeLimit,
)

_BAD_ADDRESS = (MissingSchema, InvalidSchema, InvalidURL, InvalidHeader, UnicodeError)


class Upload(io.BytesIO):
    """A body that knows whether the transport began to send it.

    After its deadline (monotonic seconds) no more of it goes out: a call that was
    left behind must not be accepted when nobody waits for it any more.
    """

    started = False

    def __init__(self, content: bytes, deadline: float):
        super().__init__(content)
        self._deadline = deadline

    def read(self, *args):
        if time.monotonic() > self._deadline:
            raise TotalTimeLimit("the connection took too long")
        self.started = True
        return super().read(*args)


def within(seconds: float, call):
    """Result of ``call()``, waited for no longer than ``seconds``.

    Read timeouts are per read and name resolution has none. The thread that is
    left behind on a ``TotalTimeLimit`` ends by its own deadline at its next byte.
    """
    box: SimpleQueue = SimpleQueue()

    def run():
        try:
            box.put((call(), None))
        except BaseException as exc:  # handed over to the waiting thread
            box.put((None, exc))

    threading.Thread(target=run, name="gateway-call", daemon=True).start()
    try:
        value, error = box.get(timeout=seconds)
    except Empty:
        value, error = None, TotalTimeLimit(f"no answer within {seconds:g} s")
    if error is not None:
        raise error
    return value


def classify(exc: Exception, started: bool) -> GatewayError:
    """What an exception of the transport proves about the call.

    ``started``: the transport had begun to send the body, hence was connected.
    """
    reason = getattr(exc.args[0], "reason", None) if exc.args else None
    detail = type(reason or exc).__name__
    if isinstance(exc, ConnectTimeout) or isinstance(reason, NewConnectionError):
        return NotConnected(detail)
    if not started and isinstance(exc, (SSLError, ProxyError, ssl.SSLError)):
        return NotConnected(detail)
    if not started and isinstance(exc, _BAD_ADDRESS):
        return BadAddress(detail)
    if isinstance(exc, (ReadTimeout, ReadTimeoutError)):
        return ReadTimeLimit(detail)
    return NoAnswer(detail)
