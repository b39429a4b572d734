"""Everything that can be wrong with a text template, for the form or the plan."""


class TemplateError(Exception):
    """Base: the message is fit to be shown to the template's author."""


class TemplateSyntax(TemplateError):
    """The text is not a template, or uses more of Jinja than is allowed.

    ``line`` counts from 1; None when unknown.
    """

    def __init__(self, detail: str, line: int | None = None) -> None:
        self.detail = detail
        self.line = line
        super().__init__(f"line {line}: {detail}" if line else detail)


class UndeclaredName(TemplateError):
    """The template uses ``names`` that no value is declared for."""

    def __init__(self, *names: str) -> None:
        self.names = names
        super().__init__(f"unknown in this template: {', '.join(names)}")


class MissingValue(TemplateError):
    """``name`` is declared, but empty for this recipient, and was to be printed."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"no value for {name}")


class TooLong(TemplateError):
    """``what`` (source, text, list, number, loops, work) exceeds ``limit``."""

    def __init__(self, what: str, limit: int) -> None:
        self.what = what
        self.limit = limit
        super().__init__(f"the {what} is too long (limit: {limit})")


class RenderFailed(TemplateError):
    """The template stumbled over a value: wrong type, division by zero …"""
