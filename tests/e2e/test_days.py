"""The roles' days on one real server, in a real browser: what the guide tells.

In the order of a day at the company: what one role does, the next one finds.
"""

import pytest

from dev.stack import Stack
from tests.chrome import Chrome
from tests.days import DAYS, HEIGHT, WIDTH
from tests.days.scene import Scene
from tests.e2e.test_demo import complaints


@pytest.fixture(scope="module")
def scene():
    """One stack for all days; whatever the log complains of fails the last one."""
    stack = Stack("e2e_days", workers=0)
    try:
        stack.start()
        yield Scene(stack).prepare()
        assert complaints(stack.log.read_text()) == []
    finally:
        stack.stop()


@pytest.mark.parametrize("day", DAYS, ids=lambda day: day.__name__)
def test_the_day_of(day, scene):
    with Chrome(WIDTH, HEIGHT) as browser:
        found = day(browser, scene)
        found.live()
        wrong = [line for line in browser.console if line.startswith("exception:")]
        assert wrong == []
