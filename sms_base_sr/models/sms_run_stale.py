from odoo import fields, models
from odoo.exceptions import UserError


class SmsRun(models.Model):
    """A plan is stale when text, settings or audience are no longer those it had.

    What it was made of is noted when planning begins, before the first contact is
    read, so that a change during the planning counts too.
    """

    _inherit = "sms.run"

    plan_basis = fields.Json(
        readonly=True, copy=False, help="What the plan was made of, as digests."
    )

    def _basis_now(self):
        """What a plan made now would be made of; empty where nobody can say."""
        self.ensure_one()
        campaign = self._campaign()
        if campaign is None or not campaign.exists():
            return {}
        return campaign._sms_plan_basis(self)

    def _start_planning(self, auto_release):
        for run in self:
            # A planning that failed goes on where it stopped: its basis stays.
            if run.state in ("draft", "failed") and not run.plan_cursor:
                # sudo: a run is written by its buttons, whoever may press them.
                run.sudo().plan_basis = run._basis_now()
        return super()._start_planning(auto_release)

    def _stale_parts(self):
        """Names of the parts that have changed since this run was planned."""
        self.ensure_one()
        basis = self.plan_basis or {}
        now = self._basis_now() if basis else {}
        changed = [key for key in basis if key in now and basis[key] != now[key]]
        labels = self._basis_labels()
        return [labels.get(key, key) for key in changed]

    def _basis_labels(self):
        return {
            "text": self.env._("text"),
            "text_b": self.env._("second text"),
            "share_b": self.env._("share of the second text"),
            "provider": self.env._("provider"),
            "message_class": self.env._("message class"),
            "drop_accents": self.env._("accents"),
            "salesperson": self.env._("salesperson"),
            "price": self.env._("price per segment"),
            "values": self.env._("values of company and salesperson"),
            "audience": self.env._("contacts"),
        }

    def _stale_reason(self):
        """One sentence that says what no longer matches; empty while all does."""
        parts = self._stale_parts()
        if not parts:
            return ""
        return self.env._(
            "The plan no longer matches (changed since: %s). Plan again.",
            ", ".join(parts),
        )

    def _check_plan_is_fresh(self):
        for run in self.filtered(lambda run: run.state in ("ready", "scheduled")):
            reason = run._stale_reason()
            if reason:
                raise UserError(
                    self.env._("“%(name)s”: %(reason)s", name=run.name, reason=reason)
                )

    def action_release(self):
        """Send what was planned, if it still is what people see."""
        self._check_may_press()
        self._check_plan_is_fresh()
        return super().action_release()

    def action_schedule(self):
        self._check_may_press()
        self._check_plan_is_fresh()
        return super().action_schedule()

    def _start_scheduled(self, now):
        """A text that was changed after it was scheduled waits for a person."""
        reason = self._stale_reason()
        if not reason:
            return super()._start_scheduled(now)
        values = {"failure_reason": reason, "schedule_expired": True}
        return self._move(["scheduled"], {"state": "ready", **values})
