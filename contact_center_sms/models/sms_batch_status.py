from odoo import models

METHOD = "_mirror_chatroom_statuses"


class SmsBatch(models.Model):
    """Batches whose SMS stand in the ChatRoom: their states follow there.

    The counters' job finds them, a job of the mirrors' channel tells the ChatRoom:
    whatever that does, nothing of it is in the way of sending or of reports.
    """

    _inherit = "sms.batch"

    def _enqueue_status_mirror(self):
        result = super()._enqueue_status_mirror()
        self._enqueue_chatroom_statuses()
        return result

    def _enqueue_chatroom_statuses(self):
        """Make a job for those of these batches that the ChatRoom shows."""
        lines = self.env["acrux.chat.message"]._sms_lines_behind(self.ids)
        batches = lines.sms_message_id.batch_id
        self.env["sms.batch.todo"]._promise(batches.ids, METHOD)
        for batch in batches:
            title = self.env._("ChatRoom status: %s", batch._job_title())
            # An agent looks at a single SMS, as at a reply.
            priority = 10 if batch.run_id else 2
            batch.with_delay(
                description=title, priority=priority
            )._mirror_chatroom_statuses()

    def _mirror_chatroom_statuses(self):
        """Have the lines of these batches show what the ledger says."""
        self.env["sms.batch.todo"]._keep(self.ids, METHOD)
        self.env["acrux.chat.message"]._sms_lines_behind(self.ids)._sms_tell_state()
