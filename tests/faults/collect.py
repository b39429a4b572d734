"""Gathers the two sides of the comparison, and tells when nothing moves any more."""

from collections import defaultdict

from .checker import (
    Acceptance,
    Checker,
    Note,
    Problem,
    Row,
    Verdict,
    check_counters,
    check_notes,
    check_replies,
)
from .world import World

ROWS = """
    SELECT m.reference, right(m.phone, 11), m.state, m.sent_date IS NOT NULL,
           m.failure_type, m.cost, b.state, m.campaign_id,
           COALESCE(b.state = 'unknown' AND b.needs_decision
                    AND b.failure_reason IS NOT NULL, FALSE)
    FROM sms_message m LEFT JOIN sms_batch b ON b.id = m.batch_id
    WHERE m.direction = 'outgoing' AND m.run_id IS NOT NULL
"""
COUNTERS = """
    SELECT r.res_id, sum(s.accepted),
           COALESCE(sum(s.n) FILTER (WHERE s.state = 'delivered'), 0)
    FROM sms_batch_stat s JOIN sms_run r ON r.id = s.run_id GROUP BY r.res_id
"""
# What still moves, or would have to.
RESTLESS = """
    SELECT 'batches ' || state, count(*) FROM sms_batch
        WHERE state IN ('queued', 'sending', 'draft')
           OR (state = 'unknown' AND NOT COALESCE(needs_decision, FALSE))
        GROUP BY 1
    UNION ALL
    SELECT 'runs ' || state, count(*) FROM sms_run
        WHERE state NOT IN ('done', 'canceled', 'failed') GROUP BY 1
    UNION ALL
    SELECT 'messages ' || m.state, count(*) FROM sms_message m
        LEFT JOIN sms_batch b ON b.id = m.batch_id
        WHERE m.direction = 'outgoing' AND m.run_id IS NOT NULL
          AND m.state IN ('draft', 'outgoing', 'sent')
          AND NOT COALESCE(b.needs_decision, FALSE) GROUP BY 1
    UNION ALL
    SELECT 'jobs ' || method_name, count(*) FROM queue_job
        WHERE method_name IN ('_send_batch', 'process_sms_campaign', '_mark_canceled')
          AND state IN ('pending', 'enqueued', 'started') GROUP BY 1
    UNION ALL
    SELECT 'counters', count(*) FROM sms_batch_touch HAVING count(*) > 0
    UNION ALL
    SELECT 'promises', count(*) FROM sms_batch_todo HAVING count(*) > 0
    UNION ALL
    SELECT 'events', count(*) FROM sms_event WHERE state = 'new' HAVING count(*) > 0
"""


# Messages to contacts whom Odoo knows as partners, with their notes in the chatter.
NOTES = """
    SELECT right(m.phone, 11), m.state, array_agg(n.notification_status)
        FILTER (WHERE n.id IS NOT NULL)
    FROM sms_message m LEFT JOIN mail_notification n ON n.sms_message_id = m.id
    WHERE m.direction = 'outgoing' AND m.partner_id IS NOT NULL
      AND m.run_id IS NOT NULL AND m.sent_date IS NOT NULL
    GROUP BY m.id
"""
REPLIES = """
    SELECT right(phone, 11) FROM sms_message WHERE direction = 'incoming'
"""


def restless(world: World) -> dict[str, int]:
    """What has not come to rest, by kind."""
    found = dict(world.sql(RESTLESS))
    for name, problems in around(world).items():
        if problems:
            found[name] = len(problems)
    late = given_up_too_early(world)
    return {**found, "deliveries": late} if late else found


def given_up_too_early(world: World) -> int:
    """Messages that were delivered after all, which a poll has yet to bring."""
    given_up = {
        row[0]
        for row in world.sql(
            "SELECT reference FROM sms_message WHERE state IN ('expired', 'error')"
            " AND sent_date IS NOT NULL"
        )
    }
    delivered = (m for m in world.gateway.messages() if m["final_code"] == 3)
    return sum(str(m["reference"]) in given_up for m in delivered)


def around(world: World) -> dict[str, list[Problem]]:
    """What is wrong with replies and with notes in the chatter."""
    notes = [
        Note(phone, state, stati or []) for phone, state, stati in world.sql(NOTES)
    ]
    return {"replies": check_replies(*replies(world)), "notes": check_notes(notes)}


def replies(world: World) -> tuple[list[str], list[str]]:
    """The numbers that have replied: as the gateway says, and as Odoo says."""
    given = [reply["phone"] for reply in world.gateway.control("replies")["replies"]]
    return given, [row[0] for row in world.sql(REPLIES)]


def verdict(world: World) -> Verdict:
    """Hold everything of Odoo against the whole ledger."""
    rows, by_campaign = read_rows(world)
    contacts = [each for campaign in world.campaigns for each in campaign.contacts()]
    accepted = [
        Acceptance(str(m["reference"]), m["phone"], m["final_code"])
        for m in world.gateway.messages()
    ]
    figures = wrong_counters(world, by_campaign)
    others = [each for problems in around(world).values() for each in problems]
    return Checker(contacts, rows, accepted, figures, others).check()


def read_rows(world: World) -> tuple[list[Row], dict[int, list[Row]]]:
    """All messages of campaigns, and the same by campaign."""
    rows, by_campaign = [], defaultdict(list)
    for *values, campaign, explained in world.sql(ROWS):
        reference, phone, state, sent, failure, cost, batch = values
        row = Row(reference, phone, state, sent, failure, cost, batch, explained)
        rows.append(row)
        by_campaign[campaign].append(row)
    return rows, by_campaign


def wrong_counters(world: World, by_campaign: dict[int, list[Row]]) -> list[str]:
    """Campaigns whose figures are not those of their messages."""
    said = {
        campaign: {"sent": sent, "delivered": delivered}
        for campaign, sent, delivered in world.sql(COUNTERS)
    }
    names = {each.id: each.name for each in world.campaigns}
    return check_counters(
        {names.get(key, str(key)): figures for key, figures in said.items()},
        {names.get(key, str(key)): rows for key, rows in by_campaign.items()},
    )
