import logging

from odoo import api, models

from odoo.addons.queue_job.job import DONE, FAILED

_logger = logging.getLogger(__name__)

# How a lost connection and a killed worker show in ``exc_name``.
LOST_ERRORS = (
    "JobFoundDead",
    "psycopg2.OperationalError",
    "psycopg2.InterfaceError",
    "psycopg2.errors.AdminShutdown",
    "psycopg2.errors.CrashShutdown",
    "psycopg2.errors.CannotConnectNow",
    "odoo.sql_db.PoolError",
)
# Jobs of which nobody but themselves knows what they were to do are left to people.
LEDGER_JOBS = {
    ("sms.run", "_plan"),
    ("sms.run", "_write_notes_planned"),
    ("sms.run", "_enqueue_batches"),
    ("sms.run", "_mark_canceled"),
    ("sms.run", "_retry_batches"),
    ("sms.batch", "_send_batch"),
    ("sms.batch", "_recover"),
    ("sms.batch", "_poll_status"),
    ("sms.batch", "_mirror_chatter"),
    ("sms.batch", "_mirror_statuses"),
    ("sms.provider", "_start_probe"),
    ("sms.provider", "_wake_batches"),
    ("sms.batch.stat", "_recompute_touched"),
    ("sms.event", "_apply_pending"),
    ("sms.event", "_apply_replies"),
}
HEAL_AT_ONCE = 200


class QueueJob(models.Model):
    """Failed jobs that are no bug: PostgreSQL was restarted, or a worker was killed.

    queue_job marks them failed and tells its managers. What they were to do stands in
    the ledger, which has had it done by another job meanwhile: *failed* is to mean
    *bug*.
    """

    _inherit = "queue.job"

    @api.model
    def _heal_sms_jobs(self):
        """Set done, with a word why, what the ledger has settled or queued again."""
        lost = [("state", "=", FAILED), ("exc_name", "in", LOST_ERRORS)]
        failed = self.sudo().search(lost, order="id", limit=HEAL_AT_ONCE)
        for job in failed.try_lock_for_update():
            if job._sms_ledger_goes_on():
                _logger.info("Job %s (%s) needs no repair", job.uuid, job.exc_name)
                job._change_job_state(DONE, result=job._sms_healed_text())

    @api.model
    def _sms_ledger_jobs(self):
        """(model, method) of jobs that are wake-up calls only; addons add theirs."""
        return LEDGER_JOBS

    def _sms_healed_text(self):
        return self.env._(
            "Nothing to repair. The job ended with its connection or its process "
            "(%s); the ledger has settled its work, or a newer job does it.",
            self.exc_name,
        )

    def _sms_ledger_goes_on(self):
        """Whether this job's work is done, or waits in the ledger for another job."""
        self.ensure_one()
        if (self.model_name, self.method_name) not in self._sms_ledger_jobs():
            return False
        records = self.records and self.records.exists()
        if self.method_name == "_send_batch":
            return not (records - records._with_living_job())._waits_for_a_job()
        # Inboxes, counters, promises: the sweeper has just looked at them all.
        return True

    @api.model
    def _sms_due_job(self, model_name, method):
        """Whether a job that has not started yet is due soon: it will see everything.

        One that waits for its next try does not count, it may be half an hour.
        """
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT 1 FROM queue_job WHERE model_name = %s AND method_name = %s
              AND state IN ('pending', 'enqueued')
              AND (eta IS NULL
                   OR eta < now() AT TIME ZONE 'UTC' + interval '1 minute') LIMIT 1
            """,
            [model_name, method],
        )
        return bool(self.env.cr.fetchone())
