"""The guides show pictures that exist, all of them, the same in both languages."""

import re

import pytest

from dev.paths import ROOT

DOCS = ROOT / "docs"
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+\.png)\)")
LINK = re.compile(r"\]\(([^)#:]+\.md)?(?:#([^)]+))?\)")
GUIDES = {"en": DOCS / "user-guide.md", "pt_BR": DOCS / "guia-do-usuario.md"}
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]


def pictures(page):
    """The pictures that a page shows, as paths."""
    return [
        (page.parent / name).resolve() for name in PICTURE.findall(page.read_text())
    ]


def headings(page):
    """The levels of a page's headings, in order."""
    return [len(marks) for marks in re.findall(r"^(#+) ", page.read_text(), re.M)]


def anchors(page):
    """What links may point to, as the usual viewers name it."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    plain = [re.sub(r"[^\w\- ]", "", title.lower()) for title in titles]
    return {title.replace(" ", "-") for title in plain}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_picture_that_a_page_shows_is_there(page):
    assert [path.name for path in pictures(page) if not path.is_file()] == []


def test_each_picture_is_shown_somewhere():
    shown = {path for page in PAGES for path in pictures(page)}
    there = {path.resolve() for path in (DOCS / "images").rglob("*.png")}
    assert sorted(str(path.relative_to(DOCS)) for path in there - shown) == []


def test_both_guides_have_the_same_parts():
    assert headings(GUIDES["en"]) == headings(GUIDES["pt_BR"])
    rows = [page.read_text().count("\n|") for page in GUIDES.values()]
    assert rows[0] == rows[1]


def test_both_guides_show_the_same_pictures_each_in_its_language():
    shown = {
        language: [
            path.relative_to(DOCS / "images" / "guide") for path in pictures(page)
        ]
        for language, page in GUIDES.items()
    }
    names = {
        language: [path.name for path in found] for language, found in shown.items()
    }
    assert names["en"] == names["pt_BR"]
    for language, found in shown.items():
        assert {path.parts[0] for path in found} == {language}


@pytest.mark.parametrize("page", GUIDES.values(), ids=lambda page: page.name)
def test_each_link_of_a_guide_leads_somewhere(page):
    for name, anchor in LINK.findall(page.read_text()):
        target = page.parent / name if name else page
        assert target.is_file(), name
        assert not anchor or anchor in anchors(target), anchor
