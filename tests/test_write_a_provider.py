"""The page on providers shows the sample's very lines, all of them, and few."""

import re

from dev.paths import ROOT, STAND_INS

PAGE = (ROOT / "docs" / "write-a-provider.md").read_text()
SAMPLE = STAND_INS / "sms_provider_sample"
SUITE = sorted((ROOT / "sms_base_sr" / "tests").glob("provider_contract*.py"))
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)


def sources() -> dict[str, str]:
    """The sample's code: neither its manifest nor its tests."""
    return {
        path.name: path.read_text()
        for path in sorted(SAMPLE.rglob("*.py"))
        if "tests" not in path.parts[-2:] and path.name != "__manifest__.py"
    }


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def test_each_block_is_in_the_sample_as_it_stands():
    assert len(BLOCKS) > 5
    for block in BLOCKS:
        assert any(block.rstrip() in text for text in sources().values()), block


def test_all_of_the_sample_is_on_the_page():
    shown = {line for block in BLOCKS for line in lines(block)}
    for name, text in sources().items():
        if name != "__init__.py":
            assert [line for line in lines(text) if line not in shown] == [], name


def test_the_sample_is_as_short_as_the_page_says():
    paths = [p for p in SAMPLE.rglob("*.py") if "tests" not in p.parts[-2:]]
    texts = [p.read_text() for p in paths if p.name != "__manifest__.py"]
    count = sum(len(lines(text)) for text in texts)
    assert count < 120
    assert f"{count} lines of Python" in PAGE


def test_the_suite_is_as_large_as_the_page_says():
    found = sum(len(re.findall(r"^    def test_", p.read_text(), re.M)) for p in SUITE)
    assert f"The suite has {found} tests" in PAGE


def test_the_sample_and_the_contract_know_no_other_gateway():
    for text in [*sources().values(), *(path.read_text() for path in SUITE)]:
        assert "kolmeya" not in text.lower()
