from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_time

from ..tools import sending_week
from .res_company import to_time

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class SmsSendingWindowDay(models.Model):
    """One weekday of a window: the hours within which texts leave."""

    _name = "sms.sending.window.day"
    _description = "SMS sending window: day"
    _order = "weekday"
    _rec_name = "weekday"

    window_id = fields.Many2one(
        "sms.sending.window", required=True, ondelete="cascade", index=True
    )
    weekday = fields.Selection(WEEKDAYS, "Day", required=True)
    hour_from = fields.Float("From", default=8.0, required=True)
    hour_to = fields.Float("Until", default=20.0, required=True)

    _one_a_day = models.UniqueIndex(
        "(window_id, weekday)", "Each weekday stands once in a sending window."
    )

    @api.constrains("hour_from", "hour_to")
    def _check_hours(self):
        for day in self:
            try:
                day._hours()
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "From/Until: enter hours between 0:00 and 24:00, the second "
                        "after the first. Hours over midnight are entered as two days."
                    )
                ) from error

    def _hours(self):
        self.ensure_one()
        return sending_week.Hours.of(self.hour_from, self.hour_to)

    def _goes_on_with(self, day):
        """Whether the next weekday has the same hours."""
        hours = (self.hour_from, self.hour_to)
        follows = int(day.weekday or 0) == int(self.weekday or 0) + 1
        return follows and hours == (day.hour_from, day.hour_to)

    def _in_words(self):
        """Days in a row with the same hours, as people of this language write them."""
        names = dict(self._fields["weekday"]._description_selection(self.env))
        ends = dict.fromkeys((self[0].weekday, self[-1].weekday))
        days = "–".join(names.get(weekday, "")[:3] for weekday in ends)
        start, end = (
            format_time(self.env, to_time(hours), time_format="short")
            for hours in (self[0].hour_from, self[0].hour_to)
        )
        return f"{days} {start}–{end}"
