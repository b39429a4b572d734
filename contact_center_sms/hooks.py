"""Uninstalling keeps the conversations and takes what is ours away."""

from odoo.tools import sql

from odoo.addons.sms_base_sr.hooks import delete_jobs


def uninstall_hook(env):
    """Delete our jobs, and the index on the app's own column."""
    delete_jobs(env, ["sms.message"], ["_mirror_chatroom"])
    name = sql.make_index_name("acrux_chat_message", "msgid")
    sql.drop_index(env.cr, name, "acrux_chat_message")
