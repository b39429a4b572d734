from odoo import models
from odoo.tools import SQL

from ..tools.chatter_sql import FAILED_SQL, FAILURE_SQL, STATUS_SQL

# Batches of a campaign whose notes one job brings up to date.
STATUS_BATCHES = 10


class SmsBatch(models.Model):
    """The chatter mirror: each SMS in its partner's chatter, a batch at a time."""

    _inherit = "sms.batch"

    def _is_shown_at_once(self):
        """Whether the chatter shows these SMS when they are sent.

        What a person sends by hand is worth a note, answered or not.
        """
        self.ensure_one()
        mode = self.company_id.sms_chatter_mode
        return mode == "all" or (mode == "answered" and not self.run_id)

    def _mirror_chatter(self):
        """Write the notes of a batch's messages that have none yet."""
        self.ensure_one()
        if not self.exists():
            return
        condition = SQL("m.batch_id = %s", self.id)
        if self.company_id.sms_chatter_mode == "answered" and self.run_id:
            condition = SQL("%s AND %s", condition, self._answered_sql())
        self.env["sms.message"]._write_notes(self.company_id, condition)
        self._push_live()

    def _answered_sql(self):
        """Messages of this campaign's batch that have a reply."""
        return SQL(
            "m.id IN (SELECT parent_id FROM sms_message"
            " WHERE run_id = %s AND direction = 'incoming')",
            self.run_id.id,
        )

    def _enqueue_status_mirror(self):
        """Have the notes of these batches show the state that their SMS have now."""
        shown = self.filtered(lambda batch: batch._statuses_are_shown())
        # One job for some of them: each job costs as much as a batch's statement.
        for (_company, run), batches in shown.grouped(
            lambda b: (b.company_id, b.run_id)
        ).items():
            title = self.env._("Chatter status: %s", batches[0]._job_title())
            size = STATUS_BATCHES if run else 1
            for start in range(0, len(batches), size):
                part = batches[start : start + size]
                part.with_delay(description=title)._mirror_statuses()

    def _statuses_are_shown(self):
        """Whether notes of these messages may exist."""
        self.ensure_one()
        return self.company_id.sms_chatter_mode != "none" and bool(self.sent_date)

    def _mirror_statuses(self):
        """Bring the notes' statuses up to date by one statement.

        Failures that a person has waved aside stay so.
        """
        self.env.flush_all()
        self.env.cr.execute(
            f"""
            UPDATE mail_notification n
            SET notification_status = {STATUS_SQL}, failure_type = {FAILURE_SQL},
                failure_reason = m.error_message
            FROM sms_message m
            WHERE n.sms_message_id = m.id AND m.batch_id = ANY(%s)
              AND m.state NOT IN ('draft', 'outgoing')
              AND n.notification_status IS DISTINCT FROM {STATUS_SQL}
              AND NOT (n.notification_status = 'canceled' AND {FAILED_SQL})
            """,
            [self.ids],
        )
        self.env["mail.notification"].invalidate_model()
        self.exists()._push_live()

    def _push_live(self):
        """Show a single SMS's status in open browsers; campaigns would flood them."""
        single = self.filtered(lambda batch: not batch.run_id)
        notifications = self.env["mail.notification"].search(
            [("sms_message_id.batch_id", "in", single.ids)]
        )
        if notifications:
            notifications._sms_push()
