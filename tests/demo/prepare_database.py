"""Run in ``odoo shell`` on a fresh database: company, users, keys, provider.

What an administrator does once. Reads ``DEMO_SETTINGS`` (a JSON file) and adds the
API keys to it.
"""

import json
import os
from datetime import timedelta
from pathlib import Path

from odoo import Command, fields

env = env  # noqa: F821, PLW0127 - given by the shell
path = Path(os.environ["DEMO_SETTINGS"])
settings = json.loads(path.read_text())


def ref(*names):
    return [Command.link(env.ref(name).id) for name in names]


def make_user(login, name, password, groups):
    user = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create({"name": name, "login": login, "tz": "America/Sao_Paulo"})
    )
    user.lang = settings["lang"] or user.lang
    user.write({"password": password, "group_ids": ref(*groups)})
    return user


def make_key(user):
    keys = env["res.users.apikeys"].with_user(user).sudo()
    until = fields.Datetime.now() + timedelta(days=1)
    return keys._generate("rpc", "demo", until)


if settings["lang"]:
    language = env["res.lang"].with_context(active_test=False)
    language = language.search([("code", "=", settings["lang"])])
    wizard = env["base.language.install"].create({"lang_ids": language.ids})
    wizard.lang_install()
    env["res.users"].search([]).write({"lang": settings["lang"]})
    env.company.partner_id.lang = settings["lang"]

brl = env["res.currency"].with_context(active_test=False).search([("name", "=", "BRL")])
brl.active = True
company = env.company
company.write(
    {
        "name": "Crédito Exemplo",
        "phone": "(11) 4000-0000",
        "country_id": env.ref("base.br").id,
        "currency_id": brl.id,
    }
)
admin = env.ref("base.user_admin")
admin.write({"password": settings["logins"]["administrator"][1], "login": "admin"})
salesperson = make_user(
    *settings["logins"]["salesperson"][:1],
    "Vera Vendedora",
    settings["logins"]["salesperson"][1],
    [
        "sms_base_sr.group_sms_user",
        "whatsapp_connector.group_chat_basic_extra",
        "sales_team.group_sale_salesman",
    ],
)
manager = make_user(
    *settings["logins"]["manager"][:1],
    "Márcio Gerente",
    settings["logins"]["manager"][1],
    [
        "sms_base_sr.group_sms_campaign",
        "contacts_realcred.contacts_realcred_user",
        "base.group_partner_manager",
    ],
)
admin.group_ids = ref("whatsapp_connector.group_chatroom_admin")
company.sms_default_user_id = salesperson

provider = env.ref("sms_kolmeya.sms_provider_kolmeya")
provider.write(
    {
        "active": True,
        "kolmeya_base_url": settings["gateway"],
        "kolmeya_api_token": settings["token"],
        "webhook_base_url": settings["url"],
        "poll_delay": settings["poll_delay"],
    }
)
env["acrux.chat.connector"].create(
    {
        "name": "SMS",
        "connector_type": "sms",
        "sms_provider_id": provider.id,
        "company_id": company.id,
    }
)
env["acrux.chat.default.answer"].create(
    [
        {"name": "Bom dia", "text": "Bom dia! Aqui é a Vera, da Crédito Exemplo."},
        {"name": "Posso ligar?", "text": "Posso ligar agora para explicar a oferta?"},
    ]
)
env["ir.config_parameter"].set_param("web.base.url", settings["url"])
env["ir.config_parameter"].set_param("web.base.url.freeze", "True")
people = {"manager": manager, "admin": admin, "salesperson": salesperson}
settings["keys"] = {role: make_key(person) for role, person in people.items()}
path.write_text(json.dumps(settings))
env.cr.commit()
