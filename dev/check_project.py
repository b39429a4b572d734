"""``python -m dev.check_project ADDON…``: what the other linters do not look at.

One line per problem; the exit code is 1 where there is any.
"""

import ast
import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import docutils.core
import docutils.utils
import polib

LONGEST_FILE = 400
# Terms that are the same in Portuguese: Odoo's convention leaves them empty.
SAME_IN_PORTUGUESE = frozenset(
    ["ID", "Kolmeya", "Lead", "Leads", "SMS", "Supervisor", "Webhook", "Webhooks"]
    + ["ChatRoom", "Facebook", "Instagram", "WeChat", "WhatsApp"]
    + ["%(days)s d %(hours)s h", "%(hours)s h %(minutes)s min", "%s min"]
    + ["%(count)s × %(size)s SMS", "“%(name)s”: %(reason)s", "template: %s", "SMS:"]
    + ["Para sair, responda SAIR.", "CPF", "UTF-8", "UTF-16", "Windows-1252"]
    + ["or '…' }}", "Login", "Marketing", "Não Perturbe", "Odoo", "Token", "Unicode"]
    + ["WhatsApp (E.164)", "Olá {{ name }}, sua margem é R$ {{ vi_rmi or '0,00' }}"]
)
# What is written in Portuguese in the first place: the texts to customers.
PORTUGUESE_RECORDS = "model:sms.template,"
TAG = re.compile(r"</?[a-z][^>]*>")
WORDLESS = re.compile(r"https?://\S+|[^a-zA-Z]*")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|</?[a-z][^>]*>")
HOME = re.compile(r"(?<![\w.~-])/(?:home|root|work|Users)/\w+")
TOKEN = re.compile(r"(?<![A-Za-z0-9/+_-])(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9]{40,}")
BINARY = frozenset([".gif", ".ico", ".jpg", ".mo", ".png", ".pyc", ".ttf", ".woff2"])
MODEL_BASES = ("AbstractModel", "Model", "TransientModel")


def main(argv: list[str]) -> int:
    """Print the problems of the addons named and return the exit code."""
    problems = [line for name in argv for line in check_addon(Path(name))]
    for line in problems:
        print(line)
    return 1 if problems else 0


def check_addon(addon: Path) -> Iterator[str]:
    """All problems of one addon."""
    for check in (check_readme, check_packaging, check_access, check_translations):
        yield from check(addon)
    for path in source_files(addon):
        text = path.read_text(encoding="utf-8")
        yield from check_length(path, text)
        yield from check_secrets(path, text)
        if path.suffix == ".py":
            yield from check_python(addon, path, text)


def source_files(addon: Path) -> list[Path]:
    """The addon's text files, without caches and other hidden things."""
    return sorted(
        path
        for path in addon.rglob("*")
        if path.is_file()
        and path.suffix not in BINARY
        and not any(part.startswith(".") for part in path.relative_to(addon).parts)
    )


# -- readme and packaging -------------------------------------------------------------


def check_readme(addon: Path) -> Iterator[str]:
    """README.rst is there, parses, and comes from fragments."""
    if not (addon / "readme" / "DESCRIPTION.md").is_file():
        yield f"{addon}: readme/DESCRIPTION.md is missing"
    readme = addon / "README.rst"
    if not readme.is_file():
        yield f"{addon}: README.rst is missing"
        return
    for warning in rst_warnings(readme.read_text(encoding="utf-8")):
        yield f"{readme}: {warning}"


def rst_warnings(text: str) -> list[str]:
    """What docutils finds wrong with a text, one line each."""
    stream = io.StringIO()
    settings = {
        "warning_stream": stream,
        "report_level": docutils.utils.Reporter.WARNING_LEVEL,
        "halt_level": docutils.utils.Reporter.SEVERE_LEVEL + 1,
        "syntax_highlight": "none",
        "file_insertion_enabled": False,
    }
    docutils.core.publish_doctree(text, settings_overrides=settings)
    lines = stream.getvalue().splitlines()
    return [
        line.removeprefix("<string>:") for line in lines if line.startswith("<string>:")
    ]


def check_packaging(addon: Path) -> Iterator[str]:
    """pip builds the addon with whool."""
    project = addon / "pyproject.toml"
    if not project.is_file():
        yield f"{addon}: pyproject.toml is missing"
    elif "whool.buildapi" not in project.read_text(encoding="utf-8"):
        yield f"{project}: the build backend is not whool"


# -- access ---------------------------------------------------------------------------


def check_access(addon: Path) -> Iterator[str]:
    """Each new model that has a table has at least one access line."""
    models = new_models(addon)
    granted = access_lines(addon / "security" / "ir.model.access.csv")
    for name in sorted(models):
        if "model_" + name.replace(".", "_") not in granted:
            yield f"{addon}: no line of security/ir.model.access.csv for {name}"


def access_lines(path: Path) -> set[str]:
    """External ids of the models that an access file names."""
    if not path.is_file():
        return set()
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {(row.get("model_id:id") or "").rpartition(".")[2] for row in rows}


def new_models(addon: Path) -> set[str]:
    """Names of the models with a table that an addon itself defines."""
    found = set()
    for path in source_files(addon):
        if path.suffix == ".py" and "tests" not in path.parts:
            for node in model_classes(ast.parse(path.read_text(encoding="utf-8"))):
                found |= defined_name(node)
    return found


def model_classes(tree: ast.Module) -> list[ast.ClassDef]:
    """Classes that inherit from ``models.Model`` and the like."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(map(model_base, node.bases))
    ]


def model_base(base: ast.expr) -> str | None:
    """``Model`` of ``models.Model``, or None for another base class."""
    if not isinstance(base, ast.Attribute) or base.attr not in MODEL_BASES:
        return None
    return base.attr


def defined_name(node: ast.ClassDef) -> set[str]:
    """The class's ``_name`` where it makes a table and extends no model of it."""
    if any(model_base(base) == "AbstractModel" for base in node.bases):
        return set()
    values = class_values(node)
    inherited = values.get("_inherit", [])
    inherited = [inherited] if isinstance(inherited, str) else inherited
    name = values.get("_name")
    return {name} if name and name not in inherited else set()


def class_values(node: ast.ClassDef) -> dict[str, object]:
    """``_name`` and ``_inherit`` as the class body states them."""
    return {
        target.id: ast.literal_eval(statement.value)
        for statement in node.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name) and target.id in ("_name", "_inherit")
    }


# -- translations ---------------------------------------------------------------------


def check_translations(addon: Path) -> Iterator[str]:
    """Brazilian users find every term in Portuguese."""
    template = addon / "i18n" / f"{addon.name}.pot"
    brazil = addon / "i18n" / "pt_BR.po"
    missing = [path for path in (template, brazil) if not path.is_file()]
    for path in missing:
        yield f"{path}: missing"
    if missing:
        return
    yield from compare_terms(brazil, read_po(template), read_po(brazil))


def read_po(path: Path) -> polib.POFile:
    """Parse a file of terms."""
    return polib.pofile(str(path))


def compare_terms(path: Path, template: polib.POFile, brazil: polib.POFile):
    """What lacks, is left over or is wrong in a translation."""
    wanted = {entry.msgid for entry in template}
    translated = {entry.msgid: entry for entry in brazil if not entry.obsolete}
    for msgid in sorted(wanted - set(translated)):
        yield f"{path}: lacks {shorten(msgid)}"
    for msgid in sorted(set(translated) - wanted):
        yield f"{path}: is left over {shorten(msgid)}"
    for msgid, entry in translated.items():
        for problem in entry_problems(entry):
            yield f"{path}: {problem} {shorten(msgid)}"


def entry_problems(entry: polib.POEntry) -> Iterator[str]:
    """What is wrong with one translated term."""
    if entry.fuzzy:
        yield "is fuzzy"
    if not entry.msgstr and needs_words(entry):
        yield "has no translation of"
    if entry.msgstr and placeholders(entry.msgid) != placeholders(entry.msgstr):
        yield "has other placeholders or tags in"


def needs_words(entry: polib.POEntry) -> bool:
    """Tell whether a term reads differently in Portuguese."""
    text = TAG.sub("", entry.msgid).strip()
    if text in SAME_IN_PORTUGUESE or WORDLESS.fullmatch(text):
        return False
    places = [place for place, _line in entry.occurrences]
    return not places or any(not p.startswith(PORTUGUESE_RECORDS) for p in places)


def placeholders(text: str) -> list[str]:
    """Placeholders and HTML tags, in the order of the alphabet."""
    return sorted(match[0] for match in PLACEHOLDER.finditer(text))


def shorten(text: str) -> str:
    """A term in quotes, at most 60 characters of it."""
    line = " ".join(text.split())
    return f"“{line[:59]}…”" if len(line) > 60 else f"“{line}”"


# -- files ----------------------------------------------------------------------------


def check_length(path: Path, text: str) -> Iterator[str]:
    """Long files hide things; what is exported from the code may be long."""
    lines = len(text.splitlines())
    if lines > LONGEST_FILE and path.suffix not in (".po", ".pot"):
        yield f"{path}: {lines} lines, more than {LONGEST_FILE}"


def check_secrets(path: Path, text: str) -> Iterator[str]:
    """Neither the paths of somebody's machine nor what looks like a token."""
    for match in HOME.finditer(text):
        yield f"{path}: names a path of one machine ({match[0]})"
    if "tests" in path.parts:
        return
    for match in TOKEN.finditer(text):
        yield f"{path}: looks like a token: {match[0][:6]}…"


def check_python(addon: Path, path: Path, text: str) -> Iterator[str]:
    """Docstrings of models, and tools without the framework."""
    tree = ast.parse(text)
    for node in model_classes(tree):
        if not ast.get_docstring(node):
            yield f"{path}:{node.lineno}: {node.name} has no docstring"
    if (addon / "tools") in path.parents:
        for line, name in framework_imports(tree):
            yield f"{path}:{line}: tools import {name}"


def framework_imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of imports of Odoo, other than of addons' own tools."""
    for node in ast.walk(tree):
        for name in imported_names(node):
            if name.split(".")[0] == "odoo" and not is_tools(name):
                yield node.lineno, name


def imported_names(node: ast.AST) -> list[str]:
    """Dotted names of what an import statement brings."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def is_tools(name: str) -> bool:
    """Tell whether a dotted name lies in some addon's ``tools``."""
    return re.match(r"odoo\.addons\.\w+\.tools(\.|$)", name) is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
