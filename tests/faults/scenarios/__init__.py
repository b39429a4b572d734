"""What is done to the servers; each scenario is a function with a sentence as name.

None waits for its campaigns to end: they go on beside those of the next scenario, and
all are checked together at the end.
"""

from collections.abc import Callable
from functools import partial

from tests.faults.world import World

Scenario = Callable[[World], None]


def title(scenario: Scenario) -> str:
    """The sentence that a scenario's name is."""
    if isinstance(scenario, partial):
        case = " ".join(map(str, scenario.args))
        return f"{title(scenario.func)}: {case}"
    return scenario.__name__.replace("_", " ")


def each(scenario: Callable, *cases) -> list[Scenario]:
    """One scenario for each case of a table; a case is one argument or a tuple."""
    return [
        partial(scenario, *(case if isinstance(case, tuple) else (case,)))
        for case in cases
    ]
