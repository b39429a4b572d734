"""Erasing and anonymising on a committed database: nothing is left in its dump."""

import subprocess

NUMBER = "21987650123"
WRITTEN = "(21) 98765-0123"
PERSON = "Zulmira Inconfundível"
TEXT = "oferta irrepetível"
# A customer who was texted by hand and by a campaign, answered and opted out.
PLANT = """
from datetime import datetime
from odoo.addons.sms_base_sr.tools import inbound

company = env.company
company.country_id = env.ref("base.br")
provider = env["sms.provider"].create({"name": "Log", "provider_type": "log"})
connector = env["acrux.chat.connector"].create(
    {"name": "SMS", "connector_type": "sms", "sms_provider_id": provider.id}
)
company.sms_default_user_id = env.ref("base.user_admin")
partner = env["res.partner"].create({"name": PERSON, "phone": WRITTEN})
campaign = env["contacts.realcred.campaign"].create(
    {"name_campaign": "Novembro", "message": "Novidade, |NOME|",
     "sms_provider_id": provider.id}
)
contact = env["contacts.realcred.batch"].create(
    {"name": PERSON, "telefone1": WRITTEN, "whatsapp1": WRITTEN,
     "updated_limit": True, "campaing_id": campaign.id, "cpf_id": partner.id}
)
campaign.action_send_campaign()
env.cr.commit()
campaign.process_sms_campaign()
env.cr.commit()
message = env["sms.message"].create({"partner_id": partner.id, "body": TEXT})
message.action_send()
env.cr.commit()
for batch in env["sms.batch"].search([("state", "=", "queued")]):
    batch._send_batch()
    env.cr.commit()
    batch._mirror_chatter()
reply = inbound.ReplyItem(
    reply_id="1", text="quero a " + TEXT, phone="+55" + NUMBER,
    occurred_at=datetime(2025, 11, 21)
)
raw = '{"from": "' + NUMBER + '", "text": "' + TEXT + '"}'
events = env["sms.event"]
events._store_items(provider, [reply], "webhook", raw=raw)
stop = inbound.ReplyItem(
    reply_id="2", text="SAIR", phone="+55" + NUMBER, occurred_at=datetime(2025, 11, 22)
)
events._store_items(provider, [stop], "webhook", raw=raw)
events._store_items(
    provider,
    [inbound.StatusItem(request_id="r", phone="+55" + NUMBER, text=TEXT, code="x")],
    "poll", raw=raw,
)
env.cr.commit()
events._apply_pending()
events._apply_replies()
env.cr.commit()
env["sms.message"]._mirror_chatroom()
env["sms.batch.stat"]._recompute_touched()
env["sms.run.stat"]._recompute_touched() if hasattr(
    env["sms.run.stat"], "_recompute_touched") else None
partner.activity_ids[:1].action_feedback(feedback="done")
env.cr.commit()
tell(partner=partner.id)
"""
ERASE = """
lookup = env["sms.person.lookup"].create({"partner_ids": [partner]})
lookup.action_look()
places = len(lookup._data())
wizard = env["sms.person.erase"].create(
    {"lookup_id": lookup.id, "word": "ERASE", "erase_partners": True}
)
erasure = env["sms.erasure"].browse(wizard.action_erase()["res_id"])
env.cr.commit()
tell(state=erasure.state, places=places, total=erasure.total, copies=erasure.copies)
"""


RETENTION = """
env.cr.execute("UPDATE sms_message SET create_date = create_date - interval '2 years',"
               " sent_date = sent_date - interval '2 years'")
for table in ("sms_event", "sms_event_body"):
    env.cr.execute("UPDATE " + table
                   + " SET create_date = create_date - interval '2 years'")
env.cr.execute("UPDATE mail_message SET date = date - interval '2 years'")
env.cr.execute("UPDATE mail_activity SET create_date = now() - interval '2 years'")
env.cr.execute("UPDATE acrux_chat_conversation SET last_activity = '2020-01-01'")
env.company.sms_keep_months = 12
env.cr.commit()
env["sms.retention"]._sweep_retention()
env.cr.commit()
env.cr.execute("SELECT count(*) FROM sms_message WHERE body IS NOT NULL")
left = env.cr.fetchone()[0]
tell(left=left, done=env["sms.retention"].search([]).mapped("anonymized"))
"""
WORDS = {"NUMBER": NUMBER, "WRITTEN": WRITTEN, "PERSON": PERSON, "TEXT": TEXT}


def dump(database) -> dict[str, list[str]]:
    """Return {table: rows} of a dump that name the person."""
    text = subprocess.run(
        ["pg_dump", "-d", database.name],
        capture_output=True,
        check=True,
        env=database.running.environment(),
    ).stdout.decode("utf-8", "replace")
    found, table = {}, ""
    for line in text.splitlines():
        if line.startswith("COPY "):
            table = line.split()[1].removeprefix("public.")
        if any(word in line for word in WORDS.values()):
            found.setdefault(table, []).append(line)
    return found


def test_after_an_erasure_a_dump_names_nobody_but_the_blacklist(new_database, template):
    database = new_database("erasure", template)
    partner = database.shell(PLANT, **WORDS)["partner"]
    before = dump(database)
    copies = {"sms_message", "sms_event", "sms_event_body", "mail_message"}
    copies |= {"acrux_chat_message", "acrux_chat_conversation"}
    assert copies | {"contacts_realcred_batch", "phone_blacklist"} <= set(before)
    told = database.shell(ERASE, partner=partner)
    assert told["state"] == "done", told
    left = dump(database)
    assert set(left) <= {"phone_blacklist", "sms_blacklist_sync"}, left
    assert "phone_blacklist" in left


def test_after_the_period_a_dump_names_customers_in_lists_alone(new_database, template):
    database = new_database("retention", template)
    database.shell(PLANT, **WORDS)
    told = database.shell(RETENTION)
    assert told["left"] == 0, told
    left = dump(database)
    # The contact, the campaign's list, the opt-out; jobs go by themselves.
    kept = {"res_partner", "contacts_realcred_batch"}
    kept |= {"phone_blacklist", "sms_blacklist_sync", "queue_job", "bus_bus"}
    assert set(left) <= kept, {k: v for k, v in left.items() if k not in kept}
