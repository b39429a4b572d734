"""Odoo's dialog *Send SMS* in a browser, on a real server with a real gateway call."""

import pytest

from dev.stack import Stack
from tests.demo.json2 import Json2
from tests.e2e.test_tours import run_tour

# A list of its own: what is typed into a search while the page settles may be lost.
CONTACTS = {
    "name": "Tour",
    "res_model": "res.partner",
    "view_mode": "list,form",
    "domain": "[('name', 'like', 'Tour Lista')]",
}


@pytest.fixture(scope="module")
def stack():
    """The demo's stack under a name of its own; our provider sends Odoo's SMS."""
    running = Stack("e2e_composer", workers=0)
    try:
        running.start()
        admin = Json2(running.url, running.keys()["keys"]["admin"], running.name)
        [provider] = admin.call("sms.provider", "search", domain=[], limit=1)
        [company] = admin.call("res.company", "search", domain=[], limit=1)
        values = {"sms_native_provider_id": provider, "sms_composer_limit": 4}
        admin.call("res.company", "write", ids=[company], vals=values)
        template = {
            "name": "Tour composer",
            "applies_to": "res_partner",
            "message_template": "Ola {{ first_name }}, de {{ city }}",
        }
        admin.call("sms.template", "create", vals_list=[template])
        yield running
    finally:
        running.stop()


def contacts(numbers: int) -> list[dict]:
    """So many contacts in the order of the list, the last one without a number."""
    rows = [
        {"name": f"Tour Lista {n}", "city": f"Cidade {n}", "phone": f"+551198765432{n}"}
        for n in range(1, numbers + 1)
    ]
    rows[-1]["phone"] = False
    return rows


def test_a_list_is_chosen_read_sent_and_watched(stack):
    manager = Json2(stack.url, stack.keys()["keys"]["manager"], stack.name)
    manager.call("res.partner", "create", vals_list=contacts(6))
    admin = Json2(stack.url, stack.keys()["keys"]["admin"], stack.name)
    [found] = admin.call("ir.actions.act_window", "create", vals_list=[CONTACTS])
    run_tour(stack, "manager", "sms_composer", f"odoo/action-{found}")
