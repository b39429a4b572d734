from datetime import time

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import quiet_hours

# One area code lies in two time zones: their windows must overlap.
SHORTEST_WINDOW = 2.0


class ResCompany(models.Model):
    """What a company decides about its SMS."""

    _inherit = "res.company"

    sms_default_user_id = fields.Many2one(
        "res.users",
        "Salesperson for SMS replies",
        help="Answers replies where neither contact nor campaign has a salesperson.",
    )
    sms_chatter_mode = fields.Selection(
        [("all", "All SMS"), ("answered", "Answered SMS"), ("none", "No SMS")],
        "Notes in the chatter",
        default="all",
        required=True,
        help="All SMS: each one, and each reply.\n"
        "Answered SMS: what campaigns send is shown once the contact answers, with "
        "its own date and status, before the reply. What people send by hand is shown "
        "at once.\n"
        "No SMS: neither SMS nor replies; they are under SMS › Messages all the same.",
    )
    sms_window_start = fields.Float("Promotional SMS from", default=8.0)
    sms_window_end = fields.Float("Promotional SMS until", default=20.0)

    @api.constrains("sms_window_start", "sms_window_end")
    def _check_sms_window(self):
        for company in self:
            start, end = company.sms_window_start, company.sms_window_end
            if not (0 <= start and start + SHORTEST_WINDOW <= end <= 24):
                raise ValidationError(
                    self.env._(
                        "Promotional SMS from/until: enter hours between 0:00 and "
                        "24:00, the second at least two hours after the first."
                    )
                )

    def _sms_window(self, message_class):
        """Return the hours in which a class of SMS may arrive, or None for always.

        The hours are the recipient's own.
        """
        self.ensure_one()
        if message_class != "promotional":
            return None
        return quiet_hours.Window(
            to_time(self.sms_window_start), to_time(self.sms_window_end)
        )


def to_time(hours):
    """Return a float of hours as a time; 24.0 becomes midnight, where a day ends."""
    minutes = round(hours * 60)
    return time(minutes // 60 % 24, minutes % 60)
