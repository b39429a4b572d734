"""pytest plugin: import the addons' plain Python without any Odoo.

Run from the root: ``python -m pytest -p tests.plain_addons …``. Every addon of
the root becomes importable as ``odoo.addons.<addon>`` and ``<addon>`` through a
stand-in package that never runs the addon's own ``__init__``. A test that passes
so has shown that the code under it needs neither Odoo nor a database.
"""

import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent


def addon_folders(root: Path = ROOT) -> list[Path]:
    """Folders of the root that are addons, or have begun to be one."""
    return [
        folder
        for folder in sorted(root.iterdir())
        if folder.is_dir()
        and not folder.name.startswith((".", "_"))
        and folder.name != "tests"
        and ((folder / "__manifest__.py").exists() or (folder / "tools").is_dir())
    ]


def stand_in(name: str, path: Path | None = None) -> ModuleType:
    """Register an empty package under ``name`` that finds its modules in ``path``.

    It also becomes an attribute of its parent, as a real import would do.
    """
    module = ModuleType(name, "Stand-in of plain tests.")
    module.__path__ = [str(path)] if path else []
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)
    return module


def register(root: Path = ROOT) -> None:
    """Register the stand-ins; the real Odoo, if there is one, is not looked at."""
    stand_in("odoo")
    stand_in("odoo.addons", root)
    for folder in addon_folders(root):
        for name in (f"odoo.addons.{folder.name}", folder.name):
            stand_in(name, folder)
            stand_in(f"{name}.tests", folder / "tests")


register()
