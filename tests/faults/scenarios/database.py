"""The database goes away in the middle of calls."""

from tests.faults import campaigns
from tests.faults.scenarios import each
from tests.faults.world import World


def postgres_restarts_in_the_middle_of_calls(mode: str, world: World) -> None:
    """Calls are out, and accepted, while nothing can be written down."""
    campaign = campaigns.make(world, f"PostgreSQL {mode}", batches=6)
    campaign.fault("slow", times=None, seconds=1.5)
    campaign.send()
    before = accepted(campaign)
    campaign.wait_for("b.state = 'sending'", 2)
    world.wait(lambda: accepted(campaign) > before, "calls that were accepted", 5)
    world.restart_postgres(mode)


def accepted(campaign) -> int:
    """How many of a campaign's messages the gateway has."""
    phones = set(campaign.phones)
    return sum(m["phone"] in phones for m in campaign.world.gateway.messages())


SCENARIOS = each(postgres_restarts_in_the_middle_of_calls, "fast", "immediate")
