from odoo import api, fields, models
from odoo.exceptions import AccessError

from .sms_contact_import import ACTIVE_STATES
from .sms_watch import SWEEP_LATE

RUNS_SHOWN = 20
RUNNING = ("planning", "scheduled", "sending", "paused")


class SmsWatch(models.Model):
    """The overview for managers: all of it in one call, read with their own rights."""

    _inherit = "sms.watch"

    @api.model
    def read_overview(self):
        """Return what the screen shows: plain values, dates as text."""
        if not self.env.user.has_group("sms_base_sr.group_sms_campaign"):
            raise AccessError(self.env._("Only campaign managers see the overview."))
        return {
            "today": self._overview_today(),
            "sweeper": self._overview_sweeper(),
            "jobs": self._overview_jobs(),
            "providers": self._overview_providers(),
            **self._overview_runs(),
            "imports": self._overview_imports(),
            "people": self._overview_people(),
        }

    @api.model
    def _overview_sweeper(self):
        watch = self._get()
        now = fields.Datetime.now()
        late = not watch.swept_at or now - watch.swept_at > SWEEP_LATE
        return {
            "at": fields.Datetime.to_string(watch.swept_at),
            "late": late,
            "failed_steps": watch.failed_steps or "",
        }

    @api.model
    def _overview_jobs(self):
        # sudo: figures of all companies, nothing of the jobs themselves.
        seen = self.env["queue.job"].sudo()._sms_jobs_watch()
        return {
            **seen,
            "limit": self._limit_seconds(),
            "silent": seen["oldest_pending"] > self._limit_seconds(),
        }

    @api.model
    def _overview_providers(self):
        providers = self.env["sms.provider"]
        shown = providers.search([("active", "=", True)])
        shown |= providers._archived_with_waiting()
        return [provider._overview_values() for provider in shown]

    @api.model
    def _overview_runs(self):
        """The newest ones under way, and how many more there are."""
        domain = [("state", "in", RUNNING)]
        running = self.env["sms.run"].search(domain, limit=RUNS_SHOWN)
        more = 0
        if len(running) == RUNS_SHOWN:
            more = running.search_count(domain) - RUNS_SHOWN
        return {
            "runs": [run._overview_values() for run in running],
            "more_runs": more,
        }

    @api.model
    def _overview_imports(self):
        """Lists of contacts that are being read right now."""
        imports = self.env["sms.contact.import"]
        found = imports.search([("state", "in", ACTIVE_STATES)], limit=RUNS_SHOWN)
        return [
            {
                "id": record.id,
                "name": record.campaign_name or record.file_name or "",
                "file": record.file_name or "",
                "lines": record.line_count,
                "left": record.left_count,
                "progress": record.progress,
            }
            for record in found
        ]

    @api.model
    def _overview_people(self):
        """What waits for a person."""
        undecided = [("state", "=", "unknown"), ("needs_decision", "=", True)]
        waiting = [("direction", "=", "incoming"), ("needs_answer", "=", True)]
        replies = self.env["sms.message"]
        oldest = replies.search(waiting, order="sent_date", limit=1)
        return {
            "undecided": self.env["sms.batch"].search_count(undecided),
            "unanswered": replies.search_count(waiting) if oldest else 0,
            "oldest_reply": fields.Datetime.to_string(oldest.sent_date),
            "failed_runs": len(self.env["sms.run"]._runs_to_try_again()),
        }
