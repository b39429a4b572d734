from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models

from .sms_alert_mixin import Matter

PARAMETER = "sms_base_sr.watch_minutes"
DEFAULT_MINUTES = 10
# The sweeper runs each minute; a busy server may be a little late.
SWEEP_LATE = timedelta(minutes=5)


class SmsWatch(models.Model):
    """What the sweeper saw when it last looked at the jobs; there is one record.

    The sweeper alone writes it. It is a record so that activities can hang on it, and
    so that people see when the sweeper itself was last there.
    """

    _name = "sms.watch"
    _inherit = ["sms.alert.mixin"]
    _description = "SMS watch"
    _log_access = False

    name = fields.Char(required=True, default="SMS", readonly=True)
    swept_at = fields.Datetime("Last look", readonly=True)
    failed_steps = fields.Char("Steps that failed", readonly=True)
    oldest_pending = fields.Integer("Oldest waiting job (s)", readonly=True)
    failed_jobs = fields.Integer("Failed jobs", readonly=True)
    capacity_problems = fields.Text("Capacity", readonly=True)
    silent = fields.Boolean(
        readonly=True, help="A job has waited longer than the setting allows."
    )

    @api.model
    def _get(self):
        """The one record."""
        return self.env.ref("sms_base_sr.sms_watch")

    @api.model
    def _limit_seconds(self):
        """How long a job may wait before people are told."""
        value = self.env["ir.config_parameter"].sudo().get_param(PARAMETER)
        minutes = int(value) if str(value or "").isdecimal() else 0
        return 60 * (minutes or DEFAULT_MINUTES)

    @api.model
    def _look(self):
        """Note how the jobs of SMS fare."""
        seen = self.env["queue.job"].sudo()._sms_jobs_watch()
        self._get()._note(
            {
                "oldest_pending": seen["oldest_pending"],
                "failed_jobs": seen["failed"],
                "capacity_problems": "\n".join(seen["capacity_problems"]) or False,
                "silent": seen["oldest_pending"] > self._limit_seconds(),
            }
        )

    @api.model
    def _note_sweep(self, failed_steps):
        """Note that the sweeper was here, and what went wrong."""
        values = {
            "swept_at": fields.Datetime.now(),
            "failed_steps": ", ".join(failed_steps) or False,
        }
        self._get()._note(values)

    def _note(self, values):
        """Write only what has changed."""
        values = {name: v for name, v in values.items() if self[name] != v}
        if values:
            self.write(values)

    # -- alerts ------------------------------------------------------------------------

    @api.model
    def _alert_subjects(self):
        return [*super()._alert_subjects(), "jobs"]

    @api.model
    def _alert_matters_jobs(self):
        """As long as jobs stand still, whoever put it aside is told again each day."""
        watch = self._get()
        if not (watch.silent or watch.capacity_problems):
            return []
        today = fields.Date.today().toordinal()
        return [Matter(watch, self._alert_admins(), today)]

    def _alert_text_jobs(self):
        if self.silent:
            summary = self.env._("SMS stand still: no job runs")
            text = self.env._(
                "A job has waited for %s minutes. Is the job runner started? See the "
                "server's log for “queue job runner ready”.",
                self.oldest_pending // 60,
            )
        else:
            summary = self.env._("SMS: the job channels are set up wrongly")
            text = self.env._("Correct the channels in the server's configuration.")
        problems = Markup("<br/>").join((self.capacity_problems or "").split("\n"))
        return summary, Markup("<p>{}</p><p>{}</p>").format(text, problems)

    def action_open_overview(self):
        """Open the overview, which shows it all."""
        action = "sms_base_sr.sms_overview_action"
        return self.env["ir.actions.actions"]._for_xml_id(action)
