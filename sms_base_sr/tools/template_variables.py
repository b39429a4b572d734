"""Declared, typed variables: what a text may say, and how each value is written.

A variable names its source, a column or a path of fields; the text itself never
reaches what the value was read from.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import template_formats


@dataclass(frozen=True)
class Variable:
    """One name that texts may use.

    ``name`` is dotted where nested; ``source`` is the column or path of fields that it
    is read from, empty where somebody else hands the value in. ``example`` is raw, and
    written like any other value. An ``alias`` is another name for the same, kept for
    the texts of earlier versions.
    """

    name: str
    kind: str
    meaning: str
    example: Any
    source: str = ""
    alias: bool = False

    def __post_init__(self) -> None:
        if self.kind not in template_formats.KINDS:
            raise ValueError(f"{self.name}: no kind {self.kind}")

    def written(self, value: Any, whole_cpf: bool = False) -> Any:
        """Write a raw value as the text prints it."""
        return template_formats.write(self.kind, value, whole_cpf)


def fill(
    variables: Iterable[Variable], raw: Mapping[str, Any], whole_cpf: bool = False
) -> dict[str, Any]:
    """Return the nested values of all variables; ``raw`` maps sources to raw values.

    What has no source stays an empty text, which whoever knows better replaces.
    """
    values: dict[str, Any] = {}
    written: dict[tuple[str, str], Any] = {}
    for variable in variables:
        key = variable.kind, variable.source
        if key not in written:
            written[key] = variable.written(raw.get(variable.source), whole_cpf)
        put(values, variable.name, written[key])
    return values


def examples(variables: Iterable[Variable], whole_cpf: bool = False) -> dict[str, Any]:
    """Return the nested examples."""
    values: dict[str, Any] = {}
    for variable in variables:
        put(values, variable.name, variable.written(variable.example, whole_cpf))
    return values


def put(values: dict[str, Any], name: str, value: Any) -> None:
    """Store a value under its dotted name."""
    *folders, last = name.split(".")
    for folder in folders:
        values = values.setdefault(folder, {})
    values[last] = value


def merge(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """Merge nested values; the later ones win."""
    merged: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            known = merged.get(key)
            both = isinstance(known, Mapping) and isinstance(value, Mapping)
            merged[key] = merge(known, value) if both else value
    return merged


def dotted_names(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the names of nested values: ``name``, ``user.company_id.phone``."""
    for key, value in values.items():
        yield f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from dotted_names(value, f"{prefix}{key}.")
