"""The company at the morning of the days: people, two sent campaigns, replies."""

import time

import requests

from dev.stack import Stack
from tests.demo import campaign, recipients
from tests.demo.json2 import Json2
from tests.demo.recipients import Contact

TESTED = "Margem de novembro"
COLLEAGUES = "Oferta de outubro"
HOURS = "Horário da loja"
SUPERVISOR = ("supervisor", "Sônia Supervisora")
COLLEAGUE = ("bruno", "Bruno Vendedor")
# Who writes, and what: each day answers its own customer.
HELENA = Contact("good", "Helena Prado", "1" * 11, "(11) 98765-0001", "SP", 4200.0)
RENATO = Contact("good", "Renato Dias", "2" * 11, "(11) 98765-0002", "SP", 3150.0)
CELIA = Contact("good", "Célia Moreira", "3" * 11, "(21) 98765-0003", "RJ", 980.0)
MATEUS = Contact("good", "Mateus Rocha", "4" * 11, "(31) 98765-0004", "MG", 2750.0)
ASKED = {
    HELENA.name: "Quero sim, quanto fica a parcela?",
    RENATO.name: "Pode me ligar amanhã cedo?",
    MATEUS.name: "Tenho interesse, mas quero falar com outra pessoa",
}
RATES = {"silent": 0.0, "expired": 0.03, "not_delivered": 0.02, "reply": 0.12}
SECONDS = 120


class Scene:
    """A running stack, made ready over the interface that programs use."""

    def __init__(self, stack: Stack):
        self.stack = stack
        keys = stack.keys()["keys"]
        self.admin = Json2(stack.url, keys["admin"], stack.name)
        self.manager = Json2(stack.url, keys["manager"], stack.name)

    def prepare(self) -> "Scene":
        """People, hours, campaigns; until the customers have answered."""
        for each in (HELENA, RENATO, CELIA, MATEUS):
            each.has_partner = True
            self.control("fate", phone=digits(each.phone), code=3)
        self.control("settings", rates=RATES)
        self.make_people()
        self.make_hours()
        self.send_campaigns()
        for each in (HELENA, RENATO, MATEUS):
            text = ASKED[each.name]
            self.control("reply", phone=digits(each.phone), text=text)
        self.wait(self.all_replied)
        return self

    def control(self, name: str, **body) -> dict:
        """Tell the gateway's simulator something."""
        url = f"{self.stack.simulator.url}/_control/{name}"
        answer = requests.post(url, json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def ref(self, name: str) -> int:
        """The id of a record by its name in the data."""
        module, short = name.split(".")
        domain = [["module", "=", module], ["name", "=", short]]
        [found] = self.admin.call(
            "ir.model.data", "search_read", domain=domain, fields=["res_id"]
        )
        return found["res_id"]

    def make_people(self) -> None:
        """A supervisor, and a colleague of the salesperson."""
        campaigns = "contacts_realcred.contacts_realcred_user"
        chat = "whatsapp_connector.group_chat_basic_extra"
        roles = {
            SUPERVISOR: ("sms_base_sr.group_sms_manager", campaigns, chat),
            COLLEAGUE: ("sms_base_sr.group_sms_user", chat),
        }
        language = self.stack.keys()["lang"] or "en_US"
        people = [
            {
                "login": login,
                "name": name,
                "password": login,
                "tz": "America/Sao_Paulo",
                "lang": language,
                "group_ids": [[4, self.ref(group)] for group in groups],
            }
            for (login, name), groups in roles.items()
        ]
        context = {"no_reset_password": True}
        self.admin.call("res.users", "create", vals_list=people, context=context)

    def make_hours(self) -> None:
        """The hours of an office, for campaigns that want them; small batches."""
        days = [
            [0, 0, {"weekday": str(day), "hour_from": 8, "hour_to": 18}]
            for day in range(5)
        ]
        values = {"name": HOURS, "day_ids": days}
        self.admin.call("sms.sending.window", "create", vals_list=[values])
        # So that a campaign can be watched, and paused halfway.
        providers = self.admin.call("sms.provider", "search", domain=[])
        self.admin.call("sms.provider", "write", ids=providers, vals={"batch_size": 20})

    def send_campaigns(self) -> None:
        """Two texts tried against each other, and a colleague's campaign."""
        tested = self.new_campaign(
            TESTED, [HELENA, RENATO, CELIA, *recipients.make(400, seed=3)]
        )
        offer = self.ref("sms_base_sr.sms_template_realcred_oferta")
        self.write_campaign(tested, sms_template_b_id=offer, sms_share_b=50)
        other = self.new_campaign(COLLEAGUES, [MATEUS, *recipients.make(60, seed=4)])
        domain = [["login", "=", COLLEAGUE[0]]]
        [bruno] = self.manager.call("res.users", "search", domain=domain)
        self.write_campaign(other, user_id=bruno)
        for each in (tested, other):
            campaign.send(self.manager, each)
        for each in (tested, other):
            self.wait(lambda found=each: self.at_rest(found))

    def new_campaign(self, name: str, contacts: list[Contact]) -> int:
        """A campaign with contacts, as an import would leave it."""
        return campaign.import_contacts(self.manager, name, contacts, "realcred_margem")

    def write_campaign(self, found: int, **values) -> None:
        """Change a campaign as the manager does."""
        self.manager.call(
            "contacts.realcred.campaign", "write", ids=[found], vals=values
        )

    def at_rest(self, found: int) -> bool:
        """Whether all of a campaign is sent and has its final state."""
        summary = campaign.read_summary(self.manager, found) or {}
        return summary.get("state") == "done" and not summary.get("open")

    def all_replied(self) -> bool:
        """Whether each reply that we know of has reached its salesperson."""
        domain = [["direction", "=", "incoming"], ["body", "in", [*ASKED.values()]]]
        domain += [["user_id", "!=", False], ["partner_id", "!=", False]]
        return self.manager.count("sms.message", domain) == len(ASKED)

    def wait(self, condition) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < deadline, "the scene did not come to rest"
            time.sleep(0.3)


def digits(phone: str) -> str:
    """A number as the gateway knows it."""
    return "".join(filter(str.isdigit, phone))
