from odoo import fields, models


class LinkTrackerClick(models.Model):
    """A click, with whose it was where an SMS led there; the route alone adds them."""

    _inherit = "link.tracker.click"

    sms_message_id = fields.Many2one(
        "sms.message",
        "SMS",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="sms_base_sr.group_sms_user",
    )
    sms_run_id = fields.Many2one(
        "sms.run",
        "SMS campaign",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="sms_base_sr.group_sms_user",
    )
