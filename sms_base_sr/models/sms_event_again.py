from odoo import models
from odoo.exceptions import AccessError


class SmsEvent(models.Model):
    """Applying events again, once a person has put right what was missing.

    Harmless, whatever is chosen: a state never goes down, and a reply that is a
    message already stays that one message.
    """

    _inherit = "sms.event"

    def action_apply_again(self):
        """Try these events now, as if they had just come."""
        self.check_access("read")
        if not self.env.user.has_group("sms_base_sr.group_sms_manager"):
            raise AccessError(self.env._("Only SMS supervisors apply events again."))
        self.env.cr.execute(
            """
            UPDATE sms_event SET state = 'new', tries = 0,
                write_date = now() AT TIME ZONE 'UTC'
            WHERE id = ANY(%s)
            """,
            [self.ids],
        )
        self.invalidate_recordset()
        # sudo: jobs are made by the engine.
        self.sudo()._wake_up(set(self.mapped("kind")))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("%s events are applied again.", len(self)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
