"""The functions of the template language, each with bounded cost and result.

Jinja's own filters, string methods and operators are not used: ``center``,
``format``, ``*`` and their like can be told to fill the memory.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import wraps
from typing import Any

from jinja2 import Undefined
from jinja2.runtime import LoopContext

from .template_errors import RenderFailed, TooLong
from .template_values import (
    ITEMS_LIMIT,
    NUMBER_LIMIT,
    PRINTABLE,
    TEXT_LIMIT,
    Missing,
    Undeclared,
    guard,
)

_NUMBERS = (int, float, Decimal)
_LOOP_ATTRIBUTES = frozenset({"index", "index0", "first", "last", "length"})
# Widths of two digits; no *, no %(key)s, no %r.
_CONVERSION = re.compile(r"%(?:%|[-+ 0]{0,3}\d{0,2}(?:\.\d{1,2})?[sdif])")


def text(value: Any) -> str:
    """Return a printable value as text; raises for an absent or other one."""
    if isinstance(value, str):
        return value
    if isinstance(value, (*PRINTABLE, Undefined)):
        return str(value)
    raise RenderFailed(f"a {type(value).__name__} cannot be printed")


def bounded(value: Any) -> Any:
    """Return ``value`` unless its size exceeds the limit of its kind."""
    if isinstance(value, str):
        if len(value) > TEXT_LIMIT:
            raise TooLong("text", TEXT_LIMIT)
    elif isinstance(value, _NUMBERS):
        if abs(value) > NUMBER_LIMIT:
            raise TooLong("number", NUMBER_LIMIT)
    elif isinstance(value, list | tuple) and len(value) > ITEMS_LIMIT:
        raise TooLong("list", ITEMS_LIMIT)
    return value


def items(value: Any) -> list:
    """Return what a loop walks through: the elements, none of a missing value."""
    if isinstance(value, Missing):
        return []
    if not isinstance(value, list | tuple):
        text(value)  # an undeclared value says so
        raise RenderFailed(f"cannot loop over a {type(value).__name__}")
    return [guard(item, "an element") for item in bounded(value)]


def operate(operator: str, function: Callable, left: Any, right: Any) -> Any:
    """Apply an arithmetic operator to two numbers, or add or format texts.

    A missing operand makes the result missing, so that ``or`` can replace it.
    """
    for operand in (left, right):
        if isinstance(operand, Missing):
            return operand
    if operator == "%" and isinstance(left, str):
        return _format(left, *(right if isinstance(right, tuple) else (right,)))
    if operator == "+" and isinstance(left, str) and isinstance(right, str):
        return bounded(left + right)
    if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
        return bounded(function(bounded(left), bounded(right)))
    text(left), text(right)  # an undeclared operand says so
    kinds = f"{type(left).__name__} {operator} {type(right).__name__}"
    raise RenderFailed(f"cannot compute {kinds}")


def _checked(function: Callable) -> Callable:
    """Pass a missing argument on, and bound the result."""

    @wraps(function)
    def check(*args: Any, **kwargs: Any) -> Any:
        for arg in args:
            if isinstance(arg, Missing):
                return arg
        return bounded(function(*args, **kwargs))

    return check


def _default(value: Any, default: Any = "", boolean: bool = False) -> Any:
    absent = isinstance(value, Undefined) or (boolean and not value)
    return default if absent else value


def _format(pattern: str, *args: Any) -> Any:
    for arg in args:
        if isinstance(arg, Missing):
            return arg
    if "%" in _CONVERSION.sub("", pattern):
        raise RenderFailed(f"cannot format with {pattern!r}")
    values = tuple(a if isinstance(a, _NUMBERS) else bounded(text(a)) for a in args)
    return bounded(bounded(pattern) % values)


def _replace(value: Any, old: Any, new: Any) -> str:
    value, old, new = text(value), text(old), text(new)
    if value.count(old) * len(new) > TEXT_LIMIT:
        raise TooLong("text", TEXT_LIMIT)
    return value.replace(old, new)


def _truncate(value: Any, length: int = 160, end: str = "...") -> str:
    whole = text(value)
    if len(whole) <= length:
        return whole
    return whole[: max(length - len(end), 0)].rstrip() + end


def _round(value: Any, precision: int = 0) -> Any:
    if not 0 <= precision <= 6:
        raise RenderFailed("round takes 0 to 6 decimal places")
    return round(value, precision)


def _join(value: Any, separator: Any = "") -> str:
    return text(separator).join(text(item) for item in items(value))


def _concat(*parts: Any) -> str:
    return "".join(map(text, parts))


def _length(value: Any) -> int:
    return len(value if isinstance(value, str | list | tuple) else items(value))


def _item(value: Any, index: int) -> Any:
    """Return one character or element; what lies outside is missing."""
    if not isinstance(value, str | list | tuple):
        raise RenderFailed(f"a {type(value).__name__} has no element {index}")
    if not -len(value) <= index < len(value):
        return Missing(f"element {index}")
    return guard(value[index], f"element {index}")


def _slice(value: Any, start: int | None, stop: int | None, step: int | None) -> Any:
    if not isinstance(value, str | list | tuple):
        raise RenderFailed(f"a {type(value).__name__} cannot be cut")
    return value[start:stop:step]


def _attribute(value: Any, name: str) -> Any:
    """Return an entry of a dict in a loop, or what ``loop`` knows of itself."""
    if isinstance(value, Mapping) and name in value:
        return guard(value[name], name)
    if isinstance(value, LoopContext) and name in _LOOP_ATTRIBUTES:
        return getattr(value, name)
    return Undeclared(name=name)


def _range(*bounds: int) -> list[int]:
    numbers = range(*bounds)
    if len(numbers) > ITEMS_LIMIT:
        raise TooLong("list", ITEMS_LIMIT)
    return list(numbers)


def _method(name: str) -> Callable:
    """Wrap a string method whose result is no longer than its text, or nearly."""

    def call(value: Any, *args: Any) -> Any:
        return getattr(text(value), name)(*args)

    return call


FILTERS: dict[str, Callable] = {
    "upper": _method("upper"),
    "lower": _method("lower"),
    "title": _method("title"),
    "capitalize": _method("capitalize"),
    "trim": _method("strip"),
    "replace": _replace,
    "truncate": _truncate,
    "format": _format,
    "string": text,
    "join": _join,
    "first": lambda value: _item(value, 0),
    "last": lambda value: _item(value, -1),
    "length": _length,
    "count": _length,
    "int": lambda value: int(float(value)),
    "float": float,
    "abs": abs,
    "round": _round,
}
METHODS: dict[str, Callable] = {
    **{
        name: _method(name)
        for name in (
            *("upper", "lower", "title", "capitalize", "strip", "lstrip", "rstrip"),
            *("split", "startswith", "endswith"),
        )
    },
    "replace": _replace,
}
TESTS: dict[str, Callable[[Any], bool]] = {
    "defined": lambda value: not isinstance(value, Undefined),
    "undefined": lambda value: isinstance(value, Undefined),
    "none": lambda value: value is None or isinstance(value, Missing),
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, _NUMBERS),
}
# What the translation of a template calls; no template can spell these names.
INTERNAL: dict[str, Callable] = {
    ":concat": _checked(_concat),
    ":item": _checked(_item),
    ":slice": _checked(_slice),
    ":attribute": _checked(_attribute),
    ":range": _checked(_range),
    ":items": items,
    "default": _default,
    "d": _default,
    **{name: _checked(function) for name, function in FILTERS.items()},
    **{f".{name}": _checked(function) for name, function in METHODS.items()},
}
FILTER_NAMES = frozenset({*FILTERS, "default", "d"})
