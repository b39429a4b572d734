"""Sentences that are written without Odoo and translated with it."""

from typing import Self


def _(source: str) -> str:
    """Mark a sentence for the translation catalogue; it is translated later."""
    return source


class Problem(str):
    """A sentence that can still be translated, because it keeps its parts.

    A caller without Odoo prints it; one with Odoo translates ``source`` and fills
    in ``values`` again.
    """

    source: str
    values: dict[str, object]

    def __new__(cls, source: str, **values: object) -> Self:
        problem = super().__new__(cls, source % values if values else source)
        problem.source = source
        problem.values = values
        return problem
