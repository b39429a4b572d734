"""What the failure of a sending call proves: the table of the gateway.

Whatever does not prove that nothing was accepted is ``unknown``.
"""

import re
from collections.abc import Sequence

from .kolmeya_errors import HttpRefusal, KolmeyaError, NotConnected, redact
from .kolmeya_headers import error_texts

#: HTTP status of a call that was certainly not accepted: why.
NOT_ATTEMPTED = {
    401: "unauthorized",
    403: "forbidden",
    404: "address",
    405: "address",
    413: "too_large",
    429: "rate_limited",
}
_ROW = re.compile(r"\bmessages\.(\d+)(?!\d)")


def judge(error: KolmeyaError) -> tuple[str, str]:
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


def rows_named(references: Sequence[str], body: object) -> dict[str, str]:
    """Reason by reference of every row that ``errors.messages.N…`` names.

    The errors come as an object of lists, or as texts that quote the field.
    """
    rows: dict[str, str] = {}
    for text in error_texts(body):
        for number in map(int, _ROW.findall(text)):
            if number < len(references):
                rows.setdefault(references[number], redact(text))
    return rows
