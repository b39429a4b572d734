"""From the text of a cell to the value of a field, or what is wrong with it."""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from .contact_file import FORMULA_ERRORS, FORMULA_STARTS

YES = {"1", "s", "sim", "x", "true", "verdadeiro", "y", "yes", "v", "ok"}
NO = {"", "0", "n", "nao", "false", "falso", "no", "f", "-"}
STATES = set(
    "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP "
    "TO".split()
)
_SCIENTIFIC = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?[eE]\+?([0-9]+)")
_WHOLE_FLOAT = re.compile(r"(\+?[0-9]{8,})[.,]0+")


class CellProblem(ValueError):
    """A cell has no value that its field can take; ``code`` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Target:
    """A field that a file may fill, and the column names that mean it.

    ``kind`` is phone, text, cpf, state, money or boolean; ``main`` is the number
    that the SMS goes to.
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    main: bool = False
    words: tuple[str, ...] = field(default=())


def convert(text: str, kind: str):
    """Return the value of a cell, or False where it is empty.

    :raises CellProblem: it is something else than the field holds
    """
    if text.upper() in FORMULA_ERRORS:
        raise CellProblem("formula")
    if not text and kind != "boolean":
        return False
    return CONVERTERS[kind](text)


def to_phone(text: str) -> str:
    """A number's digits in full; as Excel shortens it, only where none was lost."""
    if match := _WHOLE_FLOAT.fullmatch(text):
        return match[1]
    match = _SCIENTIFIC.fullmatch(text)
    if not match:
        return text[:64]
    whole, fraction, exponent = match[1], match[2] or "", int(match[3])
    # 1,19E+10 stands for any of a hundred million numbers.
    if len(whole) != 1 or len(fraction) < exponent or exponent > 15:
        raise CellProblem("shortened")
    return (whole + fraction)[: exponent + 1]


def to_cpf(text: str) -> str:
    """Eleven digits: spreadsheets eat the zeros that a CPF begins with."""
    digits = re.sub(r"[.\-\s]", "", to_phone(text))
    if not digits.isdecimal() or not 3 <= len(digits) <= 11:
        raise CellProblem("cpf")
    return digits.zfill(11)


def to_state(text: str) -> str:
    """Two capitals."""
    if text.upper() not in STATES:
        raise CellProblem("state")
    return text.upper()


def to_money(text: str) -> float:
    """1.234,56 and 1,234.56 and R$ 1234,56; the last mark is the decimal one."""
    digits = re.sub(r"(R\$|\s)", "", text)
    if digits.rfind(",") > digits.rfind("."):
        digits = digits.replace(".", "").replace(",", ".", 1)
    elif digits.count(".") > 1 or re.fullmatch(r"[0-9]{1,3}\.[0-9]{3}", digits):
        # 1.500 is one thousand and five hundred, here.
        digits = digits.replace(".", "")
    else:
        digits = digits.replace(",", "")
    try:
        amount = Decimal(digits)
    except InvalidOperation as error:
        raise CellProblem("money") from error
    if not amount.is_finite() or abs(amount) >= 10**12:
        raise CellProblem("money")
    return float(amount)


def to_boolean(text: str) -> bool:
    """*Sim*, *x*, 1 …"""
    word = fold(text)
    if word in YES:
        return True
    if word in NO or text == "-":
        return False
    raise CellProblem("boolean")


CONVERTERS = {
    "text": str,
    "phone": to_phone,
    "cpf": to_cpf,
    "state": to_state,
    "money": to_money,
    "boolean": to_boolean,
}


def fold(text: str) -> str:
    """Lower case without accents or punctuation: how column names are compared."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", plain.lower()).strip()


def fits(samples: list[str], kind: str) -> bool:
    """Tell whether most sample cells are of a kind; without samples all is possible."""
    filled = [text for text in samples if text]
    good = 0
    for text in filled:
        try:
            value = convert(text, kind)
        except CellProblem:
            continue
        digits = sum(map(str.isdigit, str(value)))
        good += kind != "phone" or 8 <= digits <= 15
    return not filled or 2 * good > len(filled)


def guess(names: list[str], samples: list[list[str]], targets: list[Target]) -> list:
    """Return the target's name of each column, or False; each target once.

    A name that is one of a target's words wins over one that only contains it. Where
    a word means several targets, or is only contained, the cells decide.
    """
    found = [False] * len(names)
    for strict in (True, False):
        for index, name in enumerate(names):
            if found[index]:
                continue
            cells = [row[index] for row in samples if index < len(row)]
            free = [target for target in targets if target.name not in found]
            meant = [target for target in free if named(name, target, strict)]
            fitting = [target for target in meant if fits(cells, target.kind)]
            if fitting:
                found[index] = fitting[0].name
            elif strict and len(meant) == 1:
                found[index] = meant[0].name
    return found


def named(name: str, target: Target, strict: bool) -> bool:
    """Whether a column's name means a target."""
    column = fold(name)
    words = {fold(word) for word in (*target.words, target.name)}
    if strict:
        return column in words or column.replace(" ", "") in words
    padded = f" {column} "
    return any(f" {word} " in padded for word in words if word)


def harmless(cell) -> str:
    """A cell for a CSV that somebody opens in a spreadsheet: never a formula."""
    text = "" if cell is None else str(cell)
    if text.startswith((*FORMULA_STARTS, "\t", "\r", "\n")):
        return f"'{text}"
    return text
