"""How a place that holds somebody's data is declared: where, what, and how it goes."""

from dataclasses import dataclass

DELETE = "DELETE"


@dataclass(frozen=True)
class Place:
    """One table in which something about a person may stand.

    ``where`` is SQL over the table as ``t``. It may use ``%(numbers)s`` (E.164 and
    pseudonyms), ``%(exact)s`` (numbers however written), ``%(like)s`` (the same, and
    for LIKE), ``%(names)s`` (for LIKE), ``%(partners)s``, ``%(messages)s``,
    ``%(providers)s``, ``%(company)s`` and ``%(token)s``. ``forget`` is the SET clause
    of an UPDATE, or :data:`DELETE`; empty where erasing leaves the row, and then
    ``kept`` says why. ``shared`` columns tell of other people too: the report shows
    the person's own part of them (:func:`.own_part.own_part`).
    """

    model: str
    where: str
    shown: tuple[str, ...]
    forget: str = ""
    kept: str = ""
    shared: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """The table's name, as Odoo makes it of the model's."""
        return self.model.replace(".", "_")
