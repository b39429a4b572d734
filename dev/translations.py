"""``python -m dev.translations``: export the terms, merge them into Portuguese.

New terms come with an empty translation, which the lint then asks for.
"""

import sys
from pathlib import Path

import polib

from . import postgres, server, testing
from .check_project import needs_words
from .paths import ADDONS, ROOT
from .steps import CannotGoOn, step

DATABASE = "translations"
# What changes with each export and says nothing.
DATES = ("POT-Creation-Date", "PO-Revision-Date")
WIDTH = 78


def main() -> int:
    """Export and merge all addons; the addons named, where there are any."""
    try:
        refresh(sys.argv[1:] or list(ADDONS))
    except CannotGoOn as error:
        print(f"\nCannot go on: {error}", file=sys.stderr)
        return 1
    return 0


def refresh(addons: list[str]) -> None:
    """Bring the files of terms up to date with the code."""
    running = postgres.start()
    try:
        export(running, addons)
    finally:
        if running.started:
            postgres.stop()
    for addon in addons:
        folder = ROOT / addon / "i18n"
        terms = tidy(folder / f"{addon}.pot")
        print(f"{addon}: {merge(terms, folder / 'pt_BR.po')} terms to translate")


def export(running: postgres.Server, addons: list[str]) -> None:
    """Have Odoo write ``i18n/<addon>.pot`` from a database with all addons."""
    config = testing.test_database(running, DATABASE)
    for addon in addons:
        (ROOT / addon / "i18n").mkdir(exist_ok=True)
    with step("Terms: exporting"):
        options = ["-c", str(config), "-d", DATABASE]
        server.odoo(["i18n", "export", *options, *addons, "-l", "pot"])
    server.drop_database(running, DATABASE)


def tidy(path: Path) -> polib.POFile:
    """Take the dates away, so that only terms make a difference; return the terms."""
    terms = polib.pofile(str(path), wrapwidth=WIDTH)
    for name in DATES:
        terms.metadata.pop(name, None)
    terms.save()
    return terms


def merge(terms: polib.POFile, path: Path) -> int:
    """Merge terms into a translation; return how many have none yet."""
    if path.exists():
        translation = polib.pofile(str(path), wrapwidth=WIDTH)
    else:
        translation = new_translation(terms)
    translation.merge(terms)
    for entry in translation.obsolete_entries():
        translation.remove(entry)
    translation.sort(key=lambda entry: entry.msgid)
    translation.save(str(path))
    return len([e for e in translation.untranslated_entries() if needs_words(e)])


def new_translation(terms: polib.POFile) -> polib.POFile:
    """An empty Brazilian translation."""
    translation = polib.POFile(wrapwidth=WIDTH)
    translation.header = terms.header
    translation.metadata = {
        **terms.metadata,
        "Language": "pt_BR",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    return translation


if __name__ == "__main__":
    sys.exit(main())
