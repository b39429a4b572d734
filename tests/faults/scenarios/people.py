"""People press buttons while a campaign is planned and sent."""

import threading

from tests.demo.json2 import JsonError
from tests.faults import campaigns
from tests.faults.campaigns import MODEL
from tests.faults.scenarios.jobs import TWIN, slow_campaign
from tests.faults.world import World

PLANNING = """
    SELECT id FROM queue_job WHERE method_name = 'process_sms_campaign'
      AND state IN ('pending', 'enqueued', 'started')
      AND (records #>> '{}')::jsonb #>> '{ids,0}' = %s::text
"""


def numbers_are_blacklisted_between_plan_and_claim(world: World) -> None:
    """They were to be texted when the manager looked; now they must not be."""
    campaign = campaigns.make(world, "Blacklisted late", batches=3)
    campaign.press("plan")
    world.wait(lambda: campaign.run("state") == "ready", "a plan")
    late = campaign.phones[::3]
    campaign.excuse("blacklisted", late)
    campaign.forbidden.update(late)
    rows = [{"number": f"+55{phone}"} for phone in late]
    world.press("phone.blacklist", "create", user="admin", vals_list=rows)
    campaign.press("release")


def a_campaign_is_paused_and_resumed_under_load(world: World) -> None:
    """Again and again, with calls out."""
    campaign = slow_campaign(world, "Paused", batches=12)
    for sent in (1, 4, 7):
        campaign.wait_for("b.state = 'sent'", sent)
        campaign.press("pause")
        world.wait(lambda: not campaign.batches("b.state = 'sending'"), "a rest")
        campaign.press("resume")


def a_campaign_is_cancelled_under_load(world: World) -> None:
    """Whoever was not reached by then is not reached."""
    campaign = slow_campaign(world, "Cancelled", batches=12)
    campaign.excuse("campaign_canceled")
    campaign.wait_for("b.state = 'sent'", 2)
    campaign.press("cancel")


def a_cancelled_campaign_is_sent_again(world: World) -> None:
    """Those whom the first run has reached are not texted by the second."""
    campaign = slow_campaign(world, "Cancelled, sent again", batches=12)
    campaign.wait_for("b.state = 'sent'", 2)
    campaign.press("cancel")
    campaign.send()
    # Who was in a call of the first run may have been reached: the second leaves out.
    campaign.excuse("duplicate")
    campaign.excuse("campaign_canceled")


def two_planners_plan_one_campaign(world: World) -> None:
    """Two people press at the same moment, and the planning job has twins."""
    large = campaigns.second_account(world)
    campaign = campaigns.make(world, "Two planners", size=2500, provider=large)
    campaign.silence()
    presses = [threading.Thread(target=press_send, args=(world, campaign.id))]
    presses.append(threading.Thread(target=press_send, args=(world, campaign.id)))
    for thread in presses:
        thread.start()
    planning = world.wait(lambda: world.sql(PLANNING, campaign.id), "a planning job")
    world.sql(TWIN, [row[0] for row in planning])
    world.sql(TWIN, [row[0] for row in planning])
    for thread in presses:
        thread.join()


def press_send(world: World, campaign: int) -> None:
    """Press *Send SMS*; one of two is told that it is being sent already."""
    try:
        world.user().call(MODEL, "action_send_campaign", ids=[campaign])
    except JsonError:
        return


SCENARIOS = [
    numbers_are_blacklisted_between_plan_and_claim,
    two_planners_plan_one_campaign,
    a_campaign_is_paused_and_resumed_under_load,
    a_campaign_is_cancelled_under_load,
    a_cancelled_campaign_is_sent_again,
]
