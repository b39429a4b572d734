"""Jobs are lost, doubled and pressed at: they are wake-up calls, nothing more."""

import contextlib

import psycopg2

from tests.faults import campaigns
from tests.faults.campaigns import Campaign
from tests.faults.scenarios import each
from tests.faults.world import World

JOBS = """
    SELECT j.id FROM queue_job j
    WHERE j.method_name = '_send_batch' AND j.state = %s
      AND ((j.records #>> '{}')::jsonb #>> '{ids,0}')::int = ANY(%s)
"""
TWIN = """
    INSERT INTO queue_job SELECT (jsonb_populate_record(j, jsonb_build_object(
        'id', nextval('queue_job_id_seq'), 'uuid', gen_random_uuid()::text,
        'state', 'pending', 'eta', NULL, 'date_started', NULL,
        'date_enqueued', NULL))).*
    FROM queue_job j WHERE j.id = ANY(%s)
"""


def slow_campaign(world: World, name: str, batches: int = 10) -> Campaign:
    """Its calls last long enough for most of its jobs to wait."""
    campaign = campaigns.make(world, name, batches=batches)
    campaign.fault("slow", times=None, seconds=1.2)
    campaign.send()
    campaign.wait_for("b.state IN ('queued', 'sending', 'sent')", batches)
    return campaign


def jobs(campaign: Campaign, state: str, count: int = 1) -> list[int]:
    """Wait for jobs of a campaign's batches that are in a state."""
    world = campaign.world
    batches = campaign.batches()

    def found():
        ids = [row[0] for row in world.sql(JOBS, state, batches)]
        return len(ids) >= count and ids

    return world.wait(found, f"{count} jobs {state} of “{campaign.name}”")


def waiting_jobs_are_pressed_away(button: str, world: World) -> None:
    """Somebody sets them done, or cancels them, in the Jobs menu."""
    campaign = slow_campaign(world, f"Jobs {button}")
    waiting = jobs(campaign, "pending", 3)
    world.press("queue.job", button, user="admin", ids=waiting)


def the_whole_queue_is_deleted(world: World) -> None:
    """``DELETE FROM queue_job``, also of the jobs that run."""
    campaign = slow_campaign(world, "Queue deleted")
    jobs(campaign, "started", 2)
    # Row by row: a job that ends meets the deletion in a deadlock, and gives way.
    world.sql("SET deadlock_timeout = '60s'")
    for [job] in world.sql("SELECT id FROM queue_job ORDER BY state = 'started', id"):
        with contextlib.suppress(psycopg2.errors.DeadlockDetected):
            world.sql("DELETE FROM queue_job WHERE id = %s", job)
    world.sql("SET deadlock_timeout TO DEFAULT")


def a_second_job_runs_for_a_batch_that_is_in_its_call(world: World) -> None:
    """As the sweeper's, a person's or the runner's; here a twin of each."""
    campaign = slow_campaign(world, "Second jobs", batches=6)
    running = jobs(campaign, "started", 2)
    world.sql(TWIN, running)
    world.sql(TWIN, running)


def running_jobs_are_requeued(world: World) -> None:
    """Somebody presses *Requeue* on jobs that are in their call."""
    campaign = slow_campaign(world, "Requeued while running", batches=6)
    running = jobs(campaign, "started", 2)
    world.press("queue.job", "requeue", user="admin", ids=running)


def finished_jobs_are_requeued(world: World) -> None:
    """What is done is done, however often its job is run."""
    campaign = campaigns.sent(world, "Requeued when done")
    campaign.wait_for("b.state = 'sent'", 2)
    finished = jobs(campaign, "done", 2)
    world.press("queue.job", "requeue", user="admin", ids=finished)


SCENARIOS = [
    *each(waiting_jobs_are_pressed_away, "button_done", "button_cancelled"),
    the_whole_queue_is_deleted,
    a_second_job_runs_for_a_batch_that_is_in_its_call,
    running_jobs_are_requeued,
    finished_jobs_are_requeued,
]
