import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

_logger = logging.getLogger(__name__)

# A clock that people read has minutes: *now* is no moment of the past.
GRACE = timedelta(minutes=5)


class SmsRun(models.Model):
    """The schedule: when a run starts, and until when it may start by itself.

    The sweeper starts it. Past the latest start nothing leaves before a person has
    decided, even where it was started and nothing could leave: a server that was down
    for hours, or a backup that is put back, must not send what nobody wants any more.
    """

    _inherit = "sms.run"

    date_start = fields.Datetime("Send from", readonly=True)
    date_latest_start = fields.Datetime(
        "Send no later than", readonly=True, help="Past this moment a person decides."
    )
    auto_schedule = fields.Boolean(
        readonly=True, copy=False, help="Wait for the start as soon as it is planned."
    )
    schedule_expired = fields.Boolean(
        readonly=True, copy=False, help="The latest start passed before it could leave."
    )

    # -- the buttons -------------------------------------------------------------------

    def action_schedule(self):
        """Send what was planned, or is being planned, from the date on the run."""
        for run in self:
            if not run.date_start:
                raise UserError(self.env._("Send from: enter when to begin."))
            run._schedule(run.date_start, run.date_latest_start)

    def action_new_date(self):
        """Open the dialog that asks when to send."""
        self.ensure_one()
        self._check_may_press()
        return self.env["sms.schedule"]._open(run=self)

    def _schedule(self, start, latest):
        """Wait for ``start``; a plan that is still being made waits once it is done."""
        self._check_may_press()
        self._check_schedule(start, latest)
        values = {
            "date_start": start,
            "date_latest_start": latest or None,
            "auto_schedule": True,
            "failure_reason": None,
            "schedule_expired": False,
        }
        for run in self:
            # sudo: the planner writes it, and who may press was asked above.
            moved = run._move(["ready", "scheduled"], {**values, "state": "scheduled"})
            if not moved and not run.auto_release:
                moved = run._move(["planning", "draft", "failed"], values)
            if not moved:
                raise UserError(
                    self.env._("“%s” is being sent or was sent already.", run.name)
                )

    @api.model
    def _check_schedule(self, start, latest):
        if start < fields.Datetime.now() - GRACE:
            raise UserError(self.env._("Send from: enter a moment that is to come."))
        if latest and latest < start:
            raise UserError(
                self.env._("Send no later than: enter a moment after the start.")
            )

    def action_resume(self):
        """A person who resumes after the latest start has decided."""
        self._check_may_press()
        late = self.filtered_domain([("date_latest_start", "<", fields.Datetime.now())])
        late._move(["paused"], {"date_latest_start": None})
        return super().action_resume()

    def _state_once_planned(self):
        """What a plan that is complete waits for."""
        if self.auto_release:
            return "sending"
        return "scheduled" if self.auto_schedule else "ready"

    # -- the sweeper -------------------------------------------------------------------

    @api.model
    def _sweep_schedules(self):
        """Start the runs whose time has come; one that cannot start stops no other."""
        now = fields.Datetime.now()
        due = self.search([("state", "=", "scheduled"), ("date_start", "<=", now)])
        for run in due:
            try:
                with self.env.cr.savepoint():
                    run._start_scheduled(now)
            except Exception:
                _logger.exception("Run %s does not start", run.id)

    def _start_scheduled(self, now):
        """Start, unless nothing could leave before the latest start any more."""
        self.ensure_one()
        latest = self.date_latest_start
        opens = self._first_opening(now)
        if latest and now > latest:
            self._expire()
        elif latest and opens > latest:
            self._expire(opens)
        elif self._move(["scheduled"], {"state": "sending", "started_at": now}):
            self._queue_batches("draft")
            self._enqueue_batches_later()

    def _expire(self, opens=None):
        """Leave the decision to a person: send now, a new date, or cancel."""
        reason = self.env._("The latest start has passed, and nothing had left.")
        if opens:
            reason = self.env._(
                "The sending hours open on %s only, after the latest start.",
                format_datetime(self.env, opens, tz=self._reader_zone()),
            )
        self._move(
            ["scheduled", "sending"],
            {"state": "ready", "failure_reason": reason, "schedule_expired": True},
        )

    def _reader_zone(self):
        """Jobs have no time zone of their own: that of who sent the campaign."""
        return self.env.user.tz or self.create_uid.tz or "America/Sao_Paulo"

    # -- the claim ---------------------------------------------------------------------

    def _starts_too_late(self, now):
        """Whether the latest start passed while nothing could leave."""
        if not self.date_latest_start or now <= self.date_latest_start:
            return False
        return not self._has_begun()

    def _has_begun(self):
        """Whether anything may have left already."""
        states = ("sending", "sent", "unknown")
        begun = [("run_id", "=", self.id), ("state", "in", states)]
        return bool(self.env["sms.batch"].search_count(begun, limit=1))
