"""README.rst of each addon is what its fragments give."""

import pytest

from dev import readme
from dev.paths import ADDONS, ROOT


@pytest.mark.parametrize("addon", ADDONS)
def test_each_readme_is_up_to_date(addon):
    committed = (ROOT / addon / "README.rst").read_text("utf-8")
    assert readme.render(ROOT / addon) == committed, "run python3 -m dev.readme"


def test_code_and_headings():
    text = "## Sending `now`\n\nPress `a`.\n\n```ini\n[a]\n\nb = `c`\n```\n\n- `d`"
    assert readme.convert(text) == (
        "Sending ``now``\n---------------\n\nPress ``a``.\n\n"
        ".. code:: ini\n\n   [a]\n\n   b = `c`\n\n- ``d``"
    )


def test_tables():
    text = "| group | may |\n|---|---|\n| Viewer | look |"
    assert readme.convert(text) == (
        "====== ====\ngroup  may\n====== ====\nViewer look\n====== ===="
    )
