import logging

from psycopg2.errors import UniqueViolation

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ConcurrencyError

from odoo.addons.sms_base_sr.models.sms_batch_settle import CONFLICTS
from odoo.addons.sms_base_sr.tools.wakeup_window import WakeUpWindow

_logger = logging.getLogger(__name__)

# People wait for replies, which come page by page already.
window = WakeUpWindow(seconds=0.05, margin=0.05)
# Batches of campaigns, of which few have anything to show, and a second look.
slow_window = WakeUpWindow(seconds=1.0)
ADVISORY_LOCK = 0x534D5305
LOST_RACES = (*CONFLICTS, ConcurrencyError, UniqueViolation)


class SmsMessage(models.Model):
    """The ChatRoom's mirror: when it works, and what it does with failures.

    Whatever the ChatRoom does, the SMS is stored already: a failure here is retried
    alone and neither loses nor doubles it.
    """

    _inherit = "sms.message"

    def _after_incoming(self):
        result = super()._after_incoming()
        self._enqueue_mirror_chatroom()
        return result

    def _enqueue_mirror_chatroom(self):
        """Have these SMS shown in the ChatRoom."""
        self.env["sms.chatroom.todo"]._promise(self.ids)
        self._wake_up_chatroom()

    @api.model
    def _wake_up_chatroom(self, soon=True):
        """Make one job for all that wait, however many ask."""
        if soon and self._is_chatroom_job_next():
            return
        messages = self.browse().with_user(SUPERUSER_ID)
        title = self.env._("SMS to the ChatRoom")
        self.env["sms.event"]._wake_up_job(
            window if soon else slow_window, messages, "_mirror_chatroom", title, 2
        )

    @api.model
    def _is_chatroom_job_next(self):
        """Whether one job works and another one waits for it to end: that will do.

        Should it start before what we write is committed, the second look finds it.
        """
        self.env.cr.execute(
            """
            SELECT count(*) FILTER (WHERE state = 'pending') > 0
               AND count(*) FILTER (WHERE state != 'pending') > 0
            FROM queue_job
            WHERE model_name = 'sms.message' AND method_name = '_mirror_chatroom'
              AND (state IN ('enqueued', 'started') OR state = 'pending'
                AND eta <= clock_timestamp() AT TIME ZONE 'UTC')
            """
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _mirror_chatroom(self):
        """Show what waits, page by page, until nothing is due.

        The ChatRoom commits where it likes, which ends the lock too: then the unique
        index on the lines stands between two jobs.
        """
        tried = set()
        while self.env["sms.event"]._take_advisory_lock(ADVISORY_LOCK):
            self.env["sms.batch"]._promise_lines()
            page = self.env["sms.chatroom.todo"]._next_page(tried)
            if not page:
                self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
                break
            tried.update(page.ids)
            if not self._mirror_together(page):
                self._mirror_each(page)
        else:
            # Another job is at it, and may have read its last page already.
            self._wake_up_chatroom()
        if tried:
            # What was committed while the last page was read gets one more look.
            self._wake_up_chatroom(soon=False)

    @api.model
    def _mirror_together(self, page):
        """Show a page in one transaction; return whether all of it is there now.

        The ChatRoom may roll back behind our back, so that we look.
        """
        try:
            complete = page.message_id._show_in_chatroom(page)
        except Exception:
            complete = False
        if complete:
            page._done()
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
        else:
            self.env.cr.rollback()
        return complete

    @api.model
    def _mirror_each(self, page):
        """Show one by one, in a transaction each: the others go on."""
        for row in page.exists():
            try:
                if not row.message_id._show_in_chatroom(row):
                    raise RuntimeError("The ChatRoom has rolled its line back.")
                row._done()
            except LOST_RACES as error:
                # Only a new transaction sees what the other one has made.
                self.env.cr.rollback()
                _logger.info("SMS %s met another transaction: %s", row.id, error)
            except Exception as error:
                self.env.cr.rollback()
                _logger.warning("SMS %s is shown later", row.id, exc_info=True)
                row._postpone(error)
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
