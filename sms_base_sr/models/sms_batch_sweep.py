import logging

from odoo import api, fields, models

from .sms_batch_settle import CONFLICTS

_logger = logging.getLogger(__name__)


class SmsBatch(models.Model):
    """The sweeper: each minute, whatever waits without a living job gets a new one.

    The ledger is the queue. Jobs only wake it up, so losing them all costs a minute.
    It is a cron, so it works when the job runner does not, and says so.
    """

    _inherit = "sms.batch"

    @api.model
    def _sweep_steps(self):
        """What a sweep does, in order: (model, method) each; addons add theirs."""
        return [
            ("sms.run", "_sweep_schedules"),
            ("sms.run", "_sweep_plannings"),
            ("sms.run", "_sweep_retries"),
            ("sms.batch", "_sweep_batches"),
            ("sms.provider", "_sweep_probes"),
            ("sms.event", "_sweep_events"),
            ("sms.batch.stat", "_sweep_counters"),
            ("sms.run", "_sweep_finished"),
            ("sms.batch.todo", "_sweep_canceled"),
            ("sms.batch.todo", "_sweep_mirrors"),
            ("sms.batch", "_wake_up_polls"),
            ("queue.job", "_heal_sms_jobs"),
            ("sms.watch", "_look"),
            ("sms.provider", "_sync_alerts"),
            ("sms.run", "_sync_alerts"),
            ("sms.batch", "_sync_alerts"),
            ("sms.watch", "_sync_alerts"),
        ]

    @api.model
    def _sweep(self):
        """Do every step in a transaction of its own; one that fails stops no other."""
        steps = self._sweep_steps()
        failed = [f"{m}.{step}" for m, step in steps if not self._sweep_step(m, step)]
        self.env["sms.watch"]._note_sweep(failed)

    @api.model
    def _sweep_step(self, model_name, method):
        """Do one step; tell whether it went well."""
        try:
            with self.env.cr.savepoint():
                getattr(self.env[model_name], method)()
            done = True
        except CONFLICTS:
            # Somebody was faster: the next sweep looks again.
            _logger.info("Sweeper: %s.%s met a conflict", model_name, method)
            done = True
        except Exception:
            _logger.exception("Sweeper: %s.%s failed", model_name, method)
            done = False
        if self.env.context.get("cron_id"):
            self.env.cr.commit()  # pylint: disable=invalid-commit  # cron
        return done

    @api.model
    def _sweep_batches(self):
        """Batches that are not being filled any more and whose job got lost."""
        self._wake_up(["|", ("run_id", "=", False), ("filling", "=", False)])

    def _waits_for_a_job(self):
        """Whether any of these would send now, if it had a job.

        Calls without an answer are the recovery's: it asks when their time has come.
        """
        now = fields.Datetime.now()
        queued = self.filtered(lambda b: b.state == "queued" and b._may_start(now))
        return bool(queued._with_way())
