from odoo import fields, models

from odoo.addons.mail.tools.discuss import Store

from ..tools import native_states


class MailNotification(models.Model):
    """Core's notification of an SMS in the chatter, linked to our message."""

    _inherit = "mail.notification"

    failure_type = fields.Selection(selection_add=native_states.ADDED_CHOICES)
    sms_message_id = fields.Many2one(
        "sms.message", "SMS message", index="btree_not_null", ondelete="set null"
    )

    def _sms_push(self):
        """Push statuses to the browsers of everybody who works with SMS.

        Core tells the author and the current user only; a group's channel reaches
        whoever has the partner open.
        """
        group = self.env.ref("sms_base_sr.group_sms_user")
        store = Store(bus_channel=group)
        store.add(self, ["notification_status", "failure_type"])
        store.bus_send()
