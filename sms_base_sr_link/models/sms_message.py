from odoo import fields, models


class SmsMessage(models.Model):
    """The clicks on a message's link."""

    _inherit = "sms.message"

    link_click_ids = fields.One2many(
        "link.tracker.click", "sms_message_id", "Clicks", readonly=True
    )
