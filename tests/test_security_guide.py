"""Every test that the threat table names exists, and every threat names one."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "SECURITY.md"
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def rows():
    """The lines of the tables of threats, without their heads."""
    for line in GUIDE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if (
            line.startswith("|")
            and len(cells) == 4
            and cells[0] not in ("asset", "---")
        ):
            yield cells


def names_in(path):
    """Names of the functions of a file, inherited ones of this project included."""
    tree = ast.parse((ROOT / path).read_text())
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    bases = {
        base.id
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if isinstance(base, ast.Name)
    }
    for node in tree.body:
        local = isinstance(node, ast.ImportFrom) and node.level == 1
        if local and bases & {alias.name for alias in node.names}:
            parent = Path(path).parent / f"{node.module}.py"
            names |= names_in(str(parent))
    return names


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[1][:50])
def test_each_threat_has_a_control_and_tests_that_exist(row):
    _asset, threat, control, proof = row
    assert threat and control
    named = NAMED.findall(proof)
    assert named, f"no test proves: {threat}"
    for path, name in named:
        assert (ROOT / path).is_file(), path
        assert name in names_in(path), f"{path}::{name}"


def test_there_are_threats_of_each_kind():
    assert len(list(rows())) > 25
