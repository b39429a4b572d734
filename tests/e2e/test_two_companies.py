"""Two companies, two accounts at two gateways, one queue, on a real server."""

import json

import pytest
import requests

from dev.stack import Simulator, Stack
from tests.demo.json2 import Json2
from tests.e2e.test_interruptions import Campaigns

CONTACTS = 2_500
RATES = {"invalid": 0, "blacklist": 0, "not_disturb": 0, "silent": 0, "reply": 0.02}
# The second company's administrator and campaign manager, done by a script.
SECOND = """
import json
from datetime import timedelta
from odoo import Command, fields

settings = json.loads('''{settings}''')
first = env.company
company = env["res.company"].create({{
    "name": "Outra Financeira", "country_id": env.ref("base.br").id,
    "currency_id": first.currency_id.id,
}})
groups = ["sms_base_sr.group_sms_manager", "contacts_realcred.contacts_realcred_user",
          "base.group_partner_manager"]
keys = {{}}
for login, home in (("first", first), ("second", company)):
    user = env["res.users"].with_context(no_reset_password=True).create({{
        "name": login, "login": login, "company_id": home.id,
        "company_ids": [Command.set(home.ids)],
        "group_ids": [Command.link(env.ref(name).id) for name in groups],
    }})
    until = fields.Datetime.now() + timedelta(days=1)
    make = env["res.users.apikeys"].with_user(user).sudo()._generate
    keys[login] = make("rpc", "test", until)
env["sms.provider"].create({{
    "name": "Theirs", "provider_type": "kolmeya", "company_id": company.id,
    "kolmeya_base_url": settings["gateway"], "kolmeya_api_token": settings["token"],
    "webhook_base_url": settings["url"], "price_per_segment": 0.25, "poll_delay": 5,
}})
open(settings["answer"], "w").write(json.dumps(keys))
env.cr.commit()
"""
SEEN = (
    "sms.run",
    "sms.batch",
    "sms.message",
    "sms.batch.stat",
    "sms.report",
    "sms.reply.report",
    "sms.event",
    "sms.provider",
    "contacts.realcred.campaign",
    "queue.job",
)


class Company(Campaigns):
    """One company's supervisor, and the gateway of its account."""

    def __init__(self, stack: Stack, login: str, key: str, simulator: Simulator):
        self.stack, self.login, self.simulator = stack, login, simulator
        self.manager = Json2(stack.url, key, stack.name)

    def ids(self, model: str) -> set[int]:
        return set(self.manager.call(model, "search", domain=[]))

    def own(self) -> str:
        """SQL for the company's id."""
        return f"(SELECT company_id FROM res_users WHERE login = '{self.login}')"

    def has_all_replies(self) -> bool:
        """Whether what its gateway has told as replies, and no more, is there."""
        replies = (
            "SELECT count(*) FROM sms_message WHERE direction = 'incoming'"
            f" AND company_id = {self.own()}"
        )
        return self.sql(replies) == str(simulator(self, "ledger")["replies"])

    def make_campaign(self, name: str) -> int:
        [campaign] = self.manager.call(
            "contacts.realcred.campaign",
            "create",
            vals_list=[{"name_campaign": name, "message": "Oi |NOME|"}],
        )
        self.sql(
            f"""
            INSERT INTO contacts_realcred_batch (name, cpf, telefone1, sms_phone,
                vi_rmi, updated_limit, campaing_id)
            SELECT 'Ana ' || n, lpad(n::text, 11, '0'), '1190' || lpad(n::text, 7, '0'),
                '+551190' || lpad(n::text, 7, '0'), 1000, TRUE, {campaign}
            FROM generate_series(1, {CONTACTS}) n
            """
        )
        return campaign


@pytest.fixture(scope="module")
def companies(tmp_path_factory):
    stack, second = Stack("e2e_companies", workers=0), Simulator("token-of-the-second")
    folder = tmp_path_factory.mktemp("second")
    try:
        stack.start()
        second.start()
        settings = {
            "gateway": f"{second.url}/api/v1",
            "token": second.token,
            "url": stack.url,
            "answer": str(folder / "keys.json"),
        }
        script = folder / "second.py"
        script.write_text(SECOND.format(settings=json.dumps(settings)))
        stack.shell(script)
        keys = json.loads((folder / "keys.json").read_text())
        found = [
            Company(stack, "first", keys["first"], stack.simulator),
            Company(stack, "second", keys["second"], second),
        ]
        for company in found:
            simulator(company, "settings", {"rates": RATES})
        yield found
    finally:
        stack.stop()
        second.stop()


def simulator(company: Company, name: str, body: dict | None = None) -> dict:
    """Ask or tell the gateway of one company's account."""
    url = f"{company.simulator.url}/_control/{name}"
    method = "GET" if body is None else "POST"
    answer = requests.request(method, url, json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()


@pytest.fixture(scope="module")
def sent(companies):
    """Both campaigns to the same numbers, pressed one after the other."""
    made = [company.make_campaign(f"Oferta {company.login}") for company in companies]
    for company, campaign in zip(companies, made, strict=True):
        company.manager.call(
            "contacts.realcred.campaign", "action_send_campaign", ids=[campaign]
        )
    first = companies[0]
    undone = "SELECT count(*) FROM sms_run WHERE state != 'done'"
    first.sweep_until(240, lambda: first.sql(undone) == "0")
    told = (
        "SELECT count(*) FROM sms_message WHERE direction = 'outgoing'"
        " AND state = 'sent'"
    )
    first.sweep_until(240, lambda: first.sql(told) == "0")
    return made


def test_each_account_got_its_own_companys_messages(companies, sent):
    for company, price in zip(companies, (0.10, 0.25), strict=True):
        ledger = simulator(company, "ledger")
        assert ledger["accepted"] == CONTACTS, company.login
        query = (
            "SELECT count(*), count(DISTINCT phone), round(sum(cost)::numeric, 2),"
            " bool_and(p.company_id = m.company_id) FROM sms_message m"
            " JOIN sms_provider p ON p.id = m.provider_id"
            f" WHERE m.direction = 'outgoing' AND m.company_id = {company.own()}"
        )
        cost = f"{CONTACTS * price:.2f}"
        assert company.sql(query) == f"{CONTACTS}|{CONTACTS}|{cost}|t"


def test_each_webhook_reached_its_own_company(companies, sent):
    first = companies[0]
    crossed = (
        "SELECT count(*) FROM sms_event e JOIN sms_provider p ON p.id = e.provider_id"
        " JOIN sms_message m ON m.id = e.message_id WHERE m.company_id != p.company_id"
    )
    assert first.sql(crossed) == "0"
    assert first.sql("SELECT count(*) FROM sms_event WHERE state = 'unmatched'") == "0"
    for company in companies:
        company.wait(60, company.has_all_replies)
        assert simulator(company, "ledger")["replies"] > 10


def test_jobs_belong_to_the_company_of_what_they_send(companies, sent):
    first = companies[0]
    wrong = (
        "SELECT count(*) FROM queue_job j JOIN sms_batch b"
        " ON (j.records #>> '{}')::jsonb -> 'ids' = to_jsonb(ARRAY[b.id])"
        " WHERE j.model_name = 'sms.batch' AND j.company_id != b.company_id"
    )
    assert first.sql(wrong) == "0"
    assert first.sql("SELECT count(*) FROM queue_job WHERE state = 'failed'") == "0"


def test_neither_supervisor_sees_anything_of_the_other(companies, sent):
    for model in SEEN:
        first, second = (company.ids(model) for company in companies)
        assert second, model
        if model != "queue.job":
            assert not first & second, model
    for company, cost in zip(companies, ("250.00", "625.00"), strict=True):
        seen = company.manager.call("sms.watch", "read_overview")
        assert seen["today"]["now"]["sent"] == CONTACTS
        assert cost in seen["today"]["now"]["cost"].replace(",", "")
        assert len(seen["providers"]) == 1
    titles = companies[1].manager.call(
        "queue.job", "search_read", domain=[], fields=["name"]
    )
    assert not [job for job in titles if "Oferta first" in (job["name"] or "")]
