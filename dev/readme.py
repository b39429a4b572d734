"""``python3 -m dev.readme [ADDON…]``: README.rst from the fragments in ``readme/``.

Knows as much Markdown as the fragments use: headings, lists, code and small tables.
"""

import ast
import re
import sys
from pathlib import Path

from .paths import ADDONS, ROOT

SECTIONS = {
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known issues / Roadmap",
    "HISTORY": "Changelog",
}
HEAD = """{line}
{name}
{line}

.. |badge1| image:: https://img.shields.io/badge/maturity-Beta-yellow.png
    :target: https://odoo-community.org/page/development-status
    :alt: Beta
.. |badge2| image:: https://img.shields.io/badge/license-LGPL--3-blue.png
    :target: http://www.gnu.org/licenses/lgpl-3.0-standalone.html
    :alt: License: LGPL-3

|badge1| |badge2|

{description}

**Table of contents**

.. contents::
   :local:
"""
CREDITS = """Credits
=======

Authors
-------

* {author}

Contributors
------------

{contributors}

Maintainers
-----------

This module is maintained by the {author}.
"""


def main() -> int:
    """Write the README.rst of the addons named, or of all."""
    for name in sys.argv[1:] or ADDONS:
        (ROOT / name / "README.rst").write_text(render(ROOT / name), encoding="utf-8")
    return 0


def render(addon: Path) -> str:
    """The whole README.rst of one addon."""
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text("utf-8"))
    name = manifest["name"]
    description = fragment(addon, "DESCRIPTION")
    parts = [HEAD.format(line="=" * len(name), name=name, description=description)]
    for file, title in SECTIONS.items():
        if text := fragment(addon, file):
            parts.append(f"{title}\n{'=' * len(title)}\n\n{text}\n")
    contributors = fragment(addon, "CONTRIBUTORS")
    parts.append(CREDITS.format(author=manifest["author"], contributors=contributors))
    return "\n".join(parts)


def fragment(addon: Path, name: str) -> str:
    """One fragment as reStructuredText; empty where there is none."""
    path = addon / "readme" / f"{name}.md"
    return convert(path.read_text("utf-8")) if path.exists() else ""


def convert(markdown: str) -> str:
    """Markdown as reStructuredText, block by block."""
    blocks = re.split(r"^(```\w*\n.*?^```$)", markdown.strip(), flags=re.M | re.S)
    return "".join(map(convert_block, blocks))


def convert_block(block: str) -> str:
    """A fenced piece of code, or the text between two of them."""
    if block.startswith("```"):
        language, *lines, _end = block.removeprefix("```").splitlines()
        code = "\n".join(f"   {line}" if line else "" for line in lines)
        return f".. code:: {language}\n\n{code}"
    text = re.sub(r"(?:^\|.*\n?)+", lambda match: table(match[0]), block, flags=re.M)
    text = re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", text)
    return re.sub(
        r"^## (.*)$", lambda m: f"{m[1]}\n{'-' * len(m[1])}", text, flags=re.M
    )


def table(markdown: str) -> str:
    """A table with a line of headings."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in markdown.splitlines()
    ]
    del rows[1]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rule = " ".join("=" * width for width in widths)
    lines = [
        " ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([rule, lines[0], rule, *lines[1:], rule])


if __name__ == "__main__":
    sys.exit(main())
