from odoo import models
from odoo.exceptions import UserError

from ..tools.failures import RETRIABLE
from .sms_batch_stat import FAILED_SQL

# Old batches whose failed SMS fill new ones, in one transaction.
BATCHES_AT_ONCE = 20


class SmsRun(models.Model):
    """*Try failed ones again*, by reason: the dialog's figures, and what it starts.

    As *Try again*: the button marks batches, the same job makes the new ones.
    """

    _inherit = "sms.run"

    def action_retry_failed(self):
        """Open the dialog that asks which reasons to try again."""
        self.ensure_one()
        self._check_may_press()
        return self.env["sms.retry"]._open(self)

    def _has_second_attempts(self):
        batches = self.env["sms.batch"].sudo()
        found = [("run_id", "=", self.id), ("second_attempt", "=", True)]
        return bool(batches.search_count(found, limit=1))

    # -- figures, made of counters -----------------------------------------------------

    def _failed_by_reason(self):
        """Return ``{reason: (SMS, segments)}`` of what did not arrive or never left."""
        self.ensure_one()
        self.env["sms.batch.stat"].flush_model()
        self.env.cr.execute(
            f"""
            SELECT COALESCE(s.failure_type, s.state), sum({FAILED_SQL})::int,
                   sum(s.segments)::int
            FROM sms_batch_stat s WHERE s.run_id = %s AND {FAILED_SQL} > 0 GROUP BY 1
            """,
            [self.id],
        )
        found = {
            reason: (n, segments) for reason, n, segments in self.env.cr.fetchall()
        }
        never_left = self._count_retriable().get(self.id)
        if never_left:
            found["not_attempted"] = (never_left, round(never_left * self._size()))
        return found

    def _size(self):
        """Segments of an SMS of this run, on average."""
        return self.planned_segments / self.planned_count if self.planned_count else 1

    def _last_sent(self):
        """When its last batch was accepted."""
        sent = [("run_id", "=", self.id), ("sent_date", "!=", False)]
        batches = self.env["sms.batch"].sudo()
        return batches.search(sent, order="sent_date desc", limit=1).sent_date

    # -- what the dialog starts --------------------------------------------------------

    def _retry_failed(self, reasons):
        """Mark what is to be tried again, and make the job; return a notification."""
        self.ensure_one()
        self._check_may_press()
        # sudo: batches are the engine's; who may press was asked above.
        run = self.sudo()
        reasons = set(reasons) & set(RETRIABLE)
        if not reasons:
            raise UserError(self.env._("Choose at least one reason to try again."))
        if run.state != "done":
            raise UserError(self.env._("“%s” is not done: wait until it is.", run.name))
        marked = run._batches_failed_for(reasons)._ask_to_retry_failed(reasons)
        if "not_attempted" in reasons:
            failed = [("run_id", "=", run.id), ("state", "=", "failed")]
            marked |= marked.search(failed)._ask_to_try_again()
        if not marked:
            raise UserError(
                self.env._("Nothing is left to try again: it is on its way, or was.")
            )
        run._move(["done"], {"state": "sending", "done_at": None})
        run._enqueue_retry()
        return self._notify(self.env._("The failed SMS are tried again."))

    def _batches_failed_for(self, reasons):
        """Batches with SMS that the gateway had taken and that failed for a reason."""
        self.env["sms.batch.stat"].flush_model()
        self.env.cr.execute(
            f"""
            SELECT DISTINCT s.batch_id FROM sms_batch_stat s
            JOIN sms_batch b ON b.id = s.batch_id AND b.state = 'sent'
            WHERE s.run_id = %s AND {FAILED_SQL} > 0 AND s.state != 'canceled'
              AND COALESCE(s.failure_type, s.state) = ANY(%s)
            """,
            [self.id, sorted(reasons)],
        )
        return self.env["sms.batch"].browse(row[0] for row in self.env.cr.fetchall())

    def _retry_failed_page(self):
        """Make the next new batches; return whether there may be more."""
        batches = self.env["sms.batch"]
        asked = batches.search(
            [
                ("run_id", "in", self.ids),
                ("try_again", "=", True),
                ("retry_reasons", "!=", False),
            ],
            order="id",
        )
        if self.state == "canceled":
            asked.write({"try_again": False, "retry_reasons": False})
            return False
        page = batches._alike(asked)[:BATCHES_AT_ONCE]
        page._retry_failed()
        # What another transaction holds is left to the sweeper.
        return bool(asked) and not any(page.mapped("try_again"))
