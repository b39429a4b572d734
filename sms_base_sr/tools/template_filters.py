"""The functions of the template language, each with bounded cost and result.

Jinja's own filters and string methods are not used: ``center``, ``indent`` and
their like can be told to fill the memory.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from jinja2 import Undefined, pass_context
from jinja2.runtime import Context, LoopContext

from . import template_formats
from .template_errors import RenderFailed, TooLong
from .template_operators import NUMBERS, bounded, format_text, items, text
from .template_values import ITEMS_LIMIT, TEXT_LIMIT, Missing, Undeclared, guard
from .template_work import work_of

_LOOP_ATTRIBUTES = frozenset({"index", "index0", "first", "last", "length"})


def _checked(function: Callable) -> Callable:
    """Count the work, pass a missing argument on, and bound the result.

    With the context as its first argument, no filter is computed while compiling.
    """

    @pass_context
    @wraps(function)
    def check(context: Context, *args: Any, **kwargs: Any) -> Any:
        work_of(context).spend(*args)
        for arg in args:
            if isinstance(arg, Missing):
                return arg
        return bounded(function(*args, **kwargs))

    return check


def _default(value: Any, default: Any = "", boolean: bool = False) -> Any:
    absent = isinstance(value, Undefined) or (boolean and not value)
    return default if absent else value


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


@pass_context
def _counted_items(context: Context, value: Any) -> list:
    found = items(value)
    work_of(context).spend(*found)
    return found


def _range(*bounds: int) -> list[int]:
    numbers = range(*bounds)
    if len(numbers) > ITEMS_LIMIT:
        raise TooLong("list", ITEMS_LIMIT)
    return list(numbers)


def _written(write: Callable[[Any], str], value: Any) -> str:
    text(value)  # what cannot be printed says so
    return write(value)


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
    "format": format_text,
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
    # The language of texts to customers: what is not printable says so.
    "money": lambda value: _written(template_formats.money, value),
    "reais": lambda value: _written(template_formats.reais, value),
    "date": lambda value: _written(template_formats.day, value),
    "cpf": lambda value: _written(template_formats.dotted_cpf, value),
    "first_name": lambda value: _written(template_formats.first_name, value),
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
    "number": lambda value: isinstance(value, NUMBERS),
}
# What the translation of a template calls; no template can spell these names.
INTERNAL: dict[str, Callable] = {
    ":concat": _checked(_concat),
    ":item": _checked(_item),
    ":slice": _checked(_slice),
    ":attribute": _checked(_attribute),
    ":range": _checked(_range),
    ":items": _counted_items,
    "default": _default,
    "d": _default,
    **{name: _checked(function) for name, function in FILTERS.items()},
    **{f".{name}": _checked(function) for name, function in METHODS.items()},
}
FILTER_NAMES = frozenset({*FILTERS, "default", "d"})
