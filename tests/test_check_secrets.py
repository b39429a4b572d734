"""``make lint`` fails on a planted credential, wherever it lies."""

import base64
import hashlib
import subprocess

import jwt
import pytest

from dev import check_secrets
from dev.paths import ROOT

# Made here, so that this file itself holds none.
DIGEST = hashlib.sha256(b"planted").digest()
RANDOM = base64.b64encode(DIGEST).decode().strip("=").replace("/", "x")
PLANTED = {
    "a gateway's token": f'TOKEN = "{RANDOM}"',
    "hexadecimal": f"secret: '{DIGEST.hex()[:40]}'",
    "AWS": "key = AKIA" + base64.b32encode(DIGEST).decode()[:16],
    "GitHub": "ghp_" + DIGEST.hex()[:36],
    "private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "signed token": jwt.encode({"sub": "1"}, DIGEST, "HS256"),
    "password in an address": "postgresql://odoo:" + "hunter2x@db.example.com/x",
}


@pytest.fixture
def planted(tmp_path, monkeypatch):
    """Put a text into a file of a tree of its own; return the findings."""
    monkeypatch.setattr(check_secrets, "ROOT", tmp_path)

    def put(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
        return check_secrets.check(name)

    return put


@pytest.mark.parametrize("kind", PLANTED)
@pytest.mark.parametrize("name", ["a/models/x.py", "tests/test_x.py", "docs/x.md"])
def test_a_planted_one_is_found_and_not_repeated(planted, kind, name):
    (line, *_more) = planted(name, f"# x\n{PLANTED[kind]}")
    assert line.startswith(f"{name}:2: looks like a secret")
    assert PLANTED[kind][-12:-2] not in line


@pytest.mark.parametrize(
    "text",
    [
        'reference = "0190b2c4-7c11-7d2e-9c57-2f3a4b5c6d7e"',
        'field = "kolmeya_api_token_sealed"',
        "url = f'postgresql://{user}:{password}@{host}'",
        'phone = "+5511912345678"',
    ],
)
def test_ordinary_lines_are_fine(planted, text):
    assert planted("a/models/x.py", text) == []


def test_the_sources_hold_none():
    assert [
        line for name in check_secrets.tracked() for line in check_secrets.check(name)
    ] == []


def test_each_known_finding_still_stands():
    """A line of the table that nothing needs any more would hide a real one."""
    for name, beginning in check_secrets.KNOWN:
        assert beginning in (ROOT / name).read_text()


def test_lint_runs_it_and_fails_with_it(tmp_path):
    assert "dev.check_secrets" in (ROOT / "dev" / "lint.sh").read_text()
    path = ROOT / ".local" / "planted.txt"
    path.write_text(PLANTED["GitHub"])
    try:
        command = [check_secrets.sys.executable, "-m", "dev.check_secrets", str(path)]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    finally:
        path.unlink()
    assert result.returncode == 1
    assert "GitHub Token" in result.stdout
