"""Merging terms keeps the words and shows what lacks some."""

import polib
import pytest

from dev import translations


@pytest.fixture
def terms():
    """Exported terms: one known, one new, one that reads the same."""
    found = polib.POFile()
    found.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    for msgid in ("Sent", "New", "SMS"):
        found.append(polib.POEntry(msgid=msgid))
    return found


def test_words_are_kept_and_the_rest_follows_the_code(terms, tmp_path):
    path = tmp_path / "pt_BR.po"
    known = polib.POFile()
    known.append(polib.POEntry(msgid="Sent", msgstr="Enviado"))
    known.append(polib.POEntry(msgid="Gone", msgstr="Sumiu"))
    known.save(str(path))
    assert translations.merge(terms, path) == 1
    merged = polib.pofile(str(path))
    found = [(entry.msgid, entry.msgstr) for entry in merged]
    assert found == [("New", ""), ("SMS", ""), ("Sent", "Enviado")]


def test_a_new_addon_gets_a_brazilian_file(terms, tmp_path):
    path = tmp_path / "pt_BR.po"
    assert translations.merge(terms, path) == 2
    assert polib.pofile(str(path)).metadata["Language"] == "pt_BR"


def test_dates_are_taken_away(terms, tmp_path):
    path = tmp_path / "my_addon.pot"
    terms.metadata["POT-Creation-Date"] = "2026-01-01 10:00+0000"
    terms.save(str(path))
    translations.tidy(path)
    assert "2026-01-01" not in path.read_text("utf-8")
