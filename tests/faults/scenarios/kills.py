"""``kill -9`` at every step of a job, and at moments that nobody has chosen."""

import os
import random
import signal
import time

from dev import ports, server
from dev.paths import LOCAL
from tests.faults import campaigns
from tests.faults.scenarios import each
from tests.faults.world import World

# Of the job that sends: from before the claim to after everything is stored.
STEPS = (
    "before-claim",
    "after-claim",
    "before-post",
    "after-answer",
    "before-update",
    "in-update",
    "after-update",
    "after-health",
)
# Of the jobs around it: planning, applying reports and replies.
SIDE_STEPS = ("before-page", "in-page", "in-reports", "in-replies")
RANDOM_KILLS = {"threaded": 6, "prefork": 12}
HOLD_SECONDS = 1.6


# ``world`` comes last: what stands before it is the case of a table.
def a_process_dies_at_a_step(step: str, scope: str, times: int, world: World) -> None:
    """A worker, of which the server starts another, or the server itself."""
    orders = [world.orders.give(step, scope) for _time in range(times)]
    campaign = campaigns.make(world, f"Dies {step} ({scope})", batches=3)
    for phone in campaign.phones[1::10]:
        world.gateway.control("fate", {"phone": phone, "reply": "Quero"})
    campaign.send()
    for order in orders:
        world.wait(lambda order=order: world.orders.taken(order), f"{order} taken")


def a_process_dies_when_the_gateway_has_accepted(scope: str, world: World) -> None:
    """Before the answer: the gateway holds it until the process is dead."""
    order = world.orders.give("in-call", scope)
    campaign = campaigns.make(world, f"Dies in its call ({scope})", batches=3)
    campaign.fault("slow", times=None, seconds=HOLD_SECONDS)
    campaign.send()
    call = world.wait(lambda: world.orders.taken(order), "a call")
    reference = call["reference"]
    world.wait(lambda: world.gateway.has_accepted(reference), "an acceptance", 5)
    world.kill(call["pid"], scope)


def a_process_dies_while_it_recovers_what_was_accepted(world: World) -> None:
    """The gateway has it; the one that has just heard so dies."""
    order = world.orders.give("in-recovery")
    campaign = campaigns.make(world, "Dies in recovery")
    campaign.fault("reset-after", times=2)
    campaign.send()
    world.wait(lambda: world.orders.taken(order), "a recovery killed")


def a_process_dies_while_it_sends_again_what_was_absent(world: World) -> None:
    """The gateway never had it; the one that was to send it again dies."""
    order = world.orders.give("in-second-try")
    campaign = campaigns.make(world, "Dies in the second try")
    campaign.fault("reset-before", times=2)
    campaign.send()
    world.wait(lambda: world.orders.taken(order), "a second try killed", 120)


def processes_die_at_random_moments(world: World) -> None:
    """Workers, cron, job runner or, where all is one process, the server."""
    campaign = campaigns.make(world, "Random kills", batches=40)
    campaign.fault("slow", times=None, seconds=0.4)
    campaign.send()
    dice = random.Random(19)
    for _kill in range(RANDOM_KILLS[world.mode]):
        world.ensure_up()
        pause = time.monotonic() + dice.uniform(0.2, 2.5)
        world.wait(lambda until=pause: time.monotonic() > until, "a moment")
        world.kill(dice.choice(world.processes()))


def the_whole_server_dies_at_random_moments(world: World) -> None:
    """As by a lack of memory, or a plug that was pulled."""
    campaign = campaigns.make(world, "Random server kills", batches=20)
    campaign.fault("slow", times=None, seconds=0.4)
    campaign.send()
    dice = random.Random(20)
    for _kill in range(2):
        # Its job runner begins five seconds after the server.
        pause = time.monotonic() + dice.uniform(5.0, 9.0)
        world.wait(lambda until=pause: time.monotonic() > until, "a moment")
        world.kill(world.stack.odoo.process.pid, "server")


def one_of_two_nodes_dies(world: World) -> None:
    """Another server on the same database goes on where the first one ended."""
    campaign = campaigns.make(world, "Two nodes", batches=20)
    campaign.fault("slow", times=None, seconds=0.4)
    second = second_node(world)
    second.start(world.environment)
    try:
        campaign.send()
        campaign.wait_for("b.state = 'sending'")
        world.kill(world.stack.odoo.process.pid, "server")
        campaign.wait_for("b.state = 'sent'", 10)
        # By now the first one is back, and the second dies.
        os.killpg(second.process.pid, signal.SIGKILL)
        second.process.wait(10)
        world.direct_kills += 1
    finally:
        second.stop()


def second_node(world: World) -> server.Process:
    """A server beside that of the stack, on its database, with a port of its own."""
    stack, name = world.stack, f"{world.stack.name}_second"
    port = ports.free_port(stack.port + 10)
    config = server.write_config(name, stack.server, stack.name, port)
    return server.Process(config, LOCAL / f"{name}.log")


def _cases(steps, scope, times=1):
    return [(step, scope, times) for step in steps]


THREADED = [
    *each(a_process_dies_at_a_step, *_cases(STEPS + SIDE_STEPS, "server")),
    *each(a_process_dies_when_the_gateway_has_accepted, "server"),
    a_process_dies_while_it_recovers_what_was_accepted,
    processes_die_at_random_moments,
    one_of_two_nodes_dies,
]
PREFORK = [
    *each(a_process_dies_at_a_step, *_cases(STEPS + SIDE_STEPS, "worker", 2)),
    *each(a_process_dies_when_the_gateway_has_accepted, "worker", "server"),
    *each(
        a_process_dies_at_a_step,
        *_cases(("after-claim", "after-answer", "in-update"), "server"),
    ),
    a_process_dies_while_it_recovers_what_was_accepted,
    a_process_dies_while_it_sends_again_what_was_absent,
    processes_die_at_random_moments,
    the_whole_server_dies_at_random_moments,
]
