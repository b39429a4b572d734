"""``dev.check_project`` finds what it promises to find, and nothing else."""

import pytest

from dev import check_project

README = "=====\nTitle\n=====\n\nText with ``code``.\n\n.. code:: ini\n\n   [options]\n"
MODEL = '''
from odoo import models


class Thing(models.Model):
    """A thing."""

    _name = "my.thing"
'''
EXTENSION = '''
class Partner(models.Model):
    """More of a partner."""

    _name = "res.partner"
    _inherit = ["res.partner", "my.mixin"]


class Mixin(models.AbstractModel):
    """No table."""

    _name = "my.mixin"
'''
ACCESS = (
    "id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink\n"
    "access_my_thing,thing,model_my_thing,base.group_user,1,0,0,0\n"
)
POT = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def addon(tmp_path):
    """An addon without any problem."""
    folder = tmp_path / "my_addon"
    files = {
        "README.rst": README,
        "readme/DESCRIPTION.md": "Text.\n",
        "pyproject.toml": '[build-system]\nbuild-backend = "whool.buildapi"\n',
        "models/my_thing.py": MODEL,
        "security/ir.model.access.csv": ACCESS,
        "i18n/my_addon.pot": POT + terms(("Name", ""), ("ID", "")),
        "i18n/pt_BR.po": POT + terms(("Name", "Nome"), ("ID", "")),
    }
    for name, text in files.items():
        put(folder, name, text)
    return folder


def terms(*pairs):
    """Entries of a file of terms."""
    return "\n".join(f'msgid "{msgid}"\nmsgstr "{text}"\n' for msgid, text in pairs)


def put(folder, name, text):
    """Write one file, whatever folders it needs."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def problems(addon):
    """The problems, without the temporary folder's name."""
    found = check_project.check_addon(addon)
    return [line.replace(str(addon), "my_addon") for line in found]


def test_a_good_addon_has_no_problem(addon):
    assert problems(addon) == []


def test_the_exit_code_tells(addon, capsys):
    assert check_project.main([str(addon)]) == 0
    (addon / "README.rst").unlink()
    assert check_project.main([str(addon)]) == 1
    assert "README.rst is missing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("README.rst", "my_addon: README.rst is missing"),
        ("readme/DESCRIPTION.md", "my_addon: readme/DESCRIPTION.md is missing"),
        ("pyproject.toml", "my_addon: pyproject.toml is missing"),
        ("i18n/my_addon.pot", "my_addon/i18n/my_addon.pot: missing"),
        ("i18n/pt_BR.po", "my_addon/i18n/pt_BR.po: missing"),
    ],
)
def test_what_each_addon_must_have(addon, name, expected):
    (addon / name).unlink()
    assert problems(addon) == [expected]


def test_a_readme_that_does_not_parse(addon):
    put(addon, "README.rst", "Title\n=====\n\n``open and *open\n")
    found = problems(addon)
    assert len(found) == 2
    assert all(line.startswith("my_addon/README.rst: 4: (WARNING") for line in found)


def test_a_readme_includes_no_other_file(addon):
    put(addon, "README.rst", README + "\n.. include:: pyproject.toml\n")
    assert len(problems(addon)) == 1


def test_another_build_backend(addon):
    put(addon, "pyproject.toml", '[build-system]\nbuild-backend = "hatchling"\n')
    assert problems(addon) == [
        "my_addon/pyproject.toml: the build backend is not whool"
    ]


def test_a_new_model_without_access(addon):
    expected = "my_addon: no line of security/ir.model.access.csv for my.thing"
    put(addon, "security/ir.model.access.csv", ACCESS.splitlines()[0])
    assert problems(addon) == [expected]
    (addon / "security" / "ir.model.access.csv").unlink()
    assert problems(addon) == [expected]


def test_extensions_and_abstract_models_need_no_access(addon):
    put(addon, "models/my_thing.py", EXTENSION)
    (addon / "security" / "ir.model.access.csv").unlink()
    assert problems(addon) == []


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (terms(("Name", "")), "has no translation of “Name”"),
        ("#, fuzzy\n" + terms(("Name", "Nome")), "is fuzzy “Name”"),
        (terms(("Other", "Outro")), "lacks “Name”"),
        (terms(("Name", "Nome"), ("Other", "Outro")), "is left over “Other”"),
    ],
)
def test_incomplete_translations(addon, entry, expected):
    put(addon, "i18n/pt_BR.po", POT + terms(("ID", "")) + "\n" + entry)
    assert f"my_addon/i18n/pt_BR.po: {expected}" in problems(addon)


@pytest.mark.parametrize(
    ("msgid", "msgstr"),
    [
        ("Send %(count)s SMS", "Enviar %(total)s SMS"),
        ("%s is paused", "está em pausa"),
        ("Press <b>Send</b>", "Pressione Enviar"),
    ],
)
def test_translations_keep_placeholders_and_tags(addon, msgid, msgstr):
    put(addon, "i18n/my_addon.pot", POT + terms((msgid, "")))
    put(addon, "i18n/pt_BR.po", POT + terms((msgid, msgstr)))
    expected = f"my_addon/i18n/pt_BR.po: has other placeholders or tags in “{msgid}”"
    assert problems(addon) == [expected]


@pytest.mark.parametrize(
    "entry",
    [
        terms(("<span>SMS</span>", "")),
        terms(("(11) 91234-5678", "")),
        terms(("https://example.com", "")),
        "#: model:sms.template,name:my_addon.a\n" + terms(("Olá", "")),
    ],
)
def test_what_reads_the_same_may_stay_empty(addon, entry):
    for name in ("my_addon.pot", "pt_BR.po"):
        put(addon, f"i18n/{name}", POT + entry)
    assert problems(addon) == []


def test_a_word_that_views_use_too_needs_a_translation(addon):
    entry = "#: model:sms.template,name:my_addon.a\n#: model:ir.model,name:my_addon.b\n"
    for name in ("my_addon.pot", "pt_BR.po"):
        put(addon, f"i18n/{name}", POT + entry + terms(("Reminder", "")))
    assert len(problems(addon)) == 1


def test_placeholders_may_change_places(addon):
    put(addon, "i18n/my_addon.pot", POT + terms(("%(a)s of %(b)s", "")))
    put(addon, "i18n/pt_BR.po", POT + terms(("%(a)s of %(b)s", "%(b)s: %(a)s")))
    assert problems(addon) == []


def test_long_files(addon):
    put(addon, "models/long.py", "x = 1\n" * 401)
    put(addon, "i18n/my_addon.pot", POT + terms(("Name", ""), ("ID", "")) + "\n" * 401)
    assert problems(addon) == ["my_addon/models/long.py: 401 lines, more than 400"]


def test_a_model_without_docstring(addon):
    put(addon, "models/my_thing.py", MODEL.replace('    """A thing."""\n', ""))
    assert problems(addon) == ["my_addon/models/my_thing.py:5: Thing has no docstring"]


@pytest.mark.parametrize(
    "line",
    [
        "import odoo",
        "from odoo import fields",
        "from odoo.addons.my_addon import models",
        "from odoo.addons.my_addon.models import my_thing",
        "def late():\n    from odoo.tools import SQL",
    ],
)
def test_tools_import_no_framework(addon, line):
    put(addon, "tools/plain.py", line)
    found = problems(addon)
    assert len(found) == 1
    assert "tools import odoo" in found[0]


@pytest.mark.parametrize(
    "line",
    [
        "from . import other",
        "import re",
        "from odoo.addons.sms_base_sr.tools import phones",
        "from odoo.addons.sms_base_sr.tools.phones import mask",
    ],
)
def test_tools_may_import_tools(addon, line):
    put(addon, "tools/plain.py", line)
    assert problems(addon) == []


@pytest.mark.parametrize("path", ["/home/ana/odoo", "/root/cache", "/Users/ana"])
def test_paths_of_one_machine(addon, path):
    put(addon, "readme/USAGE.md", f"See {path}.\n")
    assert len(problems(addon)) == 1


@pytest.mark.parametrize("text", ["https://example.com/work/1", "a/home/b", "~/work/x"])
def test_other_paths_are_fine(addon, text):
    put(addon, "readme/USAGE.md", f"See {text}.\n")
    assert problems(addon) == []


def test_tokens_outside_of_tests(addon):
    token = "a1" * 20
    put(addon, "tests/test_token.py", f'TOKEN = "{token}"\n')
    assert problems(addon) == []
    put(addon, "data/provider.xml", f"<field>{token}</field>\n")
    expected = "my_addon/data/provider.xml: looks like a token: a1a1a1…"
    assert problems(addon) == [expected]


def test_long_words_and_caches_are_no_tokens(addon):
    put(addon, "models/word.py", "CONSTANT_" * 8 + "1 = 2\n")
    put(addon, ".cache/thing", "a1" * 20)
    (addon / "icon.png").write_bytes(b"\x89PNG\x8f")
    assert problems(addon) == []
