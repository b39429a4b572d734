"""Values of a template: plain data only, and what stands for an absent one."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jinja2 import StrictUndefined, Undefined

from .template_errors import MissingValue, RenderFailed, UndeclaredName
from .template_formats import clean

TEXT_LIMIT = 4000  # characters of any text on the way to the result
ITEMS_LIMIT = 100  # elements of any list, hence turns of any loop
NUMBER_LIMIT = 10**15

PRINTABLE = (str, int, float, Decimal, date)
_PLAIN = frozenset({str, int, float, bool, Decimal, date, datetime, dict, list, tuple})


class Missing(Undefined):
    """A declared but empty value: false in conditions, an error when printed."""

    __slots__ = ()

    def __init__(self, name: str) -> None:
        super().__init__(name=name, exc=lambda _hint: MissingValue(name))

    def __str__(self) -> str:
        raise MissingValue(self._undefined_name or "?")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Missing) or is_empty(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = Undefined.__hash__


class Undeclared(StrictUndefined):
    """A name that no value exists for: any use of it is an error."""

    __slots__ = ()

    def __init__(self, hint=None, obj=None, name=None, exc=None) -> None:
        label = str(name or hint or "?")
        super().__init__(name=label, exc=lambda _hint: UndeclaredName(label))


def is_empty(value: object) -> bool:
    """Tell whether a value counts as missing; zero does not."""
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or value is False


def guard(value: Any, name: str) -> Any:
    """Return a plain, clean value, or :class:`Missing` for an empty one.

    Raises :class:`RenderFailed` for anything else, such as a record, through
    which a template would reach the database.
    """
    if isinstance(value, str):
        # A plain one: Markup would escape what it meets.
        value = clean(str.__str__(value))
    if is_empty(value):
        return Missing(name)
    if type(value) in _PLAIN or isinstance(value, Undefined):
        return value
    raise RenderFailed(f"{name} is not a plain value")


def lookup(values: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """Follow the keys of ``path`` through nested dicts.

    An empty value on the way makes the whole path missing; an absent key, or a
    step into something that is no dict, makes it undeclared.
    """
    name = ".".join(path)
    value: Any = values
    for key in path:
        if is_empty(value):
            return Missing(name)
        if not isinstance(value, Mapping) or key not in value:
            return Undeclared(name=name)
        value = value[key]
    return guard(value, name)
