from odoo import api, fields, models
from odoo.exceptions import UserError

TRY_AGAIN_STATES = ("sending", "paused", "done")


class SmsRun(models.Model):
    """*Try again* for the batches that never reached the gateway.

    The button marks batches; a job makes the new ones, a transaction each.
    """

    _inherit = "sms.run"

    retry_count = fields.Integer(
        "SMS to try again",
        compute="_compute_retry_count",
        help="Never handed to the gateway, not even by the last try.",
    )

    @api.depends("state")
    def _compute_retry_count(self):
        counts = self._count_retriable()
        for run in self:
            run.retry_count = counts.get(run.id, 0)

    @api.model
    def _runs_to_try_again(self):
        """Runs with batches that never reached the gateway and that nobody retries."""
        failed = [
            ("state", "=", "failed"),
            ("try_again", "=", False),
            ("retried_by_id", "=", False),
            ("run_id.state", "in", TRY_AGAIN_STATES),
        ]
        return self.env["sms.batch"].search(failed).run_id

    def _count_retriable(self):
        """Return ``{run id: messages}`` of failed batches nobody has retried."""
        self.env["sms.batch"].flush_model()
        self.env.cr.execute(
            """
            SELECT b.run_id, sum(s.n) FROM sms_batch b
            JOIN sms_batch_stat s ON s.batch_id = b.id AND s.state = 'error'
                AND s.failure_type = 'not_attempted'
            WHERE b.run_id = ANY(%s) AND b.state = 'failed'
              AND b.try_again IS NOT TRUE AND b.retried_by_id IS NULL
            GROUP BY b.run_id
            """,
            [self.ids],
        )
        return dict(self.env.cr.fetchall())

    def action_try_again(self):
        """Send what never reached the gateway in new batches."""
        self._check_may_press()
        # sudo: batches are the engine's; who may press was asked above.
        runs = self.sudo().filtered(lambda run: run.state in TRY_AGAIN_STATES)
        count = sum(runs._count_retriable().values())
        failed = [("run_id", "in", runs.ids), ("state", "=", "failed")]
        marked = self.env["sms.batch"].sudo().search(failed)._ask_to_try_again()
        if not marked:
            raise UserError(
                self.env._("Nothing is left to try again: it is on its way, or was.")
            )
        marked.run_id._move(["done"], {"state": "sending", "done_at": None})
        marked.run_id._enqueue_retry()
        return self._notify(
            self.env._("%s SMS are tried again.", self._formatted(count))
        )

    def _enqueue_retry(self):
        for run in self:
            run.with_delay(
                description=self.env._("Try again: %s", run.name)
            )._retry_batches()

    def _retry_batches(self):
        """Make the new batches, one per transaction: a crash costs one of them."""
        self.ensure_one()
        for batch in self._batches_to_retry():
            if self.state == "canceled":
                batch.try_again = False
            else:
                batch._retry()
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
        while self._retry_failed_page():
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it

    def _batches_to_retry(self):
        return self.env["sms.batch"].search(
            [
                ("run_id", "in", self.ids),
                ("try_again", "=", True),
                ("retry_reasons", "=", False),
            ],
            order="id",
        )

    @api.model
    def _sweep_retries(self):
        """Make the job anew that somebody has asked for and that got lost."""
        waiting = self.env["sms.batch"].search([("try_again", "=", True)])
        for run in waiting.run_id:
            if not run._has_living_job("_retry_batches"):
                run._enqueue_retry()
