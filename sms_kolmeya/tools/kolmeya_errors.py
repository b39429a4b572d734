"""Why a call to Kolmeya gave no usable answer: the errors that all gateways share."""

from odoo.addons.sms_base_sr.tools.gateway_errors import (
    AnsweredErrors,
    BadAddress,
    BadToken,
    GatewayError,
    HttpRefusal,
    NoAnswer,
    NotConnected,
    ReadTimeLimit,
    TotalTimeLimit,
    UnreadableAnswer,
    redact,
)

KolmeyaError = GatewayError

__all__ = [
    "AnsweredErrors",
    "BadAddress",
    "BadToken",
    "HttpRefusal",
    "KolmeyaError",
    "NoAnswer",
    "NotConnected",
    "ReadTimeLimit",
    "TotalTimeLimit",
    "UnreadableAnswer",
    "redact",
]
