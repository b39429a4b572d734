"""Campaigns of a fault run: each with numbers and a mark of its own."""

from dataclasses import dataclass, field

import requests

from tests.demo.json2 import JsonError

from .checker import Contact
from .gateway import refusal_of, replies_of
from .world import ACCOUNT, World

MODEL = "contacts.realcred.campaign"
BATCH = 10


@dataclass
class Campaign:
    """What was asked for, which the checker holds against what became of it.

    Its mark is part of each of its texts, so that a fault can be meant for its calls
    alone while other campaigns are sent.
    """

    world: World
    number: int
    name: str
    size: int
    id: int = 0
    reasons: dict[str, set[str]] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)

    @property
    def mark(self) -> str:
        return f"Zq{self.number:03d}x"

    @property
    def phones(self) -> list[str]:
        """National numbers, in the order of the contacts."""
        return [f"1190{self.number:03d}{n:04d}" for n in range(self.size)]

    def contacts(self) -> list[Contact]:
        """What the checker expects of each number."""
        found = []
        for phone in self.phones:
            reasons = set(self.reasons.get(phone, ()))
            refusal = refusal_of(phone)
            if refusal:
                # Where its answer got lost, a call's listing lacks what was refused.
                reasons |= {refusal, "not_listed"}
            found.append(
                Contact(phone, self.name, frozenset(reasons), phone in self.forbidden)
            )
        return found

    def excuse(self, reason: str, phones: list[str] | None = None) -> None:
        """Not to be texted for this reason would be true of these numbers."""
        for phone in self.phones if phones is None else phones:
            self.reasons.setdefault(phone, set()).add(reason)

    def fault(self, kind: str, **options) -> None:
        """A fault for calls of this campaign only."""
        options.setdefault("match", self.mark)
        self.world.gateway.fault(kind, **options)

    def silence(self) -> None:
        """Have nobody reply: the simulator's replies belong to one account only."""
        for phone in filter(replies_of, self.phones):
            self.world.gateway.control("fate", {"phone": phone})

    def send(self) -> None:
        """Press *Send SMS*; again where the server died under the click."""
        while True:
            try:
                manager = self.world.user()
                return manager.call(MODEL, "action_send_campaign", ids=[self.id])
            except requests.RequestException:
                self.world.tick()
            except JsonError:
                if not self.run("id"):
                    raise
                return None  # the click that got no answer did it

    def press(self, verb: str) -> None:
        """Press one of the campaign's other buttons."""
        self.world.press(MODEL, f"action_sms_{verb}", ids=[self.id])

    def run(self, column: str):
        """One column of its newest run."""
        return self.world.value(
            f"SELECT {column} FROM sms_run WHERE res_model = %s AND res_id = %s"
            " ORDER BY id DESC LIMIT 1",
            MODEL,
            self.id,
        )

    def batches(self, condition: str = "TRUE") -> list[int]:
        """Ids of its batches that meet a condition."""
        rows = self.world.sql(
            "SELECT b.id FROM sms_batch b JOIN sms_run r ON r.id = b.run_id"
            f" WHERE r.res_model = %s AND r.res_id = %s AND {condition} ORDER BY b.id",
            MODEL,
            self.id,
        )
        return [row[0] for row in rows]

    def wait_for(self, condition: str, count: int = 1, seconds: float = 60) -> list:
        """Wait until some of its batches meet a condition; return their ids."""

        def found():
            ids = self.batches(condition)
            return len(ids) >= count and ids

        what = f"{count} batches of “{self.name}” with {condition}"
        return self.world.wait(found, what, seconds)


def make(
    world: World,
    name: str,
    batches: int = 2,
    size: int | None = None,
    odd_name: str = "Ana",
    provider: int | None = None,
) -> Campaign:
    """Make a campaign with its contacts; the fourth one's name is ``odd_name``.

    Every fifth is known to Odoo as a partner, in whose chatter notes are to stand.
    """
    campaign = Campaign(world, len(world.campaigns) + 1, name, size or batches * BATCH)
    world.campaigns.append(campaign)
    campaign.id = create(world, name, provider)
    world.sql(
        """
        INSERT INTO contacts_realcred_batch (name, cpf, telefone1, sms_phone,
            vi_rmi, updated_limit, campaing_id, cpf_id)
        SELECT %s || CASE n WHEN 4 THEN %s ELSE 'Ana' END, lpad(n::text, 11, '0'),
            phone, '+55' || phone, 1000, TRUE, %s,
            CASE WHEN n %% 5 = 0 THEN (
                SELECT partner_id FROM res_company ORDER BY id LIMIT 1) END
        FROM unnest(%s) WITH ORDINALITY AS t (phone, n) ORDER BY n
        """,
        campaign.mark + " ",
        odd_name,
        campaign.id,
        campaign.phones,
    )
    return campaign


def create(world: World, name: str, provider: int | None = None) -> int:
    """Create the campaign's record as the manager does."""
    template = "SELECT id FROM sms_template WHERE code = 'realcred_margem'"
    values = {
        "name_campaign": name,
        "sms_template_id": world.value(template),
        "sms_provider_id": provider or False,
        "user_id": world.value("SELECT id FROM res_users WHERE login = 'salesperson'"),
    }
    [campaign] = world.press(MODEL, "create", vals_list=[values])
    return campaign


def sent(world: World, name: str, **options) -> Campaign:
    """Make a campaign and send it."""
    campaign = make(world, name, **options)
    campaign.send()
    return campaign


def second_account(world: World) -> int:
    """Another account at the same gateway, whose calls have up to 1,000 messages."""
    found = world.value("SELECT id FROM sms_provider WHERE name = 'Large calls'")
    if found:
        return found
    settings = world.stack.keys()
    values = {
        "name": "Large calls",
        "provider_type": "kolmeya",
        "sequence": 99,
        "kolmeya_base_url": settings["gateway"],
        "kolmeya_api_token": settings["token"],
        "webhook_base_url": settings["url"],
        **ACCOUNT,
    }
    [made] = world.press("sms.provider", "create", user="admin", vals_list=[values])
    return made
