"""An HTTP client for gateways that speak JSON: token, limits, what a status means.

Plain Python. A provider's own client inherits it and adds the gateway's words.
"""

import logging
import re
import time

import requests
import tenacity

from .gateway_errors import (
    AnsweredErrors,
    BadToken,
    GatewayError,
    HttpRefusal,
    NoAnswer,
    NotConnected,
    UnreadableAnswer,
)
from .gateway_headers import (
    RateHeaders,
    error_texts,
    parse_limits,
    parse_retry_after,
)
from .gateway_http import RawAnswer, TokenAuth, post

_logger = logging.getLogger(__name__)

_TOKEN = re.compile(r"[!-~]+")  # what a header can carry without being broken


def bare_token(token: str | None) -> str:
    """The token as a portal shows it: people paste it with ``Bearer`` too."""
    return re.sub(r"^(?:bearer\b\s*)+", "", (token or "").strip(), flags=re.I)


def may_repeat(error: BaseException) -> bool:
    """Whether a call that changes nothing is worth another try at once.

    Not after 429, which asks us to keep away, nor where only a person can help.
    """
    if isinstance(error, HttpRefusal):
        return error.status >= 500
    return isinstance(error, NoAnswer) or error.__class__ is NotConnected


class GatewayClient:
    """Posts JSON to paths of one account; not thread-safe.

    ``send`` makes a call once, ``ask`` repeats a little what changes nothing; both
    raise a ``GatewayError``. ``limits`` holds the rate headers of the last answer.
    """

    #: A connection that idled longer is not reused for sending: the service may
    #: have closed it, and that would look like an answer that got lost.
    IDLE_LIMIT = 10.0
    REPEATS = 3
    #: The header in which the token travels, and how.
    TOKEN_HEADER = ("Authorization", "Bearer {}")
    WAIT = tenacity.wait_random_exponential(multiplier=0.3, max=3)

    def __init__(
        self,
        token: str,
        base_url: str,
        *,
        session: requests.Session | None = None,
        connect_timeout: float = 5,
        read_timeout: float = 30,
        total_timeout: float = 60,
    ):
        self._token = bare_token(token)
        self._session = session or requests.Session()
        # Even when told not to follow, ``requests`` reads the body of a redirect
        # and parses its target, which may fail.
        self._session.get_redirect_target = lambda response: None
        self._used_at = time.monotonic()
        self.base_url = base_url.rstrip("/")
        self.timeouts = (connect_timeout, read_timeout)
        self.total_timeout = total_timeout
        self.limits: RateHeaders | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def send(self, path: str, body: dict) -> dict | list:
        """Make a call that may send something: once, whatever happens."""
        self._drop_idle()
        return self._json(path, body)

    def ask(self, path: str, body: dict | None = None) -> dict | list:
        """Make a call that changes nothing, hence repeated a little."""
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(may_repeat),
            stop=tenacity.stop_after_attempt(self.REPEATS)
            | tenacity.stop_after_delay(self.total_timeout),
            wait=self.WAIT,
            reraise=True,
        )
        return retrying(self._json, path, body or {})

    def _token_auth(self) -> TokenAuth:
        header, form = self.TOKEN_HEADER
        return TokenAuth(header, form.format(self._token))

    def _drop_idle(self) -> None:
        if time.monotonic() - self._used_at > self.IDLE_LIMIT:
            self._session.close()

    def _json(self, path: str, body: dict) -> dict | list:
        """Parsed body of a 2xx that holds no ``errors``."""
        raw = self._call(path, body)
        answer = raw.json()
        known = {"status": raw.status, "limits": self.limits, "body": answer}
        if not isinstance(answer, (dict, list)):
            raise UnreadableAnswer("no JSON", **known)
        if isinstance(answer, dict) and answer.get("errors"):
            raise AnsweredErrors(self._errors(answer), **known)
        return answer

    def _call(self, path: str, body: dict) -> RawAnswer:
        """POST and judge the status only."""
        self.limits = None
        if not _TOKEN.fullmatch(self._token):
            raise BadToken("the token is missing or broken")
        url, auth = f"{self.base_url}/{path}", self._token_auth()
        try:
            raw = post(
                self._session, url, body, auth, self.timeouts, self.total_timeout
            )
        except GatewayError as error:
            _logger.debug("%s: %s", path, error)
            raise
        self._used_at = time.monotonic()
        self.limits = parse_limits(raw.headers)
        _logger.debug("%s: HTTP %s", path, raw.status)
        if not 200 <= raw.status < 300:
            raise self._refusal(raw)
        return raw

    def _refusal(self, raw: RawAnswer) -> HttpRefusal:
        body = raw.json()
        return HttpRefusal(
            self._errors(body),
            status=raw.status,
            retry_after=parse_retry_after(raw.headers, body),
            limits=self.limits,
            body=body,
            is_json=raw.is_json,
        )

    def _errors(self, body: object) -> str:
        text = "; ".join(error_texts(body))
        return text.replace(self._token, "***") if self._token else text
