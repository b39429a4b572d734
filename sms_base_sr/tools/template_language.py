"""The part of Jinja that a text may use, and its translation.

A template is checked against a list of what is allowed (the sandbox alone is a
list of what is forbidden), then rewritten so that running it involves no attribute
access and no call: ``object.name`` becomes one flat variable, ``name.upper()`` and
``name[0]`` become filters of ours.
"""

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from .template_errors import TemplateSyntax, TooLong
from .template_filters import FILTER_NAMES, METHODS, TESTS
from .template_values import NUMBER_LIMIT

LOOPS_LIMIT = 10
# Python's own limit would depend on who calls: a text that was saved could not be sent.
DEPTH_LIMIT = 60

_ALLOWED = frozenset(
    "Template Output TemplateData Name Const Getattr Getitem Slice Call Filter Test "
    "Keyword CondExpr And Or Not Compare Operand Concat Add Sub Mul Div FloorDiv Mod "
    "Neg Pos If For Assign List Tuple".split()
)


class Translator(NodeTransformer):
    """Check and rewrite one parsed template; use an instance once.

    ``paths`` maps each flat variable to the keys that lead to its value.
    """

    def __init__(self, tree: nodes.Template) -> None:
        self.paths: dict[str, tuple[str, ...]] = {}
        self._loops = 0
        self._depth = 0
        self._inside_loop = False
        self._locals = {
            name.name for name in tree.find_all(nodes.Name) if name.ctx != "load"
        }
        if tree.find(nodes.For):
            self._locals.add("loop")

    def visit(self, node: nodes.Node, *args, **kwargs):
        """Refuse whatever is not on the list, then do as the class says."""
        kind = type(node).__name__
        if kind not in _ALLOWED:
            raise TemplateSyntax(f"{kind.lower()} is not allowed", node.lineno)
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise TemplateSyntax("too deeply nested", node.lineno)
        found = super().visit(node, *args, **kwargs)
        self._depth -= 1
        return found

    def visit_Name(self, node: nodes.Name) -> nodes.Node:
        """Names of the template's own stay; the others become variables."""
        _check_name(node.name, node)
        if node.name == "self":
            raise TemplateSyntax("the name self is not allowed", node.lineno)
        if node.name in self._locals:
            return node
        return self._variable(node, (node.name,))

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        """Read ``a.b``: a path from the values, or an entry of a local one."""
        _check_name(node.attr, node)
        if path := self._path(node):
            return self._variable(node, path)
        return _call(":attribute", self.visit(node.node), nodes.Const(node.attr))

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        """Read ``a['b']`` like ``a.b``, ``a[0]`` and ``a[:9]`` with constants."""
        arg = node.arg
        if isinstance(arg, nodes.Const) and isinstance(arg.value, str):
            return self.visit(nodes.Getattr(node.node, arg.value, "load"))
        if isinstance(arg, nodes.Slice):
            bounds = [_index(part, node) for part in (arg.start, arg.stop, arg.step)]
            return _call(":slice", self.visit(node.node), *bounds)
        return _call(":item", self.visit(node.node), _index(arg, node))

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """Only methods on the list, and ``range``, may be called."""
        target = node.node
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise TemplateSyntax("only plain arguments are allowed", node.lineno)
        args = [self.visit(arg) for arg in node.args]
        if isinstance(target, nodes.Getattr) and target.attr in METHODS:
            return _call(f".{target.attr}", self.visit(target.node), *args)
        if isinstance(target, nodes.Name) and target.name == "range" and args:
            return _call(":range", *args)
        name = getattr(target, "attr", getattr(target, "name", "this"))
        raise TemplateSyntax(f"calling {name}() is not allowed", node.lineno)

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:
        """Only filters on the list."""
        if node.name not in FILTER_NAMES or node.dyn_args or node.dyn_kwargs:
            raise TemplateSyntax(f"filter {node.name} is not allowed", node.lineno)
        return self.generic_visit(node)

    def visit_Test(self, node: nodes.Test) -> nodes.Node:
        """Only tests on the list."""
        if node.name not in TESTS or node.args or node.dyn_args or node.dyn_kwargs:
            raise TemplateSyntax(f"test {node.name} is not allowed", node.lineno)
        return self.generic_visit(node)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        """``a ~ b``: Jinja cannot intercept this operator."""
        return _call(":concat", *[self.visit(part) for part in node.nodes])

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Node:
        """``a if b`` without ``else`` prints nothing otherwise."""
        node.expr2 = node.expr2 or nodes.Const("")
        return self.generic_visit(node)

    def visit_Const(self, node: nodes.Const) -> nodes.Node:
        """Numbers are bounded from the start."""
        number = isinstance(node.value, int | float)
        if number and abs(node.value) > NUMBER_LIMIT:
            raise TooLong("number", NUMBER_LIMIT)
        return node

    def visit_Assign(self, node: nodes.Assign) -> nodes.Node:
        """``{% set a = … %}`` of one name."""
        _check_target(node.target)
        return self.generic_visit(node)

    def visit_For(self, node: nodes.For) -> nodes.Node:
        """A few plain loops, none inside another."""
        _check_target(node.target)
        if node.recursive or node.test or self._inside_loop:
            raise TemplateSyntax("only plain, single loops are allowed", node.lineno)
        self._loops += 1
        if self._loops > LOOPS_LIMIT:
            raise TooLong("number of loops", LOOPS_LIMIT)
        self._inside_loop = True
        node = self.generic_visit(node)
        self._inside_loop = False
        node.iter = _call(":items", node.iter)
        return node

    def _path(self, node: nodes.Node) -> tuple[str, ...] | None:
        """Return the keys of ``a.b['c']``, or None if ``a`` is no value's name."""
        if isinstance(node, nodes.Name):
            _check_name(node.name, node)
            return None if node.name in self._locals else (node.name,)
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            key = node.arg.value
        else:
            key = getattr(node, "attr", None)
        if not isinstance(key, str) or not (path := self._path(node.node)):
            return None
        _check_name(key, node)
        return (*path, key)

    def _variable(self, node: nodes.Node, path: tuple[str, ...]) -> nodes.Name:
        # No part begins with an underscore or holds two, so this is reversible.
        flat = "__".join(path)
        self.paths[flat] = path
        return nodes.Name(flat, "load", lineno=node.lineno)


def _call(name: str, value: nodes.Node, *args: nodes.Node) -> nodes.Filter:
    return nodes.Filter(value, name, list(args), [], None, None)


def _check_name(name: str, node: nodes.Node) -> None:
    """Names are plain words: no underscore in front, no double one."""
    if name.startswith("_") or "__" in name or not name.isidentifier():
        raise TemplateSyntax(f"the name {name} is not allowed", node.lineno)


def _check_target(node: nodes.Node) -> None:
    if not isinstance(node, nodes.Name):
        raise TemplateSyntax("only one plain name can be set", node.lineno)
    _check_name(node.name, node)


def _index(part: nodes.Node | None, node: nodes.Node) -> nodes.Const:
    """Return a constant integer; anything computed is refused."""
    negative = isinstance(part, nodes.Neg)
    constant = part.node if negative else part
    value = getattr(constant, "value", None) if constant is not None else None
    if part is not None and type(value) is not int:
        raise TemplateSyntax("only constants are allowed in [ ]", node.lineno)
    return nodes.Const(-value if negative else value)
