from odoo import fields, models

from ..tools import sending_week

HOLIDAYS = [
    ("none", "Send on holidays too"),
    ("national", "Not on national holidays"),
    ("optional", "Nor on optional ones: Carnival, Corpus Christi …"),
]
HOURS_FIELDS = {
    "sms_window_start",
    "sms_window_end",
    "sms_sending_window_id",
    "sms_holidays",
}


class ResCompany(models.Model):
    """What a company decides about the hours of its campaigns."""

    _inherit = "res.company"

    sms_sending_window_id = fields.Many2one(
        "sms.sending.window",
        "Sending window of campaigns",
        ondelete="restrict",
        domain="[('company_id', 'in', (id, False))]",
        help="Hours of each weekday in which campaigns leave, whatever their class. "
        "A campaign may have its own.",
    )
    sms_holidays = fields.Selection(
        HOLIDAYS, "Promotional SMS on holidays", default="national", required=True
    )

    def write(self, vals):
        changed = HOURS_FIELDS.intersection(vals)
        result = super().write(vals)
        if changed:
            # sudo: settings are an administrator's, runs are the engine's.
            runs = self.env["sms.run"].sudo()
            runs._hours_changed([("company_id", "in", self.ids)])
        return result

    def _sms_limits(self, message_class):
        """The windows that all must be open for a class of SMS, campaign or not."""
        return [self._sms_window(message_class), self._sms_working_days(message_class)]

    def _sms_working_days(self, message_class):
        """The days that are no holiday, for promotional SMS; None for every day."""
        self.ensure_one()
        if message_class != "promotional" or self.sms_holidays == "none":
            return None
        if self.sms_holidays == "optional":
            return sending_week.WorkingDays(sending_week.OPTIONAL)
        return sending_week.WorkingDays()
