import time
from datetime import timedelta

from odoo import models

# Until the last settlements that saw the run being planned are committed.
AFTER_PLANNING = timedelta(seconds=0.5)
# Below limit_time_cpu (60 s by default): then the job makes its own successor.
SLICE_SECONDS = 20


class SmsRun(models.Model):
    """Notes of what left while the campaign was planned: SMS first, notes then.

    They cost as much of the database as planning does. Meanwhile the ledger holds
    them: one job writes them in the end, and the sweeper has those written that wait
    for more than a minute, be it that planning takes long or that somebody paused it.
    """

    _inherit = "sms.run"

    def _finish_planning(self):
        result = super()._finish_planning()
        self._enqueue_notes_planned(AFTER_PLANNING)
        return result

    def _enqueue_notes_planned(self, eta=None):
        """Make the job that writes the notes, where any are promised."""
        for run in self:
            if run._batches_without_notes():
                title = self.env._("Chatter of %s, planned by now", run.name)
                run.with_delay(eta=eta, description=title)._write_notes_planned()

    def _batches_without_notes(self):
        return self.env["sms.batch.todo"]._waiting_batches("_mirror_chatter", self.ids)

    def _write_notes_planned(self):
        """Write the notes of a batch after the other; go on in a new job."""
        deadline = time.monotonic() + SLICE_SECONDS
        for batch in self._batches_without_notes():
            if time.monotonic() > deadline:
                self._enqueue_notes_planned()
                return
            batch._mirror_chatter()
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
