from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime
from odoo.tools.misc import formatLang

from ..tools import area_codes, quiet_hours

DATE_FORMAT = "EEEE, d MMMM y, HH:mm"


class SmsSchedule(models.TransientModel):
    """The dialog that asks when to send, and says when the first SMS would leave.

    Campaign managers use it, for a campaign's first date and for a new one.
    """

    _name = "sms.schedule"
    _description = "Schedule an SMS campaign"

    campaign_model = fields.Char(readonly=True)
    campaign_id = fields.Many2oneReference(model_field="campaign_model", readonly=True)
    run_id = fields.Many2one("sms.run", readonly=True)
    date_start = fields.Datetime("Send from", required=True)
    date_latest_start = fields.Datetime(
        "Send no later than",
        help="If nothing could leave by then, because the server was down for example, "
        "nothing is sent and you are asked.",
    )
    hint = fields.Text(compute="_compute_hint")
    too_late = fields.Boolean(compute="_compute_hint")

    @api.model
    def _open(self, campaign=None, run=None):
        """Return the dialog for a campaign or, from its own form, for a run."""
        run = run or campaign.sms_run_id.sudo()
        next_hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        next_hour += timedelta(hours=1)
        dialog = self.create(
            {
                "campaign_model": campaign._name if campaign else False,
                "campaign_id": campaign.id if campaign else False,
                "run_id": run.id,
                "date_start": max(run.date_start or next_hour, next_hour),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Schedule"),
            "res_model": self._name,
            "res_id": dialog.id,
            "view_mode": "form",
            "target": "new",
        }

    def _campaign(self):
        """The campaign; its own methods ask whether this user may write it."""
        self.ensure_one()
        mixin = self.pool["sms.campaign.mixin"]
        model = self.env.get(self.campaign_model)
        if model is None or not isinstance(model, mixin):
            raise UserError(self.env._("Open the campaign and schedule it there."))
        campaign = model.browse(self.campaign_id).exists()
        campaign.check_access("read")
        return campaign

    def action_schedule(self):
        """Schedule; the form behind the dialog shows it."""
        self.ensure_one()
        if self.too_late:
            raise UserError(
                self.env._(
                    "Nobody could be texted by the latest start: enter a later one, or "
                    "other sending hours."
                )
            )
        dates = (self.date_start, self.date_latest_start or False)
        if self.campaign_model:
            self._campaign()._sms_schedule(*dates)
        else:
            self.run_id._schedule(*dates)
        return {"type": "ir.actions.act_window_close"}

    # -- what the dates mean -----------------------------------------------------------

    @api.depends("date_start", "date_latest_start")
    @api.depends_context("lang", "tz")
    def _compute_hint(self):
        for dialog in self:
            dialog.hint, dialog.too_late = False, False
            if dialog.date_start:
                dialog._explain(max(dialog.date_start, fields.Datetime.now()))

    def _explain(self, start):
        """Say when the first SMS leave, and which holiday keeps them."""
        limits = self._limits()
        openings = self._openings(start, limits)
        # In order, those that never come last.
        first = openings[0][0]
        latest = self.date_latest_start
        self.too_late = not first or bool(latest) and first > latest
        lines = [self._line(*opening) for opening in openings]
        self.hint = "\n".join([*self._holidays(start, first, limits), *lines])

    def _limits(self):
        """The windows that will hold, whether there is a run yet or not."""
        # sudo: see sms.run._week.
        if not self.campaign_model:
            self.run_id.check_access("read")
            return self.run_id.sudo()._limits()
        campaign = self._campaign().sudo()
        company = campaign._sms_company()
        window = campaign.sms_sending_window_id or company.sms_sending_window_id
        return [*company._sms_limits(campaign._sms_message_class()), window._week()]

    def _openings(self, start, limits):
        """(when, SMS) for each moment at which a part of the campaign leaves."""
        run = self.run_id.sudo()
        rows = run._waiting_by_zone() if run.state in ("ready", "scheduled") else []
        counts = {}
        for zone, _batches, count in rows or [(area_codes.DEFAULT_ZONE, 0, 0)]:
            try:
                opening = quiet_hours.next_opening(start, zone, *limits) or start
            except quiet_hours.NeverOpens:
                opening = None
            counts[opening] = counts.get(opening, 0) + count
        return sorted(counts.items(), key=lambda item: (item[0] is None, item[0]))

    def _line(self, opening, count):
        if not opening:
            return self.env._(
                "The sending hours never open for these recipients: choose others."
            )
        when = format_datetime(self.env, opening, dt_format=DATE_FORMAT)
        if not count:
            return self.env._("The first SMS leave on %s.", when)
        number = formatLang(self.env, count, digits=0)
        return self.env._("%(count)s SMS leave on %(when)s.", count=number, when=when)

    def _holidays(self, start, first, limits):
        """The holidays that lie between the start and the first SMS."""
        calendar = next((lim for lim in limits if hasattr(lim, "is_holiday")), None)
        if not calendar or not first:
            return []
        day = fields.Datetime.context_timestamp(self, start).date()
        last = fields.Datetime.context_timestamp(self, first).date()
        found = []
        while day <= last:
            name = calendar.name(day, self.env.lang or "en_US")
            if name:
                found.append(self.env._("%s is a holiday.", name))
            day += timedelta(days=1)
        return found
