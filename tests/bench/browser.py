"""What a browser asks of Odoo, without the browser: a session, views, their calls.

The calls are made of the views as they are, so a column that is added to a list is
measured from then on.
"""

import time
from dataclasses import dataclass, field

import requests
from lxml import etree

PAGE = 80
# What the list view counts to before it shows "10,000+".
COUNT_LIMIT = 10_001
SUMMED = {"integer", "float", "monetary"}
TO_MANY = {"one2many", "many2many"}


class CallError(RuntimeError):
    """The server answered with an error; a benchmark of those measures nothing."""


@dataclass
class Call:
    """One request of a screen."""

    model: str
    method: str
    args: list = field(default_factory=list)
    kwargs: dict = field(default_factory=dict)
    route: str = "call_kw"


class Browser:
    """One person's web session."""

    def __init__(self, url: str, database: str, login: str):
        self.url = url
        self.session = requests.Session()
        known = {"db": database, "login": login, "password": login}
        found = self._post("/web/session/authenticate", known)
        self.context = found["user_context"]

    def _post(self, path: str, params: dict):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.session.post(f"{self.url}{path}", json=body, timeout=600).json()
        if "error" in answer:
            raise CallError(f"{path}: {answer['error']['data']['message']}")
        return answer["result"]

    def call(self, call: Call):
        """Make a request; return what the server says."""
        kwargs = dict(call.kwargs)
        kwargs["context"] = {**self.context, **kwargs.get("context", {})}
        return self._post(
            f"/web/dataset/{call.route}/{call.model}/{call.method}",
            {
                "model": call.model,
                "method": call.method,
                "args": call.args,
                "kwargs": kwargs,
            },
        )

    def seconds(self, call: Call) -> float:
        """Make a request; return how long its answer took."""
        begin = time.perf_counter()
        self.call(call)
        return time.perf_counter() - begin

    def view(self, model: str, kind: str, view_id: int | None = None) -> "View":
        """Load a view as a click on its menu does."""
        kwargs = {"views": [[view_id, kind]], "options": {}}
        found = self.call(Call(model, "get_views", kwargs=kwargs))
        arch = etree.fromstring(found["views"][kind]["arch"])
        return View(model, arch, found["models"])

    def view_of_action(self, path: str, kind: str) -> "View":
        """Load the view that a menu's action names, by its path in the address."""
        action = self._post("/web/action/load", {"action_id": path})
        chosen = {name: number for number, name in action["views"]}
        return self.view(action["res_model"], kind, chosen[kind] or None)


@dataclass
class View:
    """A view's arch and the fields that its models have."""

    model: str
    arch: etree._Element
    models: dict

    @property
    def fields(self) -> dict:
        return self.models[self.model]["fields"]

    def specification(self) -> dict:
        """What the client asks for each field that the view names."""
        return specification(self.arch, self.model, self.models)

    def sums(self) -> list[str]:
        """What a grouped list adds up: every numeric column."""
        return [
            f"{name}:{known['aggregator']}"
            for name in self.specification()
            if (known := self.fields[name]).get("aggregator")
            and known["type"] in SUMMED
        ]

    def read(self, record: int) -> Call:
        """Open a form."""
        return Call(
            self.model, "web_read", [[record]], {"specification": self.specification()}
        )

    def page(self, domain: list | None = None, offset: int = 0, **kwargs) -> Call:
        """Open a page of a list."""
        order = self.arch.get("default_order")
        if order:
            kwargs["order"] = order
        return Call(
            self.model,
            "web_search_read",
            kwargs={
                "domain": domain or [],
                "specification": self.specification(),
                "limit": PAGE,
                "offset": offset,
                "count_limit": max(COUNT_LIMIT, offset + COUNT_LIMIT),
                **kwargs,
            },
        )

    def grouped(self, groups: list[str], domain: list | None = None) -> Call:
        """Open a list with its groups folded."""
        return Call(
            self.model,
            "web_read_group",
            [domain or [], groups, self.sums()],
            {"limit": PAGE, "context": {"read_group_expand": True}},
        )


def specification(arch, model: str, models: dict) -> dict:
    """Fields of an arch, without those of the lists inside it."""
    found: dict = {}
    for node in arch.iter("field"):
        if any(parent.tag == "field" for parent in parents(node, arch)):
            continue
        name = node.get("name")
        known = models[model]["fields"].get(name)
        if known:
            found.setdefault(name, asked_of(node, known, models))
    return found


def asked_of(node, known: dict, models: dict) -> dict:
    """What is asked of one field: names of records, and the rows of lists."""
    if known["type"] in ("many2one", "reference"):
        return {"fields": {"display_name": {}}}
    inner = next((child for child in node if child.tag in ("list", "kanban")), None)
    if known["type"] in TO_MANY and inner is not None and known["relation"] in models:
        rows = specification(inner, known["relation"], models)
        return {"fields": rows, "limit": 40, "order": ""}
    return {}


def parents(node, top):
    """The elements around one, up to the view's own."""
    while node is not top:
        node = node.getparent()
        yield node
