"""Capacities of the SMS channels, and what is wrong with a server's own.

Capacities exist only in the server configuration, where no upgrade corrects
them and no form checks them. This module knows the configurations that we
recommend and the few ways in which another one starves people or webhooks.
"""

# pylint: disable=prefer-env-translation
# There is no environment here; ``_`` only marks sentences for the catalogue.
from collections.abc import Iterator
from dataclasses import dataclass

from .problem import Problem, _

ROOT = "root"
SMS = "root.sms"
CAMPAIGN = "root.sms.send"
SMS_CAPACITIES = {
    CAMPAIGN: 2,
    "root.sms.now": 1,
    "root.sms.event": 1,
    "root.sms.reply": 1,
    "root.sms.plan": 1,
    "root.sms.mirror": 1,
    "root.sms.care": 1,
}

# Replies, reports and notes are worked off by one job at a time, whatever the size.
LARGE = {CAMPAIGN: 4, "root.sms.now": 2, "root.sms.plan": 2, "root.sms.care": 2}

# name of the configuration -> (HTTP workers, capacity by channel)
CONFIGURATIONS = {
    "threaded": (0, {ROOT: 4, **SMS_CAPACITIES}),
    "small": (3, {ROOT: 2, **SMS_CAPACITIES, CAMPAIGN: 1}),
    "prefork": (4, {ROOT: 3, **SMS_CAPACITIES}),
    "large": (16, {ROOT: 10, **SMS_CAPACITIES, **LARGE}),
}


@dataclass(frozen=True)
class Channel:
    """One entry of the ``channels`` setting; ``capacity`` 0 means unlimited."""

    name: str
    capacity: int = 1
    options: frozenset[str] = frozenset()


def is_sms_channel(name: str) -> bool:
    """Tell whether jobs of the channel ``name`` are SMS jobs."""
    return name == SMS or name.startswith(f"{SMS}.")


def parse_channels(text: str) -> dict[str, Channel]:
    """Read a ``channels`` setting as the job runner does (``ValueError`` if bad)."""
    channels = {}
    for entry in text.replace("\n", ",").split(","):
        if not entry.strip():
            continue
        name, *rest = (part.strip() for part in entry.split(":"))
        if not name:
            raise ValueError(f"channel without a name: {entry.strip()!r}")
        if name != ROOT and not name.startswith(f"{ROOT}."):
            name = f"{ROOT}.{name}"
        capacity = rest[0] if rest else "1"
        if not capacity.isdecimal():
            raise ValueError(f"{name}: capacity {capacity!r} is not a whole number")
        options = frozenset(part.split("=")[0].strip() for part in rest[1:])
        channels[name] = Channel(name, int(capacity), options)
    return channels


def render_channels(capacities: dict[str, int]) -> str:
    """Write capacities as a ``channels`` setting."""
    return ",".join(f"{name}:{capacity}" for name, capacity in capacities.items())


def parse_nodes(text: str | None) -> int:
    """Read how many servers share the jobs (``ValueError`` if bad); one by default."""
    text = (text or "1").strip()
    if not text.isdecimal() or not int(text):
        raise ValueError(f"nodes {text!r} is not a whole number from 1 on")
    return int(text)


def check(
    channels: dict[str, Channel], workers: int, nodes: int = 1, alone: bool = False
) -> list[Problem]:
    """Say what is wrong with ``channels`` on a server with so many HTTP workers.

    ``workers`` is Odoo's own setting: 0 is the threaded server. ``nodes`` is how many
    such servers share the jobs; ``alone``: the job runner asks its own server only.
    """
    channels = {ROOT: Channel(ROOT), **channels}
    return [
        *_check_unlimited(channels),
        *_check_missing(channels),
        *_check_blocked(channels),
        *_check_workers(channels[ROOT], workers, 1 if alone else nodes),
        *_check_nodes(nodes, alone),
        *_check_overtaking(channels),
    ]


def _check_unlimited(channels: dict[str, Channel]) -> Iterator[Problem]:
    """Capacity 0 reads like *off* and is the opposite, except for a leading root."""
    if not channels[ROOT].capacity:
        yield Problem(
            _(
                "root has capacity 0: as the first entry it turns the job runner off, "
                "anywhere else it removes the limit."
            )
        )
    for name, channel in channels.items():
        if is_sms_channel(name) and not channel.capacity:
            yield Problem(
                _("%(channel)s has capacity 0: it has no limit."), channel=name
            )


def _check_missing(channels: dict[str, Channel]) -> Iterator[Problem]:
    """A channel that nobody configured is created without a limit of its own."""
    if missing := [name for name in SMS_CAPACITIES if name not in channels]:
        yield Problem(
            _("Not configured, so without a limit of their own: %(channels)s."),
            channels=", ".join(missing),
        )


def _check_blocked(channels: dict[str, Channel]) -> Iterator[Problem]:
    """Both options can stop SMS for ever without any error in the log."""
    for name, channel in channels.items():
        if "paused" in channel.options and (name == ROOT or is_sms_channel(name)):
            yield Problem(_("%(channel)s is paused: no job runs."), channel=name)
        if "sequential" in channel.options and is_sms_channel(name):
            yield Problem(
                _("%(channel)s is sequential: one failed job stops all behind it."),
                channel=name,
            )


def _check_workers(root: Channel, workers: int, nodes: int) -> Iterator[Problem]:
    """In prefork, jobs run inside HTTP workers; any addon's job may take a slot."""
    if not workers or root.capacity <= nodes * (workers - 1):
        return
    if nodes == 1:
        yield Problem(
            _(
                "root runs up to %(jobs)s jobs on %(workers)s HTTP workers, and people "
                "and webhooks may find none free: start at least %(needed)s workers."
            ),
            jobs=root.capacity,
            workers=workers,
            needed=root.capacity + 1,
        )
    else:
        yield Problem(
            _(
                "root runs up to %(jobs)s jobs on %(nodes)s servers with %(workers)s "
                "HTTP workers each, and people and webhooks may find none free: run "
                "at most %(most)s jobs."
            ),
            jobs=root.capacity,
            nodes=nodes,
            workers=workers,
            most=nodes * (workers - 1),
        )


def _check_nodes(nodes: int, alone: bool) -> Iterator[Problem]:
    """The runner that is elected runs all jobs where its own address leads to."""
    if nodes > 1 and alone:
        yield Problem(
            _(
                "%(nodes)s servers are to share the jobs, but the job runner asks its "
                "own server only: give it the balancer's host and port, or nodes = 1."
            ),
            nodes=nodes,
        )


def _check_overtaking(channels: dict[str, Channel]) -> Iterator[Problem]:
    """A campaign that can fill a parent channel makes replies and agents wait."""
    campaign = channels.get(CAMPAIGN, Channel(CAMPAIGN, 0))
    for parent in (channels[ROOT], channels.get(SMS, Channel(SMS, 0))):
        if parent.capacity and not 0 < campaign.capacity < parent.capacity:
            yield Problem(
                _(
                    "Campaigns may take all %(slots)s slots of %(parent)s, so replies "
                    "and single messages wait: give %(parent)s more than %(campaign)s."
                ),
                slots=parent.capacity,
                parent=parent.name,
                campaign=CAMPAIGN,
            )
