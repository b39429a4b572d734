"""What would have been HTTP: a list of recorded calls and canned answers.

It lives in the process only. Tests empty it with :func:`reset`.
"""

import contextlib
import itertools
from collections import deque

#: the latest calls, as dicts with the five arguments of ``ca_request``
CALLS = deque(maxlen=1000)
#: action -> answer that replaces the canned one
ANSWERS = {}
_ids = itertools.count(1)


class UnexpectedRequestError(AssertionError):
    """A connector type of another addon reached the vendor's HTTP code.

    It is an ``AssertionError`` so that a test that leaks fails as a test, and it
    is no ``UserError`` so that nobody takes it for a refusal by the provider.
    """


def record(connector, path, data, params, timeout, ignore_exception):
    CALLS.append(
        {
            "connector_id": connector.id,
            "path": path,
            "data": data,
            "params": params,
            "timeout": timeout,
            "ignore_exception": ignore_exception,
        }
    )


def answer_for(path):
    if path in ANSWERS:
        return ANSWERS[path]
    canned = {
        "send": lambda: {"msg_id": f"standin-{next(_ids)}"},
        "status_get": lambda: {"status": {"acrux_ok": "Connected"}},
        "contact_get_all": lambda: {"dialogs": []},
    }
    return canned.get(path, dict)()


@contextlib.contextmanager
def answering(path, answer):
    """Answer ``answer`` to every ``path`` request of the block."""
    before = dict(ANSWERS)
    ANSWERS[path] = answer
    try:
        yield
    finally:
        ANSWERS.clear()
        ANSWERS.update(before)


def reset():
    CALLS.clear()
    ANSWERS.clear()
