"""Rows for one SQL statement, handed over as JSON.

A thousand rows as ``VALUES`` or arrays are a hundred kilobytes of SQL that PostgreSQL
parses into a tree, constant by constant: an update of a thousand messages took 33 ms
that way and takes 21 ms as JSON.
"""

import json
from collections.abc import Iterable


class Recordset:
    """The columns of such rows, with their SQL types, in the order of the rows."""

    def __init__(self, **columns: str) -> None:
        self.names = tuple(columns)
        parts = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        #: For FROM; its rows are the parameter ``rows`` (see :meth:`dump`).
        self.sql = f"json_to_recordset(%(rows)s) AS v ({parts})"

    def dump(self, rows: Iterable[tuple]) -> str:
        """Return tuples as the parameter; dates become text, what is left out NULL.

        What PostgreSQL cannot store (NUL, half an emoji) is replaced: what a gateway
        answers is stored, whatever it writes.
        """
        records = [
            {n: v for n, v in zip(self.names, row, strict=True) if v is not None}
            for row in rows
        ]
        text = json.dumps(records, ensure_ascii=False, default=str)
        if "\\u0000" in text or storable(text) != text:
            records = [{k: storable(v) for k, v in r.items()} for r in records]
            text = json.dumps(records, ensure_ascii=False, default=str)
        return text


def storable(value):
    """Return a value without what PostgreSQL cannot store, if it is a text.

    That is NUL and half an emoji, which a gateway leaves where it cuts a text.
    """
    if not isinstance(value, str):
        return value
    clean = value.replace("\0", "\ufffd").encode("utf-16", "surrogatepass")
    return clean.decode("utf-16", "replace")
