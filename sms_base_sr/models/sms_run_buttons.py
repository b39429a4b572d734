from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .sms_run import STATES


class SmsRun(models.Model):
    """The buttons: they write runs and batches only, so they are instant at any size.

    Messages follow batch by batch, in the background.
    """

    _inherit = "sms.run"

    def _check_may_press(self):
        """The buttons write by SQL, which asks for no permission: ask here."""
        self.check_access("read")
        group = "sms_base_sr.group_sms_campaign"
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(
                self.env._("Only campaign managers plan, send and stop campaigns.")
            )

    def action_plan(self):
        """Decide for each contact; nothing leaves before :meth:`action_release`."""
        return self._start_planning(auto_release=False)

    def action_send(self):
        """Plan and send: each batch leaves as soon as it is planned."""
        return self._start_planning(auto_release=True)

    def _start_planning(self, auto_release):
        self._check_may_press()
        values = {
            "state": "planning",
            "auto_release": auto_release,
            "plan_failures": 0,
            "failure_reason": None,
        }
        if auto_release:
            values["started_at"] = fields.Datetime.now()
        started = self._move(["draft", "failed"], values)
        return started._enqueue_plan()

    def action_release(self):
        """Send what was planned."""
        self._check_may_press()
        for run in self:
            values = {
                "state": "sending",
                "started_at": fields.Datetime.now(),
                "failure_reason": None,
                "schedule_expired": False,
                # A person has decided: nobody is asked again.
                "date_latest_start": None,
            }
            if not run._move(["ready", "scheduled"], values):
                raise UserError(
                    self.env._("“%s” is not ready to be sent: plan it first.", run.name)
                )
        self._queue_batches("draft")
        return self._enqueue_batches_later()

    def action_pause(self):
        """Start no further batch; those in their call finish."""
        self._check_may_press()
        self._move(["sending"], {"state": "paused"})
        self.filtered("auto_release")._move(["planning"], {"state": "paused"})
        return self._notify_counts(self.env._("Paused"))

    def action_resume(self):
        """Go on where the pause began, planning included."""
        self._check_may_press()
        planned = self.filtered("planned_at")
        (self - planned)._move(["paused"], {"state": "planning"})._enqueue_plan()
        resumed = planned._move(["paused"], {"state": "sending"})
        (resumed | (self - planned))._enqueue_batches_later()
        return self._notify_counts(self.env._("Resumed"))

    def action_cancel(self):
        """Cancel what has not started; what has left stays sent."""
        self._check_may_press()
        open_states = set(dict(STATES)) - {"done", "canceled"}
        canceled = self._move(
            open_states, {"state": "canceled", "done_at": fields.Datetime.now()}
        )
        self.env["sms.batch"].flush_model(["state", "run_id"])
        self.env.cr.execute(
            """
            UPDATE sms_batch SET state = 'canceled'
            WHERE run_id = ANY(%s) AND state IN ('draft', 'queued')
            RETURNING id
            """,
            [canceled.ids],
            log_exceptions=False,
        )
        batch_ids = [row[0] for row in self.env.cr.fetchall()]
        self.env["sms.batch"].invalidate_model(["state"])
        self.env["sms.batch.todo"]._promise(batch_ids, "_mark_canceled")
        canceled._enqueue_mark_canceled()
        return self._notify_counts(self.env._("Cancelled"))

    def _enqueue_mark_canceled(self):
        for run in self:
            run.with_delay(
                description=self.env._("Mark the messages of %s", run.name)
            )._mark_canceled()

    def _queue_batches(self, state):
        self.env["sms.batch"].flush_model(["state", "run_id", "filling"])
        self.env.cr.execute(
            """
            UPDATE sms_batch SET state = 'queued', filling = FALSE
            WHERE run_id = ANY(%s) AND state = %s
            """,
            [self.ids, state],
        )
        self.env["sms.batch"].invalidate_model(["state", "filling"])

    def _enqueue_batches_later(self):
        """A million messages have a thousand batches: their jobs are made by a job."""
        for run in self:
            run.with_delay(
                description=self.env._("Start the batches of %s", run.name)
            )._enqueue_batches()

    def _enqueue_batches(self):
        """Make a job for each batch of this run that waits without one."""
        self.env["sms.batch"]._wake_up([("run_id", "in", self.ids)])

    def _mark_canceled(self):
        """Mark the messages of cancelled batches, one batch per transaction."""
        todos = self.env["sms.batch.todo"]
        for batch in todos._waiting_batches("_mark_canceled", self.ids):
            batch._cancel_messages("campaign_canceled")
            todos._keep(batch.ids, "_mark_canceled")
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it

    def action_view_messages(self):
        """Open the messages of this run."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sms_base_sr.sms_message_action"
        )
        return {**action, "domain": [("run_id", "in", self.ids)], "context": {}}

    def action_view_batches(self):
        """Open the batches of this run."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sms_base_sr.sms_batch_action"
        )
        return {**action, "domain": [("run_id", "in", self.ids)], "context": {}}
