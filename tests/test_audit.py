"""``make audit``: what it finds, and what it does not take for an answer."""

import json

import pytest

from dev import audit


def answer(*packages):
    return audit.read_answer(json.dumps({"dependencies": list(packages)}))


def test_a_package_that_was_skipped_is_not_known_to_be_fine():
    skipped = {"name": "zeep", "skip_reason": "not found"}
    assert answer(skipped) == (0, [])


def test_a_flaw_is_told_with_its_remedy():
    flaw = {"id": "CVE-1", "fix_versions": ["2.0"]}
    bad = {"name": "a", "version": "1.0", "vulns": [flaw]}
    fine = {"name": "b", "version": "1.0", "vulns": []}
    assert answer(bad, fine) == (2, ["a 1.0: CVE-1, mended in 2.0"])


@pytest.mark.parametrize("text", ["", "no json", "{}"])
def test_no_answer_is_no_answer(monkeypatch, text):
    class Result:
        stdout = text

    monkeypatch.setattr(audit.subprocess, "run", lambda *args, **kwargs: Result)
    with pytest.raises((ValueError, KeyError)):
        audit.read_answer(text)
    assert audit.ask_pip_audit() == (0, [])


def test_old_versions_are_found():
    pins = audit.read_pins()
    assert list(audit.below_floors(pins)) == []
    (line,) = audit.below_floors({**pins, "jinja2": "3.1.5"})
    assert "3.1.6" in line and "CVE" in line
    del pins["pyjwt"]
    assert list(audit.below_floors(pins)) == ["pyjwt: is not pinned"]


def test_what_is_not_pinned_is_found(monkeypatch):
    lines = {"requirements.lock": ["requests>=2"], "requirements-oca.lock": []}
    monkeypatch.setattr(audit, "requirement_lines", lines.get)
    found = list(audit.offline_problems())
    assert "requirements.lock: not pinned: requests>=2" in found


def test_the_present_pins_are_in_order():
    assert list(audit.offline_problems()) == []
    assert len(audit.read_pins()) > 50
