"""What a call to a gateway proves, as one of the neutral outcomes.

The only question that matters after a call is whether the gateway may have accepted
it. Whatever does not prove the contrary is ``Unknown``.
"""

import logging
from collections.abc import Callable

from .gateway_errors import GatewayError, HttpRefusal, NotConnected
from .gateway_headers import RateHeaders
from .outcomes import (
    NotAttempted,
    Outcome,
    QueryAnswer,
    RateLimit,
    RefusedContent,
    Unknown,
)

_logger = logging.getLogger(__name__)

#: HTTP status of a call that was certainly not accepted: why.
NOT_ATTEMPTED = {
    401: "unauthorized",
    403: "forbidden",
    404: "address",
    405: "address",
    413: "too_large",
    429: "rate_limited",
}


def judge(error: GatewayError) -> tuple[str, str]:
    """``(verdict, reason)``: ``not_attempted``, ``refused`` or ``unknown``."""
    if isinstance(error, NotConnected):
        return "not_attempted", error.reason
    if not isinstance(error, HttpRefusal):
        return "unknown", error.reason
    if error.status == 422:
        return "refused", "content"
    if 300 <= error.status < 400:
        return "not_attempted", "address"
    if error.status in NOT_ATTEMPTED:
        return "not_attempted", NOT_ATTEMPTED[error.status]
    return "unknown", "server_error" if error.status >= 500 else error.reason


def rate_limit(limits: RateHeaders | None) -> RateLimit | None:
    """The rate headers of an answer, in neutral words."""
    if limits is None:
        return None
    return RateLimit(limits.limit, limits.remaining, limits.reset)


def outcome_of(
    send: Callable[[], Outcome],
    rows_named: Callable[[object], dict[str, str]] = lambda body: {},
) -> Outcome:
    """Make a sending call and return its outcome; never raises.

    :param send: makes the call and reads its answer; raises a ``GatewayError``
    :param rows_named: {our reference: why} of the rows that the body of a 422 names
    """
    try:
        return send()
    except GatewayError as error:
        return _failed(error, rows_named)
    except Exception as error:  # a bug of ours must not hide an acceptance
        return Unknown("bug", type(error).__name__)


def _failed(error: GatewayError, rows_named) -> Outcome:
    known = {"detail": str(error), "limits": rate_limit(error.limits)}
    verdict, reason = judge(error)
    if verdict == "not_attempted":
        return NotAttempted(reason, retry_after=error.retry_after, **known)
    if verdict == "refused":
        return RefusedContent(rows=_rows(rows_named, error.body), **known)
    return Unknown(reason, **known)


def _rows(rows_named, body: object) -> dict[str, str]:
    """Rows of a body that is not as it was thought: none, and the engine halves."""
    try:
        return rows_named(body)
    except Exception as error:
        _logger.warning("Refused rows cannot be read: %s", type(error).__name__)
        return {}


def answer_of(ask: Callable[[], QueryAnswer]) -> QueryAnswer:
    """Ask what became of a call; whatever fails is no usable answer."""
    try:
        return ask()
    except GatewayError as error:
        return QueryAnswer(None, detail=str(error))
    except Exception as error:
        return QueryAnswer(None, detail=type(error).__name__)


def replies_of(fetch: Callable[[], list]) -> list | None:
    """Fetch replies; None where the gateway has no usable answer."""
    try:
        return fetch()
    except GatewayError as error:
        _logger.warning("Replies were not fetched: %s", error)
        return None
