"""Uninstalling keeps the conversations and takes what is ours away."""

from odoo.tools import sql

from odoo.addons.sms_base_sr.hooks import delete_jobs

from .models.sms_batch_status import METHOD


def post_init_hook(env):
    """Say of replies that were answered before how long their customers waited."""
    env.cr.execute(
        """
        UPDATE sms_message m SET opened_wait = TRUE, waited_minutes = GREATEST(0,
            EXTRACT(EPOCH FROM m.answered_date - LEAST(m.sent_date, m.create_date)))
            / 60
        FROM (
            SELECT DISTINCT ON (company_id, phone, answered_date) id FROM sms_message
            WHERE direction = 'incoming' AND answered_date IS NOT NULL
              AND reply_class IS DISTINCT FROM 'opt_out'
            ORDER BY company_id, phone, answered_date, sent_date, id
        ) first WHERE m.id = first.id
        """
    )
    env["sms.message"].invalidate_model()


def uninstall_hook(env):
    """Delete our jobs and promises, and the index on the app's own column."""
    delete_jobs(env, ["sms.message"], ["_mirror_chatroom"])
    delete_jobs(env, ["sms.batch"], [METHOD])
    env["sms.batch.todo"].search([("method", "=", METHOD)]).unlink()
    env.cr.execute("DELETE FROM sms_batch_todo WHERE method = '_show_in_chatroom'")
    name = sql.make_index_name("acrux_chat_message", "msgid")
    sql.drop_index(env.cr, name, "acrux_chat_message")
