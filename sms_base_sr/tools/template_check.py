"""What becomes of a text over many recipients: who is left out, how long it gets."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import segments, text_template
from .template_variables import merge, put

# A text has few variables; a name that stays missing is no value of ours.
_TRIES = 30


@dataclass
class Outcome:
    """One text: ``missing`` are the variables that leave the recipient out.

    With missing values ``text`` has ``[name]`` in their places; with an ``error`` there
    is no text.
    """

    text: str = ""
    missing: list[str] = field(default_factory=list)
    error: text_template.TemplateError | None = None


def attempt(template: text_template.TextTemplate, values: Mapping[str, Any]) -> Outcome:
    """Render, and go on behind each missing value, so that all of them are named."""
    outcome = Outcome()
    for _try in range(_TRIES):
        try:
            outcome.text = segments.normalize_newlines(template.render(values))
            return outcome
        except text_template.MissingValue as error:
            if error.name in outcome.missing or error.name not in template.names:
                outcome.missing += [error.name] * (error.name not in outcome.missing)
                return outcome
            outcome.missing.append(error.name)
            values = merge(values, _placeholder(error.name))
        except text_template.TemplateError as error:
            outcome.error = error
            return outcome
    return outcome


def _placeholder(name: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    put(values, name, f"[{name}]")
    return values


@dataclass
class Sample:
    """The sum of many outcomes; ``longest`` is (label, text) of the most expensive."""

    looked: int = 0
    written: int = 0
    skipped: int = 0
    total: int = 0
    unicode: int = 0
    missing: Counter = field(default_factory=Counter)
    errors: Counter = field(default_factory=Counter)
    parts: Counter = field(default_factory=Counter)
    longest: tuple[str, str] | None = None
    longest_size: tuple[int, int] = (0, 0)

    def add(self, label: str, outcome: Outcome) -> None:
        """Count one recipient."""
        self.looked += 1
        if outcome.error:
            self.errors[str(outcome.error)] += 1
        elif outcome.missing:
            self.missing.update(outcome.missing)
        elif not outcome.text.strip():
            self.errors["the text is empty"] += 1
        else:
            self._measure(label, outcome.text)

    def _measure(self, label: str, text: str) -> None:
        size = segments.measure(text)
        self.written += 1
        self.total += size.segments
        self.parts[size.segments] += 1
        self.unicode += size.encoding == segments.UCS2
        if (size.segments, size.characters) > self.longest_size:
            self.longest_size = size.segments, size.characters
            self.longest = label, text


def check(
    template: text_template.TextTemplate,
    recipients: Iterable[tuple[str, Mapping[str, Any]]],
) -> Sample:
    """Render for each (label, values) and add up."""
    sample = Sample()
    for label, values in recipients:
        sample.add(label, attempt(template, values))
    return sample
