"""Numbers of contacts that were there before, and the jobs that must go with us."""

from odoo.addons.sms_base_sr.hooks import delete_jobs


def post_init_hook(env):
    """Normalise the numbers of all contacts, a page at a time."""
    contacts = env["contacts.realcred.batch"]
    last_id = 0
    while page := contacts.search([("id", ">", last_id)], order="id", limit=5000):
        env.add_to_compute(contacts._fields["sms_phone"], page)
        env.add_to_compute(contacts._fields["sms_whatsapp"], page)
        page.flush_recordset()
        last_id = page[-1].id
        env.invalidate_all()


def uninstall_hook(env):
    """Delete our jobs; the app may have jobs of its own on the same model."""
    delete_jobs(env, ["contacts.realcred.campaign"], ["process_sms_campaign"])
