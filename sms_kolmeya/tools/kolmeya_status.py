"""Kolmeya's message statuses in neutral words (codes 1 to 6).

Only for messages: a request has a vocabulary of its own (``Válido``/2), which
says nothing about its messages.
"""

from .kolmeya_parse import as_text

#: code: (state, failure type). 1 and 2 prove no more than that it was accepted.
CODES = {
    "1": ("sent", None),
    "2": ("sent", None),
    "3": ("delivered", None),
    "4": ("error", "not_delivered"),
    "5": ("rejected", "rejected"),
    "6": ("expired", "expired"),
}
#: Folded texts (lower case, no accents), in Portuguese and English.
TEXTS = {
    "tentando enviar": "1",
    "trying": "1",
    "queued": "1",
    "enviado": "2",
    "enviada": "2",
    "sent": "2",
    "entregue": "3",
    "delivered": "3",
    "nao entregue": "4",
    "not delivered": "4",
    "undelivered": "4",
    "expirado": "6",
    "expirada": "6",
    "expired": "6",
}
REJECTED = ("rejeitad", "rejected")


def code_text(value: object) -> str | None:
    """The code as text: it comes as a number, a text, padded, or not at all."""
    text = as_text(value)
    return (text.lstrip("0") or "0") if text and text.isdigit() else text


def says_rejected(folded: str) -> bool:
    """``rejeitado na operadora``, ``rejected`` … of a message or a request."""
    return folded.startswith(REJECTED)


def meaning(code: str | None, folded: str) -> tuple[str | None, str | None]:
    """``(state, failure type)``; the text counts only where there is no code."""
    if code is None:
        words = folded.replace("_", " ").replace("-", " ")
        code = "5" if says_rejected(words) else TEXTS.get(words)
    return CODES.get(code, (None, None))
