"""Answers in the shapes of the service, quirks included."""

import json
from dataclasses import dataclass, field

JSON = "application/json"


@dataclass
class Answer:
    """``body`` is JSON to be written, bytes as they are, or None for no body.

    ``act`` is what the connection does instead of answering, see ``faults``.
    """

    status: int
    body: object = None
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    act: str | None = None
    seconds: float = 0.0

    def content(self) -> bytes:
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False).encode()


def errors(status: int, *texts: str, **headers: str) -> Answer:
    """The service's usual error: ``{"errors": [text]}``."""
    return Answer(status, {"errors": list(texts)}, headers=headers)


def not_found() -> Answer:
    return errors(404, "Not found.")


def laravel_422(fields: dict[str, list[str]]) -> Answer:
    """``errors`` as an object of lists, which is what the framework does."""
    return Answer(422, {"message": "The given data was invalid.", "errors": fields})


def leaked_500(text: str) -> Answer:
    """A raw PHP error in the usual place."""
    return errors(500, text)


def html(status: int, title: str, **headers: str) -> Answer:
    """A page of a proxy or of a login, where JSON was due."""
    page = f"<!doctype html><html><title>{title}</title><h1>{title}</h1></html>"
    return Answer(status, page.encode(), "text/html; charset=utf-8", headers)


def shaped_arrays(arrays: dict[str, list], settings) -> dict:
    """Arrays of a ``store`` answer: empty ones may be missing or null."""
    shaped: dict[str, object] = dict(arrays)
    if settings.blacklist_as_object:
        for name in ("blacklist", "not_disturb"):
            if len(arrays[name]) == 1:
                shaped[name] = arrays[name][0]
    for name, rows in arrays.items():
        if rows or name == "valids":
            continue
        if settings.null_arrays:
            shaped[name] = None
        if settings.omit_empty:
            del shaped[name]
    return shaped


def empty_map(settings) -> dict | list:
    """PHP writes an empty map as a list, unless somebody cast it."""
    return [] if settings.empty_map_as_list else {}
