from odoo import api, fields, models

from ..tools import area_codes, quiet_hours


class SmsRun(models.Model):
    """The hours in which a run's batches leave, and when those that wait go on."""

    _inherit = "sms.run"

    sending_window_id = fields.Many2one(
        "sms.sending.window",
        readonly=True,
        ondelete="restrict",
        check_company=True,
        help="Empty: that of the company.",
    )

    def _week(self):
        """The hours by weekday of this run; None where it may leave at any time."""
        self.ensure_one()
        # sudo: whoever sends need not see the windows of others.
        window = self.sending_window_id or self.company_id.sms_sending_window_id
        return window.sudo()._week()

    def _limits(self):
        """All windows that must be open for a text of this run to leave."""
        return [*self.company_id._sms_limits(self.message_class), self._week()]

    def _opening(self, moment, zone):
        """When batches of a zone leave, from ``moment`` on; None for never."""
        try:
            return quiet_hours.next_opening(moment, zone, *self._limits()) or moment
        except quiet_hours.NeverOpens:
            return None

    def _first_opening(self, moment):
        """When the first text leaves; ``moment`` itself where nobody can say."""
        zones = [zone for zone, _batches, _sms in self._waiting_by_zone()]
        found = (
            self._opening(moment, zone) for zone in zones or [area_codes.DEFAULT_ZONE]
        )
        return min((opening for opening in found if opening), default=moment)

    # -- what waits, and until when ----------------------------------------------------

    def _read_summary(self):
        """``waits`` tells when batches that the hours hold, or the start, go on."""
        return {**super()._read_summary(), "waits": self._waits()}

    def _waits(self, moment=None):
        """``[{until, batches, messages}]``, the earliest first; nothing for *now*.

        :param moment: as if the run were to start then
        """
        now = fields.Datetime.now()
        if not moment and self._waits_for_its_start():
            moment = max(self.date_start, now)
        if not moment and self.state not in ("planning", "ready", "sending"):
            return []
        start = moment or now
        waits = {}
        for zone, batches, messages in self._waiting_by_zone():
            until = self._opening(start, zone)
            if until != now:
                line = waits.setdefault(until, [0, 0])
                line[0] += batches
                line[1] += messages
        return [
            {
                "until": until and fields.Datetime.to_string(until),
                "batches": batches,
                "messages": messages,
            }
            for until, (batches, messages) in sorted(
                waits.items(), key=lambda item: (item[0] is None, item[0])
            )
        ]

    def _waits_for_its_start(self):
        planned_for = self.state == "planning" and self.auto_schedule
        return bool(self.date_start) and (self.state == "scheduled" or planned_for)

    def _waiting_by_zone(self):
        """Rows of zone, batches and messages that have not been called for yet."""
        self.env["sms.batch"].flush_model(["run_id", "zone", "state", "message_count"])
        self.env.cr.execute(
            """
            SELECT COALESCE(zone, %s), count(*), sum(message_count)::int FROM sms_batch
            WHERE run_id = %s AND state IN ('draft', 'queued') GROUP BY 1 ORDER BY 1
            """,
            [area_codes.DEFAULT_ZONE, self.id],
        )
        return self.env.cr.fetchall()

    # -- hours that change while a run sends -------------------------------------------

    @api.model
    def _hours_changed(self, domain=()):
        """Have batches that wait for other hours look again: one job for each run."""
        for run in self.search([*domain, ("state", "=", "sending")]):
            run.with_delay(
                description=self.env._("New sending hours: %s", run.name)
            )._look_again()

    def _look_again(self):
        """Make jobs now for batches that wait for a moment; each finds its new one.

        Their old jobs come at the old moment and find nothing to do.
        """
        waiting = self.env["sms.batch"].search(
            [
                ("run_id", "in", self.ids),
                ("state", "=", "queued"),
                ("not_before", ">", fields.Datetime.now()),
            ],
            order="id",
        )
        waiting._go_now()
