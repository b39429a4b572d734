"""Our addons come without a complaint, and go without leaving anything behind."""

import pytest

from dev.paths import ADDONS
from tests.e2e.database import Database

# What Odoo itself knows of a database: each must be after us what it was before.
SCHEMA = {
    "columns": """
        SELECT table_name, column_name, data_type, is_nullable, column_default
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """
        SELECT conrelid::regclass, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "sequences": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model, name FROM ir_model_fields",
    "selections": """
        SELECT f.model, f.name, s.value FROM ir_model_fields_selection s
        JOIN ir_model_fields f ON f.id = s.field_id""",
    "access rights": "SELECT name FROM ir_model_access",
    "rules": "SELECT name FROM ir_rule",
    "groups": "SELECT name FROM res_groups",
    "crons": "SELECT cron_name FROM ir_cron",
    "views": "SELECT key, name, model FROM ir_ui_view",
    "menus": "SELECT name FROM ir_ui_menu",
    "actions": "SELECT type, name FROM ir_actions",
    "activity types": "SELECT name FROM mail_activity_type",
    "parameters": "SELECT key FROM ir_config_parameter",
    "channels": "SELECT complete_name FROM queue_job_channel",
    "job functions": "SELECT name FROM queue_job_function",
    "xml ids": """
        SELECT module, name FROM ir_model_data
        WHERE module != '__export__' AND module NOT LIKE '\\_\\_%'""",
}
CORE_TABLES = (
    "res_partner",
    "res_company",
    "mail_notification",
    "phone_blacklist",
    "sms_template",
)

INSTALL = """
env["ir.module.module"].update_list()
for name in modules:
    addon = env["ir.module.module"].search([("name", "=", name)])
    # What stands between two addons has come with the second one.
    expected = "installed" if addon.auto_install else "uninstalled"
    assert addon.state == expected, (name, addon.state)
    if not addon.auto_install:
        addon.button_immediate_install()
"""
# A company that works with us: each of our tables, and core's, has a row of ours.
WORK = """
from datetime import datetime
from odoo.addons.sms_base_sr.tools import inbound

company = env.company
company.country_id = env.ref("base.br")
provider = env["sms.provider"].create({"name": "Log", "provider_type": "log"})
company.sms_default_user_id = env.ref("base.user_admin")
connector = env["acrux.chat.connector"].create(
    {"name": "SMS", "connector_type": "sms", "sms_provider_id": provider.id}
)
partner = env["res.partner"].create({"name": "Ana", "phone": "(11) 91234-5678"})
template = env["sms.template"].create(
    {"name": "Written by hand", "applies_to": "res_partner",
     "message_template": "Oi {{ name }} https://www.example.com/"}
)
campaign = env["contacts.realcred.campaign"].create(
    {"name_campaign": "Novembro", "sms_template_id": template.id,
     "sms_count_clicks": True}
)
contact = env["contacts.realcred.batch"].create(
    {"name": "Bia", "telefone1": "(11) 90001-0000", "updated_limit": True,
     "campaing_id": campaign.id}
)
campaign.action_send_campaign()
message = env["sms.message"].create({"partner_id": partner.id, "body": "Oi"})
message.action_send()
env.cr.commit()
message.batch_id._send_batch()
message.batch_id._mirror_chatter()
reply = inbound.ReplyItem(
    reply_id="1", text="SIM", phone=message.phone, occurred_at=datetime(2025, 11, 21)
)
env["sms.event"]._store_items(provider, [reply], "webhook")
status = inbound.StatusItem(
    message_id=message.provider_message_id, state="error", text="Lost"
)
env["sms.event"]._store_items(provider, [status], "webhook")
env["sms.event"]._apply_pending()
env["sms.event"]._apply_replies()
env["sms.batch.stat"]._recompute_touched()
message.batch_id._mirror_statuses()
replies = env["sms.message"].search([("direction", "=", "incoming")])
replies._mirror_chatroom()
activities = partner.activity_ids + partner.activity_ids.copy()
activities[1].action_done()
replies._enqueue_mirror_chatroom()
campaign.sms_run_id._plan()
planned = env["sms.message"].search([("run_id", "=", campaign.sms_run_id.id)])
link = env["link.tracker"].search([])
link._sms_click(planned[0].id)
replies[0].action_make_lead()
env["sms.batch.stat"]._recompute_touched()
env["queue.job"].with_delay()._test_job()
env.cr.commit()
tell(
    partner=partner.id,
    template=template.id,
    connector=connector.id,
    conversation=env["acrux.chat.conversation"].search([]).ids,
    activities=activities.ids,
    notes=partner.message_ids.filtered(lambda m: m.message_type == "sms").ids,
)
"""
UNINSTALL = """
found = env["ir.module.module"].search(
    [("name", "in", modules), ("state", "=", "installed")]
)
found.button_immediate_uninstall()
"""


def schema(database):
    """Everything that installing may change, by kind."""
    return {kind: sorted(database.rows(query)) for kind, query in SCHEMA.items()}


def differences(before, after):
    """{kind: (what is gone, what is new)} of what differs."""
    found = {}
    for kind, rows in before.items():
        gone = sorted(set(rows) - set(after[kind]))
        new = sorted(set(after[kind]) - set(rows))
        if gone or new:
            found[kind] = (gone, new)
    return found


def jobs(database):
    """``model.method`` of the jobs that a runner would take."""
    return set(
        database.rows(
            "SELECT model_name || '.' || method_name FROM queue_job"
            " WHERE state IN ('pending', 'enqueued', 'started')"
        )
    )


def ids(values):
    """A list of ids for SQL; never empty."""
    assert values
    return ", ".join(str(value) for value in values)


@pytest.fixture(scope="module")
def lived(running, core):
    """A database into which our addons came one by one."""
    database = Database(running, "e2e_lived").copy_of(core)
    database.before = schema(database)
    database.shell(INSTALL, modules=ADDONS)
    database.complained = database.complaints()
    yield database
    database.drop()


def test_the_addons_install_one_by_one_in_silence(lived):
    assert lived.complained == []
    installed = lived.rows("SELECT name FROM ir_module_module WHERE state='installed'")
    assert set(ADDONS) <= set(installed)


def test_installing_loosens_no_column_of_core(lived):
    after = schema(lived)
    gone, _new = differences(lived.before, after).get("columns", ([], []))
    # A column that was there has the type, the default and the NOT NULL it had.
    assert gone == []
    nullable = lived.rows(
        "SELECT is_nullable FROM information_schema.columns"
        " WHERE table_name = 'sms_template' AND column_name = 'body'"
    )
    assert nullable == ["NO"]


def test_uninstalling_takes_everything_of_ours_and_nothing_else(lived):
    made = lived.shell(WORK)
    assert lived.complaints((" ERROR ",)) == []
    waiting = jobs(lived)
    expected = {
        "contacts.realcred.campaign.process_sms_campaign",
        "sms.batch._mirror_chatter",
        "sms.message._mirror_chatroom",
        "queue.job._test_job",
    }
    assert expected <= waiting

    # The ChatRoom's addon alone: only its own jobs go with it.
    lived.shell(UNINSTALL, modules=["contact_center_sms"])
    assert lived.complaints((" ERROR ",)) == []
    assert jobs(lived) == waiting - {"sms.message._mirror_chatroom"}
    assert_chatroom_kept(lived, made)

    lived.shell(UNINSTALL, modules=list(ADDONS))
    assert lived.complaints((" ERROR ",)) == []
    installed = lived.rows("SELECT name FROM ir_module_module WHERE state='installed'")
    assert set(ADDONS).isdisjoint(installed)
    assert jobs(lived) == {"queue.job._test_job"}
    orphans = lived.rows(
        "SELECT model_name FROM queue_job"
        " WHERE model_name NOT IN (SELECT model FROM ir_model)"
    )
    assert orphans == []
    assert differences(lived.before, schema(lived)) == {}
    assert_core_kept(lived, made)
    assert_chatroom_kept(lived, made)


def assert_chatroom_kept(database, made):
    """The conversations of SMS stay readable."""
    assert database.rows(
        "SELECT connector_type, ca_status FROM acrux_chat_connector"
        f" WHERE id = {made['connector']}"
    ) == ["not_set|f"]
    assert database.rows(
        "SELECT text FROM acrux_chat_message"
        f" WHERE contact_id IN ({ids(made['conversation'])}) ORDER BY id"
    ) == ["Oi", "SIM"]


def assert_core_kept(database, made):
    """What people wrote and customers answered stays in core's own tables."""
    assert database.rows(
        "SELECT name->>'en_US', body->>'en_US'"
        f" FROM sms_template WHERE id = {made['template']}"
    ) == ["Written by hand|Oi (( name )) https://www.example.com/"]
    # The link goes on leading there, with its clicks; the lead is CRM's.
    assert database.rows("SELECT url, count FROM link_tracker") == [
        "https://www.example.com/|1"
    ]
    assert database.rows("SELECT phone FROM crm_lead") == ["+5511912345678"]
    assert len(made["notes"]) == 2
    notes = database.rows(
        f"SELECT id FROM mail_message WHERE id IN ({ids(made['notes'])})"
    )
    assert len(notes) == 2
    assert database.rows(
        "SELECT notification_status, failure_type FROM mail_notification"
        f" WHERE mail_message_id IN ({ids(made['notes'])})"
    ) == ["exception|sms_not_delivered"]
    # Who waits for an answer still does; what was done stays done.
    assert database.rows(
        "SELECT a.summary, a.active, t.name->>'en_US' FROM mail_activity a"
        " JOIN mail_activity_type t ON t.id = a.activity_type_id"
        f" WHERE a.id IN ({ids(made['activities'])}) ORDER BY a.id"
    ) == ["Answer the SMS|t|To-Do", "Answer the SMS|f|To-Do"]
