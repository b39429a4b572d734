"""What becomes of a number: drawn from the seed and the number, nothing else.

So a run is repeatable whatever the order in which threads send.
"""

import hashlib
from dataclasses import dataclass

from .settings import Rates

STATUS_TEXT = {
    1: "tentando enviar",
    2: "enviado",
    3: "entregue",
    4: "não entregue",
    5: "rejeitado na operadora",
    6: "expirado",
}
REPLIES = (
    "SIM QUERO",
    "SAIR",
    "Quero saber mais 😀",
    "",
    "👍🏽",
    "sim quero, pode me ligar",
    "Pare",
    "Quanto fica a parcela? " + "Recebi a mensagem, mas queria entender antes. " * 5,
    "Não tenho interesse, obrigado",
    "NÃO ENTENDI 🤔 " + "a proposta vale para o benefício da minha mãe? " * 3,
    "SIM QUERO",
)


@dataclass(frozen=True)
class Fate:
    """``refused``: ``invalids``, ``blacklist``, ``not_disturb`` or None.

    ``code`` is the final one; ``silent``: no webhook says so; ``late``: a code 3
    follows the first final one.
    """

    refused: str | None = None
    code: int = 3
    silent: bool = False
    reply: str | None = None
    late: bool = False


def draw(seed: object, topic: str, key: str) -> float:
    """A number from 0 to 1 that depends on nothing but its arguments."""
    digest = hashlib.blake2b(f"{seed}|{topic}|{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def decide(seed: object, number: str, rates: Rates) -> Fate:
    """The fate of one national number."""
    refused = _pick(
        draw(seed, "refused", number),
        invalids=rates.invalid,
        blacklist=rates.blacklist,
        not_disturb=rates.not_disturb,
    )
    if refused:
        return Fate(refused=refused)
    final = _pick(
        draw(seed, "final", number),
        silent=rates.silent,
        **{"4": rates.not_delivered, "5": rates.rejected, "6": rates.expired},
    )
    if final == "silent":
        return Fate(code=3 if draw(seed, "quiet", number) < 0.9 else 4, silent=True)
    if final is None:
        return Fate(reply=_reply(seed, number, rates))
    late = final != "5" and draw(seed, "late", number) < rates.late_delivered
    return Fate(code=int(final), late=late)


def _pick(share: float, **rates: float) -> str | None:
    for name, rate in rates.items():
        if share < rate:
            return name
        share -= rate
    return None


def _reply(seed: object, number: str, rates: Rates) -> str | None:
    if draw(seed, "reply", number) >= rates.reply:
        return None
    return REPLIES[int(draw(seed, "words", number) * len(REPLIES))]
