"""One HTTP call: posted once, read with a limit, never redirected."""

import json
import time

from requests.auth import AuthBase

from .gateway_errors import GatewayError, NoAnswer, TotalTimeLimit, UnreadableAnswer
from .gateway_transport import Upload, classify, within

CHUNK = 65536
LARGEST_BODY = 16 * 1024 * 1024


class TokenAuth(AuthBase):
    """Sets the header itself: a ``.netrc`` may then not replace it."""

    def __init__(self, header: str, value: str):
        self._header, self._value = header, value

    def __call__(self, request):
        request.headers[self._header] = self._value
        return request


class RawAnswer:
    """Status, headers (case-insensitive) and bytes of an answer."""

    def __init__(self, status: int, headers, content: bytes):
        self.status = status
        self.headers = headers
        self.content = content

    def json(self) -> object:
        """Parsed body, or None for HTML, an empty and a broken one."""
        try:
            return json.loads(self.content.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return None

    @property
    def is_json(self) -> bool:
        """Declared as JSON and readable as such."""
        kind = self.headers.get("Content-Type") or ""
        return "json" in kind.lower() and self.json() is not None


def post(session, url, payload, auth, timeouts, total) -> RawAnswer:
    """POST ``payload`` as JSON; ``timeouts`` are (connect, read), all in seconds.

    Raises a ``GatewayError`` that says whether the call was made; never follows a
    redirect and never repeats.
    """
    deadline = time.monotonic() + total
    upload = Upload(json.dumps(payload).encode(), deadline)

    def call():
        response = session.post(
            url,
            data=upload,
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "Content-Type": "application/json",
            },
            auth=auth,
            timeout=timeouts,
            allow_redirects=False,
            stream=True,
        )
        return _receive(response, deadline)

    error = None
    try:
        return within(total, call)
    except GatewayError:
        raise
    except Exception as exc:  # whatever it is, it must say what it proves
        error = classify(exc, upload.started)
    # Outside of the handler: the original holds the request with its token.
    raise error


def _receive(response, deadline: float) -> RawAnswer:
    """Read the body piece by piece, so that a dripping one cannot hold us."""
    try:
        read = getattr(response.raw, "read1", None) or response.raw.read
        content = bytearray()
        while piece := read(CHUNK, decode_content=True):
            content += piece
            if len(content) > LARGEST_BODY:
                raise UnreadableAnswer("too long", status=response.status_code)
            if time.monotonic() > deadline:
                raise TotalTimeLimit("the answer dripped")
        _check_complete(response, content)
        return RawAnswer(response.status_code, response.headers, bytes(content))
    except BaseException:
        response.close()
        raise
    finally:
        response.raw.release_conn()


def _check_complete(response, content: bytes) -> None:
    """``read1`` does not complain of a body that is shorter than announced."""
    announced = response.headers.get("Content-Length") or ""
    plain = not response.headers.get("Content-Encoding")
    if plain and announced.isdigit() and len(content) < int(announced):
        raise NoAnswer("the answer was cut off", status=response.status_code)
