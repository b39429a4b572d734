"""*Send SMS* on lists of other apps: who offers it, who sees it, and what is sent."""

import pytest

from dev import postgres
from tests.e2e.database import Database

APPS = ("hr", "sale", "mass_mailing_sms", "odoo_dfsg_assets")
OFFERED = """
from odoo.tests import new_test_user

env["res.company"].search([], limit=1).country_id = env.ref("base.br")
provider = env["sms.provider"].create(
    {"name": "Log", "provider_type": "log", "company_id": env.company.id}
)
env.company.sms_native_provider_id = provider
person = new_test_user(
    env,
    login="sender",
    groups="sms_base_sr.group_sms_campaign,hr.group_hr_user,"
    "sales_team.group_sale_salesman_all_leads,mass_mailing.group_mass_mailing_user",
)
employee = new_test_user(env, login="employee", groups="base.group_user")


def offered(model, user):
    found = env["ir.actions.actions"].with_user(user).get_bindings(model)
    return sorted(
        action["binding_view_types"]
        for action in found.get("action", ())
        if env["ir.actions.act_window"].browse(action["id"]).exists().res_model
        == "sms.composer"
    )


def figures(record):
    told = env["sms.composer"].with_user(person).sms_read_review(
        {
            "composition_mode": "mass",
            "res_model": record._name,
            "res_ids": repr(record.ids),
            "body": "Ola",
        }
    )
    return [told["total"], told["sends"], told["preview"]["phone"]]


partner = env["res.partner"].create({"name": "Ana", "phone": "+5511912345678"})
records = {
    "hr.employee": {"name": "Bia", "work_phone": "+5511912345679"},
    "sale.order": {"partner_id": partner.id},
    "mailing.contact": {"name": "Caio", "mobile": "+5511912345670"},
}
made = {name: env[name].create(values) for name, values in records.items()}
tell(
    offered={name: offered(name, person) for name in made},
    others={name: offered(name, employee) for name in made},
    figures={name: figures(record) for name, record in made.items()},
)
"""


@pytest.fixture(scope="module")
def database():
    """Ours with three apps that have people and numbers, and no *Send SMS*."""
    running = postgres.start()
    made = Database(running, "e2e_send_on")
    made.drop()
    made.__init__(running, "e2e_send_on")
    try:
        made.install("sms_base_sr", *APPS)
        yield made
    finally:
        made.drop()


def test_lists_and_forms_of_other_apps_have_it_and_it_finds_their_numbers(database):
    told = database.shell(OFFERED)
    both = ["form", "list,kanban"]
    assert told["offered"] == dict.fromkeys(told["offered"], both)
    assert told["others"] == dict.fromkeys(told["others"], [])
    assert told["figures"] == {
        "hr.employee": [1, 1, "+5511912345679"],
        "sale.order": [1, 1, "+5511912345678"],
        "mailing.contact": [1, 1, "+5511912345670"],
    }
