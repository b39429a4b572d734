from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import quiet_hours, sending_week

# Numbers of one area code lie in these two: the shortest day must be open in both.
TWO_ZONES = "America/Manaus|America/Rio_Branco"
OFFICE = [*((str(day), 8.0, 20.0) for day in range(5)), ("5", 8.0, 14.0)]


class SmsSendingWindow(models.Model):
    """The hours of a week in which campaigns leave, by the recipients' own clocks.

    A record with a name, so that companies and campaigns share one and each change
    holds for all of them, campaigns under way included. Supervisors write it.
    """

    _name = "sms.sending.window"
    _description = "SMS sending window"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Empty: all companies may use it.",
    )
    day_ids = fields.One2many(
        "sms.sending.window.day",
        "window_id",
        "Days",
        copy=True,
        default=lambda self: self._default_days(),
    )
    summary = fields.Char("Hours", compute="_compute_summary")

    @api.model
    def _default_days(self):
        return [
            fields.Command.create(
                {"weekday": weekday, "hour_from": start, "hour_to": end}
            )
            for weekday, start, end in OFFICE
        ]

    @api.depends("day_ids.weekday", "day_ids.hour_from", "day_ids.hour_to")
    @api.depends_context("lang")
    def _compute_summary(self):
        """Say the days in words, those in a row with the same hours as one."""
        for window in self:
            spans = []
            for day in window.day_ids.sorted("weekday"):
                if spans and spans[-1][-1]._goes_on_with(day):
                    spans[-1] |= day
                else:
                    spans.append(day)
            window.summary = ", ".join(span._in_words() for span in spans)

    @api.constrains("day_ids")
    def _check_days(self):
        """Whoever is to be texted must have an hour in which it is allowed."""
        now = fields.Datetime.now()
        for window in self:
            if not window.day_ids:
                raise ValidationError(
                    self.env._("Days: enter the hours of one day at least.")
                )
            try:
                quiet_hours.next_opening(now, TWO_ZONES, window._week())
            except quiet_hours.NeverOpens as error:
                raise ValidationError(
                    self.env._(
                        "Days: one day at least needs more than an hour. One area "
                        "code lies in two time zones, and both must be within."
                    )
                ) from error

    def _week(self):
        """Return the hours for :func:`quiet_hours.next_opening`; None without any."""
        if not self:
            return None
        return sending_week.Week(
            {int(day.weekday): day._hours() for day in self.day_ids}
        )

    def write(self, vals):
        result = super().write(vals)
        if "day_ids" in vals:
            # sudo: campaigns of companies that this user does not see follow it too.
            self.env["sms.run"].sudo()._hours_changed()
        return result
