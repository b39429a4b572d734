"""What a short reply asks for: to be left alone, to be texted again, to be called.

The whole message must be one of the phrases: *parar de pagar juros* is a question
about the offer, not an opt-out. A phrase may also count *inside* a longer text, where
somebody has chosen that for it.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from .inbound import fold

OPT_OUT = "opt_out"
OPT_IN = "opt_in"
INTERESTED = "interested"
OTHER = "other"

# Order matters: who asks to stop is never counted as interested.
DEFAULT_WORDS: dict[str, tuple[str, ...]] = {
    OPT_OUT: (
        *("sair", "quero sair", "sai", "parar", "pare", "para", "pode parar"),
        *("stop", "cancelar", "cancela", "cancele", "pode cancelar"),
        *("descadastrar", "descadastra", "descadastre", "descadastro"),
        *(
            "remover",
            "remova",
            "remove",
            "me remova",
            "me remove",
            "me remover",
            "excluir",
        ),
        *("exclua", "me exclua", "bloquear", "unsubscribe", "optout", "opt out"),
        *("me tira da lista", "me tire da lista", "tira meu número"),
        *("tire meu número", "apague meu número", "não perturbe"),
        *("não quero receber", "não quero mais receber", "não quero mais mensagem"),
        *("não quero mais mensagens", "não quero receber mensagens"),
        *("não mande mais", "não me mande mais", "não mande mais mensagens"),
        *("não me mande mais mensagem", "não me mande mais mensagens"),
        *("para de mandar", "pare de mandar", "pare de enviar"),
        *("para de mandar mensagem", "pare de mandar mensagem"),
        *("pare de mandar mensagens", "pare de enviar mensagens"),
        *("parar de receber", "quero parar de receber", "sair da lista"),
    ),
    OPT_IN: (
        *("voltar", "volta", "quero voltar", "voltar a receber", "start"),
        *("quero voltar a receber", "reativar", "recadastrar", "desbloquear"),
    ),
    INTERESTED: (
        *("sim", "s", "sim quero", "quero", "eu quero", "quero sim", "claro"),
        *("tenho interesse", "sim tenho interesse", "tenho sim", "sim tenho"),
        *("interesse", "me interessa", "tenho", "interessado", "interessada"),
        *("estou interessado", "estou interessada", "quero saber mais"),
        *("quero contratar", "quero simular", "pode ligar", "me liga"),
        *("me ligue", "pode me ligar", "aceito", "ok quero", "quero o empréstimo"),
    ),
}
# Politeness around the word is no part of it.
COURTESY = (
    *("por favor", "por gentileza", "favor", "pfv", "pf", "obrigado", "obrigada"),
    *("obg", "bom dia", "boa tarde", "boa noite", "ola", "oi", "grato", "grata"),
)
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def classify(
    text: str | None,
    words: Mapping[str, Iterable[str]] | None = None,
    anywhere: bool | Mapping[str, Iterable[str]] = False,
) -> str:
    """Return ``opt_out``, ``opt_in``, ``interested`` or ``other``.

    ``words`` maps the first three to phrases; a missing key has the default ones,
    an empty list none. Case, accents, punctuation, emoji, repetition and
    politeness do not count. ``anywhere`` maps them to phrases that count inside a
    longer text too; True means all of ``words``. What the whole message says comes
    first. Raises ``TypeError`` for a string in place of a list, whose letters would
    each be a phrase.
    """
    chosen = {a: _phrases_of(a, words or {}, d) for a, d in DEFAULT_WORDS.items()}
    inside = chosen if anywhere is True else {}
    if isinstance(anywhere, Mapping):
        inside = {answer: _phrases_of(answer, anywhere, ()) for answer in chosen}
    message = simplify(text)
    # A company's own phrase may have polite words in it.
    spoken = {message, without_courtesy(message)}
    whole = (answer for answer, each in chosen.items() if spoken & each)
    held = (answer for answer, each in inside.items() if _holds(message, each))
    return next(whole, None) or next(held, OTHER)


def _phrases_of(answer, words, default) -> frozenset[str]:
    chosen = words.get(answer, default)
    if isinstance(chosen, str):
        raise TypeError(f"the phrases of {answer} must be a list")
    return _phrases(tuple(chosen))


def simplify(text: str | None) -> str:
    """Fold to lower-case words with single spaces, repeated words once."""
    tokens = _NOT_WORD.sub(" ", fold(text)).split()
    kept = [t for i, t in enumerate(tokens) if i == 0 or t != tokens[i - 1]]
    return " ".join(kept)


def without_courtesy(message: str) -> str:
    """Strip polite words from both ends of a simplified message; one alone stays."""
    if message in COURTESY:
        return message
    for word in COURTESY:
        shorter = message.removeprefix(f"{word} ").removesuffix(f" {word}")
        if shorter != message:
            return without_courtesy(shorter)
    return message


@lru_cache(maxsize=64)
def _phrases(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(filter(None, map(simplify, phrases)))


def _holds(message: str, phrases: frozenset[str]) -> bool:
    return any(f" {phrase} " in f" {message} " for phrase in phrases)
