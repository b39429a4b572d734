"""Uninstalling keeps the conversations and takes what is ours away."""

from odoo.tools import sql

from odoo.addons.sms_base_sr.hooks import delete_jobs

from .models.sms_batch_status import METHOD


def uninstall_hook(env):
    """Delete our jobs and promises, and the index on the app's own column."""
    delete_jobs(env, ["sms.message"], ["_mirror_chatroom"])
    delete_jobs(env, ["sms.batch"], [METHOD])
    env["sms.batch.todo"].search([("method", "=", METHOD)]).unlink()
    name = sql.make_index_name("acrux_chat_message", "msgid")
    sql.drop_index(env.cr, name, "acrux_chat_message")
