"""Campaigns with hours: frozen moments, and windows made from a few words."""

from datetime import datetime

from freezegun import freeze_time

from .campaign_case import CampaignCase


def utc(text):
    """An instant from ``2026-05-04 11:00``."""
    return datetime.fromisoformat(text)


class ScheduleCase(CampaignCase):
    """Runs of service class: no quiet hours, so that each test names its own hours."""

    monday = "2026-05-04 12:00:00"

    def new_window(self, days, **values):
        """Create a window from ``{weekday: (from, until)}``; 0 is Monday."""
        lines = [
            (0, 0, {"weekday": str(day), "hour_from": start, "hour_to": end})
            for day, (start, end) in days.items()
        ]
        return self.env["sms.sending.window"].create(
            {"name": "Test", "company_id": self.company.id, "day_ids": lines, **values}
        )

    def office(self):
        """Monday to Friday from 8 to 20, Saturday until 14."""
        return self.new_window({**dict.fromkeys(range(5), (8, 20)), 5: (8, 14)})

    def run_at(self, now, count=1, area=11, **values):
        """Plan and release a run at a moment; its batches' jobs wait."""
        with freeze_time(now):
            self.add_contacts(count, area)
            run = self.new_run(**values)
            run.action_plan()
            self.run_jobs("_plan")
            run.action_release()
            self.run_jobs("_enqueue_batches")
        return run

    def scheduled(self, start, latest=None, **values):
        """A run that was planned and scheduled on Monday."""
        with freeze_time(self.monday):
            run = self.planned_run(1, **values)
            run._schedule(utc(start), latest and utc(latest))
        return run

    def sweep_at(self, now):
        """Let the sweeper and the jobs that are due run at a moment."""
        with freeze_time(now):
            self.env["sms.batch"]._sweep()
            return self.run_jobs("_enqueue_batches", "_send_batch")
