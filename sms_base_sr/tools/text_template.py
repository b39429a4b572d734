"""Texts with variables: a small, safe part of Jinja2 over plain values.

Errors are those of :mod:`template_errors`; what the language holds is in
:mod:`template_language`. Compiling takes about a millisecond, rendering some
10 microseconds.
"""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

import jinja2
from jinja2 import meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .template_errors import (
    MissingValue,
    RenderFailed,
    TemplateError,
    TemplateSyntax,
    TooLong,
    UndeclaredName,
)
from .template_filters import INTERNAL, TESTS
from .template_language import Translator
from .template_operators import operate, text
from .template_values import Undeclared, lookup
from .template_work import Work, with_work, work_of

__all__ = [
    "MissingValue",
    "RenderFailed",
    "TemplateError",
    "TemplateSyntax",
    "TextTemplate",
    "TooLong",
    "UndeclaredName",
    "compile_text",
    "translate_placeholders",
]

SOURCE_LIMIT = 5000
OUTPUT_LIMIT = 2000

# Old campaigns: the contact's name, number of the tax register, and margin.
_PLACEHOLDERS = {"nome": "name", "cpf": "cpf", "vi_rm": "vi_rmi", "vi_rmi": "vi_rmi"}
_PLACEHOLDER = re.compile(r"\|\s*(nome|cpf|vi_rmi?)\s*\|", re.IGNORECASE)


class _Environment(ImmutableSandboxedEnvironment):
    """The second wall: even what the translation let pass runs in the sandbox."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def call_binop(self, context, operator: str, left: Any, right: Any) -> Any:
        """Compute within bounds."""
        work_of(context).spend(left, right)
        return operate(operator, self.binop_table[operator], left, right)


def _make_environment() -> _Environment:
    environment = _Environment(undefined=Undeclared, finalize=text, autoescape=False)
    environment.globals.clear()
    environment.filters = dict(INTERNAL)
    environment.tests = dict(TESTS)
    return environment


_ENVIRONMENT = _make_environment()


class TextTemplate:
    """A compiled text; make it with :func:`compile_text`.

    ``names`` are the values it needs, dotted where nested: ``object.name``.
    """

    def __init__(self, source: str) -> None:
        if len(source) > SOURCE_LIMIT:
            raise TooLong("source", SOURCE_LIMIT)
        self.source = source
        try:
            self._template, self._paths = _compile(source)
        except jinja2.TemplateSyntaxError as error:
            raise TemplateSyntax(error.message or "syntax", error.lineno) from error
        except (SyntaxError, RecursionError, MemoryError) as error:
            raise TemplateSyntax("too deeply nested") from error
        except (ValueError, OverflowError) as error:
            raise TemplateSyntax("a constant is too large") from error
        self.names = frozenset(".".join(path) for path in self._paths.values())

    def missing(self, allowed: Collection[str]) -> list[str]:
        """List the names that are not among the ``allowed`` dotted ones, sorted."""
        return sorted(self.names.difference(allowed))

    def render(self, values: Mapping[str, Any], limit: int = OUTPUT_LIMIT) -> str:
        """Return the text for ``values``: nested dicts of text and numbers.

        Raises :class:`MissingValue` when an empty value (None, False, blank) is
        printed, computed or compared by order without a default,
        :class:`UndeclaredName` for an absent key, :class:`TooLong` beyond
        ``limit`` characters or the work of one text, :class:`RenderFailed` for the
        rest.
        """
        needed = {flat: lookup(values, path) for flat, path in self._paths.items()}
        try:
            return self._run(needed, limit)
        except TemplateError:
            raise
        except Exception as error:
            # Its words may quote a customer's data, so they are left out.
            raise RenderFailed(f"cannot compute ({type(error).__name__})") from None

    def _run(self, needed: dict[str, Any], limit: int) -> str:
        values = with_work(needed, Work())
        context = self._template.new_context(values, shared=True)
        pieces, size = [], 0
        for piece in self._template.root_render_func(context):
            size += len(piece)
            if size > limit:
                raise TooLong("text", limit)
            pieces.append(piece)
        return "".join(pieces)


def _compile(source: str) -> tuple[jinja2.Template, dict[str, tuple[str, ...]]]:
    """Return the compiled template, and the path of each variable it looks up."""
    tree = _ENVIRONMENT.parse(source)
    translator = Translator(tree)
    tree: nodes.Template = translator.visit(tree)
    tree.set_environment(_ENVIRONMENT).set_lineno(1)
    template = _ENVIRONMENT.from_string(tree)
    # A local name that is read where it is not set is a value like any other.
    loose = meta.find_undeclared_variables(tree)
    return template, {name: translator.paths.get(name, (name,)) for name in loose}


@lru_cache(maxsize=512)
def _cached(source: str) -> TextTemplate:
    return TextTemplate(source)


def compile_text(source: str | None) -> TextTemplate:
    """Compile once a text; raises :class:`TemplateSyntax` or :class:`TooLong`."""
    return _cached(source or "")


def translate_placeholders(source: str | None) -> str:
    """Turn ``|NOME| |CPF| |VI_RM|``, in any case, into template variables."""
    return _PLACEHOLDER.sub(
        lambda match: f"{{{{ {_PLACEHOLDERS[match[1].lower()]} }}}}", source or ""
    )
