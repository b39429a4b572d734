"""Arithmetic and sizes within bounds: what every function of a template stands on.

Jinja's own operators would fill the memory on request: ``'a' * 10**9``.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from jinja2 import Undefined

from .template_errors import RenderFailed, TooLong
from .template_values import (
    ITEMS_LIMIT,
    NUMBER_LIMIT,
    PRINTABLE,
    TEXT_LIMIT,
    Missing,
    guard,
)

NUMBERS = (int, float, Decimal)
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
    elif isinstance(value, NUMBERS):
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
        return format_text(left, *(right if isinstance(right, tuple) else (right,)))
    if operator == "+" and isinstance(left, str) and isinstance(right, str):
        return bounded(left + right)
    if isinstance(left, NUMBERS) and isinstance(right, NUMBERS):
        return bounded(function(bounded(left), bounded(right)))
    text(left), text(right)  # an undeclared operand says so
    kinds = f"{type(left).__name__} {operator} {type(right).__name__}"
    raise RenderFailed(f"cannot compute {kinds}")


def format_text(pattern: str, *args: Any) -> Any:
    """Fill ``%s %d %i %f`` with narrow widths; a missing argument stays missing."""
    for arg in args:
        if isinstance(arg, Missing):
            return arg
    if "%" in _CONVERSION.sub("", pattern):
        raise RenderFailed("cannot format with this pattern")
    values = tuple(a if isinstance(a, NUMBERS) else bounded(text(a)) for a in args)
    return bounded(bounded(pattern) % values)
