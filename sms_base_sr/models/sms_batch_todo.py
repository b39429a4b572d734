from datetime import timedelta

from odoo import api, fields, models

# A job that is made with its promise is given this time before another one is made.
PATIENCE = timedelta(minutes=1)


class SmsBatchTodo(models.Model):
    """Work on a batch that a job was made for: the promise outlives the job.

    Rows are only appended, beside whatever else a transaction does, and deleted by
    the work itself: a column of the batch would be in the sender's way. The engine
    writes them, and the sweeper makes jobs anew for those that got lost.
    """

    _name = "sms.batch.todo"
    _description = "SMS batch: work to do"
    _order = "id"
    _rec_name = "method"
    _log_access = False

    batch_id = fields.Many2one(
        "sms.batch", required=True, ondelete="cascade", index=True
    )
    method = fields.Char(required=True, help="What the job calls.")
    promised_at = fields.Datetime(required=True)

    @api.model
    def _promise(self, batch_ids, method):
        """Note that a job will do something for these batches."""
        if not batch_ids:
            return
        self.env.cr.execute(
            """
            INSERT INTO sms_batch_todo (batch_id, method, promised_at)
            SELECT unnest(%s), %s, now() AT TIME ZONE 'UTC'
            """,
            [list(batch_ids), method],
            log_exceptions=False,
        )

    @api.model
    def _keep(self, batch_ids, method):
        """The work is done, or will be by the end of this transaction."""
        self.env.cr.execute(
            "DELETE FROM sms_batch_todo WHERE batch_id = ANY(%s) AND method = %s",
            [list(batch_ids), method],
        )

    @api.model
    def _waiting_batches(self, method, run_ids=None):
        """Batches for which a promise has waited too long; all those of some runs."""
        domain = [("method", "=", method)]
        if run_ids is None:
            domain.append(("promised_at", "<", fields.Datetime.now() - PATIENCE))
        else:
            domain.append(("batch_id.run_id", "in", run_ids))
        return self.search(domain).batch_id

    @api.model
    def _sweep_mirrors(self):
        """Make jobs for chatter notes that are promised and that no job writes."""
        for method in ("_mirror_chatter", "_mirror_statuses"):
            batches = self._waiting_batches(method)
            for batch in batches - batches._with_living_job(method):
                title = self.env._("Chatter: %s", batch._job_title())
                getattr(batch.with_delay(description=title), method)()

    @api.model
    def _sweep_canceled(self):
        """Make jobs for runs whose cancelled messages nobody marks."""
        for run in self._waiting_batches("_mark_canceled").run_id:
            if not run._has_living_job("_mark_canceled"):
                run._enqueue_mark_canceled()
