"""The administration guide: its proxy example hides every secret path."""

import re
from pathlib import Path

GUIDE = Path(__file__).parent.parent / "docs" / "administration.md"
RULE = re.compile(r'^ +"~(\^\S+)" (\S+);$', re.M)


def logged(path: str) -> str:
    """What the example's log format writes of a path: the first rule counts."""
    for pattern, shown in RULE.findall(GUIDE.read_text()):
        found = re.match(pattern.replace("(?<", "(?P<"), path)
        if found and "$request_uri" not in shown:
            return shown.replace("$sms_rest", found["sms_rest"])
        if found:
            return path
    return path


def test_the_proxy_writes_no_secret_into_its_log():
    cases = {
        "/kolmeya/webhook/s3cret": "/kolmeya/webhook/***",
        "/kolmeya/webhook/s3cret/reply": "/kolmeya/webhook/***/reply",
        "/kolmeya/webhook/s3cret?a=b": "/kolmeya/webhook/***?a=b",
        "/kolmeya/webhook/replys3cret": "/kolmeya/webhook/***",
        "/kolmeya//webhook/s3cret": "/kolmeya/webhook/***",
        "//kolmeya/webhook///s3cret/status": "/kolmeya/webhook/***/status",
    }
    for path, expected in cases.items():
        assert logged(path) == expected


def test_the_other_paths_are_logged_as_they_are():
    paths = ["/kolmeya/webhook/reply", "/kolmeya/webhook/status?x=1", "/web", "/"]
    for path in [*paths, "/sms/webhook/reply"]:
        assert logged(path) == path


def test_nobody_outside_reaches_the_job_runners_address():
    assert "location /queue_job/ { return 404; }" in GUIDE.read_text()
