"""The gateway fails in every way that its simulator knows."""

from tests.faults import campaigns
from tests.faults.scenarios import each
from tests.faults.world import World

# Longer than the client waits for an answer, and for the whole of it.
HOLD, DRIP = 4.0, 9.0
# The call is over for a while: by now the gateway was asked about it.
OVER = "b.attempt_deadline + interval '4 s' < now() AT TIME ZONE 'UTC'"
ONCE = (
    "timeout-before",
    "timeout-after",
    "reset-before",
    "reset-after",
    "close-after",
    "cut-after",
    "drip-after",
    "500-json",
    "500-after",
    "502-html",
    "408",
    "200-errors",
    "200-errors-after",
    "200-html",
    "200-no-id",
    "200-garbage",
    "302",
    "404-html",
    "405",
    "413",
    "late-rejection",
    "late-acceptance",
    "unlisted",
)
SECONDS = {
    "timeout-before": HOLD,
    "timeout-after": HOLD,
    "late-acceptance": HOLD,
    "drip-after": DRIP,
}


def the_gateway_answers(kind: str, world: World) -> None:
    """One of two calls fails so."""
    campaign = campaigns.make(world, f"Gateway {kind}")
    campaign.fault(kind, seconds=SECONDS.get(kind, 1.0))
    campaign.send()


def the_gateway_wants_fewer_calls(kind: str, world: World) -> None:
    """429, with the time to wait or without."""
    campaign = campaigns.make(world, f"Gateway {kind}")
    campaign.fault(kind, times=2, retry_after=2)
    campaign.send()


def the_gateway_refuses_the_token(kind: str, world: World) -> None:
    """The provider is suspended until somebody resumes it."""
    campaign = campaigns.make(world, f"Gateway {kind}")
    campaign.fault(kind)
    campaign.send()
    resume(world)


def resume(world: World) -> None:
    """What an administrator does when the token is good again."""
    suspended = "SELECT provider_id FROM sms_provider_health WHERE suspended"
    provider = world.wait(lambda: world.value(suspended), "a suspended provider")
    world.press("sms.provider", "action_resume", user="admin", ids=[provider])


def another_account_takes_over(world: World) -> None:
    """Batches that no gateway can have accepted go out by the other one."""
    other = campaigns.second_account(world)
    take_over = "UPDATE sms_provider SET takes_over = %s WHERE id = %s"
    world.sql(take_over, True, other)
    try:
        campaign = campaigns.make(world, "Taken over", batches=4)
        campaign.silence()
        campaign.fault("401")
        campaign.send()
        campaign.wait_for("b.moved_from_id IS NOT NULL AND b.state = 'sent'")
    finally:
        world.sql(take_over, False, other)
    resume(world)


def the_gateway_refuses_one_row(kind: str, world: World) -> None:
    """It names the row: that one is rejected, the others are sent."""
    campaign = campaigns.make(world, f"Gateway {kind}", batches=1)
    campaign.excuse("gateway_content", campaign.phones[:1])
    campaign.fault(kind, row=0)
    campaign.send()


def the_gateway_refuses_a_body_and_names_no_row(world: World) -> None:
    """The one text that it dislikes is found by halves."""
    campaign = campaigns.make(world, "Gateway 422-blank", odd_name="Zqruim")
    campaign.excuse("gateway_content", campaign.phones[3:4])
    campaign.fault("422-blank", times=None, match=f"{campaign.mark} Zqruim")
    campaign.send()


def the_gateway_never_takes_a_campaign(world: World) -> None:
    """After the last try its messages say so; nothing was accepted."""
    campaign = campaigns.make(world, "Gateway 413 for ever")
    campaign.excuse("not_attempted")
    campaign.fault("413", times=None)
    campaign.send()


def the_gateway_leaves_arrays_out(setting: str, world: World) -> None:
    """Empty arrays are missing, or null, in the answers of a while."""
    campaign = campaigns.make(world, f"Gateway {setting}")
    world.gateway.control("settings", {setting: True})
    try:
        campaign.send()
        campaign.wait_for("b.state = 'sent'", 2, 90)
    finally:
        world.gateway.control("settings", {setting: False})


def the_gateway_lists_messages_without_references(world: World) -> None:
    """What it lists cannot be told from what it does not list, for a while."""
    campaign = campaigns.make(world, "Gateway lists no references", batches=1)
    campaign.fault("reset-after")
    world.gateway.control("settings", {"echo_reference": "null"})
    try:
        campaign.send()
        campaign.wait_for(
            "b.attempt_deadline + interval '3 s' < now() AT TIME ZONE 'UTC'"
        )
    finally:
        world.gateway.control("settings", {"echo_reference": "text"})


def a_person_decides_what_nobody_can_tell(choice: str, world: World) -> None:
    """The gateway has no usable answer to any question about a call."""
    accepted = choice == "action_count_as_sent"
    campaign = campaigns.make(world, f"Decided {choice}", batches=1)
    campaign.fault("close-after" if accepted else "reset-before")
    campaign.send()
    [batch] = campaign.wait_for("b.attempt_reference IS NOT NULL")
    reference = world.value("SELECT reference FROM sms_batch WHERE id = %s", batch)
    campaign.fault("500-json", times=None, path="sms/status/request", match=reference)
    campaign.wait_for("b.needs_decision AND b.failure_reason IS NOT NULL", 1, 120)
    world.press("sms.batch", choice, user="admin", ids=[batch])


SCENARIOS = [
    the_gateway_lists_messages_without_references,
    *each(the_gateway_wants_fewer_calls, "429-bare", "429"),
    *each(the_gateway_answers, *ONCE),
    *each(the_gateway_refuses_one_row, "422-dict", "422-list", "422-details"),
    the_gateway_refuses_a_body_and_names_no_row,
    the_gateway_never_takes_a_campaign,
    *each(the_gateway_refuses_the_token, "401", "403"),
    another_account_takes_over,
    *each(the_gateway_leaves_arrays_out, "omit_empty", "null_arrays"),
    *each(a_person_decides_what_nobody_can_tell, "action_send_again"),
]
