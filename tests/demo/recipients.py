"""Made-up Brazilian contacts with the dirt that real lists have; a fixed seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

FIRST = (
    "Ana Beatriz Bruno Camila Carlos Célia Daniel Débora Eduardo Elaine Fábio "
    "Fernanda Gabriel Helena Igor Joana João José Júlia Larissa Leandro Luís "
    "Márcia Mateus Natália Otávio Patrícia Paulo Rafaela Renato Rosângela Sérgio "
    "Simone Tânia Thiago Vanessa Vinícius"
).split()
LAST = (
    "Almeida Araújo Barbosa Cardoso Carvalho Costa Dias Fernandes Ferreira Gomes "
    "Gonçalves Lima Lopes Martins Melo Mendes Moreira Nascimento Oliveira Pereira "
    "Ribeiro Rocha Rodrigues Santana Santos Silva Souza Teixeira Vieira"
).split()
AREAS = {"11": "SP", "21": "RJ", "31": "MG", "81": "PE", "71": "BA", "92": "AM"}
AREA_WEIGHTS = (40, 20, 15, 10, 10, 5)

# Shares of the list, each at least 2 %: every reason must occur.
DIRT = (
    ("no_number", 0.02),
    ("invalid_number", 0.025),
    ("landline", 0.025),
    ("deceased", 0.02),
    ("not_updated", 0.03),
    ("blacklisted", 0.02),
    ("duplicate", 0.025),
    ("missing_value", 0.02),
)
FORMATS = ("({ddd}) {a}-{b}", "{ddd}{a}{b}", "55{ddd}{a}{b}", "+55 {ddd} {a} {b}")
FORMATS += ("0{ddd} {a}-{b}", "55 ({ddd}) {a}-{b}")


@dataclass
class Contact:
    """One line of the list; ``kind`` says which dirt it carries, if any."""

    kind: str
    name: str
    cpf: str
    phone: str
    uf: str
    margin: float
    updated: bool = True
    deceased: bool = False
    has_partner: bool = False


def make(count: int, seed: int = 19) -> list[Contact]:
    """Return ``count`` contacts, the same ones for the same seed."""
    dice = random.Random(seed)
    kinds = [kind for kind, share in DIRT for _ in range(max(1, round(count * share)))]
    kinds = kinds[:count] + ["good"] * (count - len(kinds))
    dice.shuffle(kinds)
    # A duplicate needs somebody before it whose number it repeats.
    kinds.sort(key=lambda kind: kind == "duplicate")
    contacts: list[Contact] = []
    numbers = fresh_numbers(dice)
    for kind in kinds:
        contacts.append(one(dice, kind, numbers, contacts))
    return contacts


def fresh_numbers(dice: random.Random) -> Iterator[tuple[str, str]]:
    """Yield (area code, nine digits), none twice."""
    seen = set()
    while True:
        area = dice.choices(list(AREAS), AREA_WEIGHTS)[0]
        number = f"9{dice.randint(1000, 9999)}{dice.randint(0, 9999):04d}"
        if (area, number) not in seen:
            seen.add((area, number))
            yield area, number


def one(dice, kind, numbers, before) -> Contact:
    """Return one contact of a kind."""
    area, number = next(numbers)
    phone = written(dice, area, number)
    if kind == "no_number":
        phone = dice.choice(["", "  "])
    elif kind == "invalid_number":
        phone = dice.choice([number, f"({area}) 123", "não tem", f"00{area}9"])
    elif kind == "landline":
        phone = f"({area}) 3{dice.randint(100, 999)}-{dice.randint(0, 9999):04d}"
    elif kind == "duplicate":
        phone = dice.choice([c for c in before if c.kind == "good"]).phone
    return Contact(
        kind=kind,
        name="" if kind == "missing_value" else person(dice),
        cpf=f"{dice.randint(0, 99999999999):011d}",
        phone=phone,
        uf=AREAS[area],
        margin=round(dice.uniform(80, 9800), 2),
        updated=kind != "not_updated",
        deceased=kind == "deceased",
        has_partner=dice.random() < 0.5,
    )


def person(dice: random.Random) -> str:
    """Return a name; some are shouted, some carelessly spaced."""
    name = f"{dice.choice(FIRST)} {dice.choice(LAST)} {dice.choice(LAST)}"
    style = dice.random()
    if style < 0.3:
        return name.upper()
    return f" {name} " if style > 0.95 else name


def written(dice: random.Random, area: str, number: str) -> str:
    """Return a number as one of those who typed the list would write it."""
    return dice.choice(FORMATS).format(ddd=area, a=number[:5], b=number[5:])
