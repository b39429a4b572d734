"""How long a campaign will take: the gateway's rate, and how fast it answers."""

import math


def expected_seconds(
    calls: int, allowed: int, period: float, per_call: float, at_once: int = 1
) -> float:
    """Return the seconds from the first call to the last answer.

    :param calls: calls that the campaign needs
    :param allowed: calls that a campaign may make in each period
    :param per_call: seconds that the gateway takes to answer one
    :param at_once: calls that are out at the same time
    """
    if calls <= 0:
        return 0.0
    allowed, at_once = max(1, allowed), max(1, at_once)
    by_work = math.ceil(calls / at_once) * per_call
    # All periods but the last are used up; the last takes what its calls take.
    full, rest = divmod(calls - 1, allowed)
    by_rate = full * period + math.ceil((rest + 1) / at_once) * per_call
    return max(by_work, by_rate)
