"""Keep phone numbers and secrets out of logs.

Odoo logs the path of every request (where our path secret is) and, at DEBUG, the
arguments of every RPC (where a secret is while it is being typed).
"""

import logging
import re
from collections.abc import Callable

from .phones import mask

HIDDEN = "***"

# What a phone number looks like; lookarounds keep UUIDs, decimals and dates whole.
# Eleven bare digits are a mobile without country code, or a CPF: hidden as well.
_PHONE = re.compile(
    r"(?<![\w.-])(?:\+\d{10,15}|55\d{10,11}|\d{11})(?![\w-]|\.\d)"
    r"|(?<![\w.-])(?:\+?55[ -]?)?(?:\(\d\d\)|\d\d)[ -]?9?[ ]?\d{4}[ -]\d{4}(?![\w-])"
)
_WEBHOOK = re.compile(
    r"(/webhook/+)(?!(?:reply|status)(?:[/?#\s\"'&,;)\]]|$))[^/?#\s\"'<>&,;)\]]+"
)
_SECRET_WORD = re.compile(
    r"token|secret|passw(?:or)?d|senha|api_?-?key|authorization|signature",
    re.IGNORECASE,
)
# All scans are linear, whatever a caller writes into a path: a name is taken whole
# (possessive ++) and looked at afterwards.
_NAME = r"(?<![\w.-])(?P<name>[\w.-]++)"
# name: value, name=value in any notation.
_ASSIGNED = re.compile(
    _NAME + r"['\"]?\s*+[:=]\s*+(?:(?:Bearer|Basic)\s++)?", re.IGNORECASE
)
# set_param('….jwt_secret', 'value'), ('….jwt_secret', '=', 'value'): the name is
# itself a quoted value, the secret follows it.
_FOLLOWED = re.compile(
    rf"['\"]{_NAME}['\"]\s*+,\s*+(?:['\"](?:=|!=|like|ilike|in)['\"]\s*+,\s*+)?"
    r"(?=['\"])(?!['\"][\w.-]++['\"]\s*+:)"
)
_PARAMETER = re.compile(rf"['\"]key['\"]\s*+:\s*+['\"]{_NAME}")
_PARAMETER_VALUE = re.compile(r"['\"](?P<name>value)['\"]\s*+:\s*+")
# What may be a secret: an empty or boolean value is none, and worth seeing.
_SECRET = re.compile(
    r"(?!(?:None|False|True|null|false|true)\b)"
    r"(?:[bu]?(?:'(?:\\.|[^'\\])*+'|\"(?:\\.|[^\"\\])*+\")|[^\s,;&'\"(){}\[\]]++)",
    re.DOTALL,
)
_BEARER = re.compile(r"\b(Bearer\s++)[\w.~+/=-]{8,}+", re.IGNORECASE)
# Signed (JWT) and sealed (Fernet) tokens, wherever they stand.
_TOKEN = re.compile(
    r"(?<![\w-])(?:eyJ[\w-]{8,}+\.[\w-]++(?:\.[\w-]*+)?|gAAAAA[\w-]{50,}+=*+)"
)


def mask_text(text: str) -> str:
    """Return ``text`` without phone numbers, webhook secrets and named secrets."""
    if any(_names_secret(match) for match in _PARAMETER.finditer(text)):
        text = _hide_after(_PARAMETER_VALUE, text, lambda _match: True)
    text = _hide_after(_FOLLOWED, text)
    text = _hide_after(_ASSIGNED, text)
    text = _BEARER.sub(rf"\g<1>{HIDDEN}", text)
    text = _TOKEN.sub(HIDDEN, text)
    text = _WEBHOOK.sub(rf"\g<1>{HIDDEN}", text)
    return _PHONE.sub(lambda match: mask(match[0]), text)


def _names_secret(match: re.Match[str]) -> bool:
    return bool(_SECRET_WORD.search(match["name"]))


def _hide_after(
    pattern: re.Pattern[str], text: str, wanted: Callable = _names_secret
) -> str:
    """Hide the value behind each match of ``pattern`` that is ``wanted``."""
    pieces, done = [], 0
    for match in pattern.finditer(text):
        if match.start() < done or not wanted(match):
            continue
        if value := _SECRET.match(text, match.end()):
            quote = value[0][-1] if value[0][-1] in "'\"" else ""
            pieces += [text[done : match.end()], f"{quote}{HIDDEN}{quote}"]
            done = value.end()
    return "".join([*pieces, text[done:]])


class MaskingFilter(logging.Filter):
    """Rewrites records that hold something to hide; never drops one, never raises."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True, always; a record with nothing to hide is not touched."""
        for rewrite in (_mask_message, _mask_traceback):
            _quietly(rewrite, record)
        return True


def install(*logger_names: str) -> None:
    """Put one filter on each named logger, however often this is called.

    Filters of a logger do not see its children's records: name each logger.
    """
    for name in logger_names:
        logger = logging.getLogger(name)
        if not any(isinstance(f, MaskingFilter) for f in logger.filters):
            logger.addFilter(MaskingFilter())


def _mask_message(record: logging.LogRecord) -> None:
    text = record.getMessage()
    masked = mask_text(text)
    if masked != text:
        record.msg, record.args = masked, None


def _mask_traceback(record: logging.LogRecord) -> None:
    """Fill the record's cache of the formatted traceback with a masked one."""
    if not record.exc_info or not record.exc_info[0]:
        return
    text = record.exc_text or logging.Formatter().formatException(record.exc_info)
    masked = mask_text(text)
    if masked != text:
        record.exc_text = masked


def _quietly(rewrite: Callable, record: logging.LogRecord) -> None:
    try:
        rewrite(record)
    except Exception:  # logging reports a broken record itself, when it formats it
        return
