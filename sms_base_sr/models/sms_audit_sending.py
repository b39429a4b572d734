import hashlib

from odoo import models

ACTION_OF_STATE = {
    "planning": "plan",
    "scheduled": "schedule",
    "sending": "release",
    "paused": "pause",
    "canceled": "cancel",
}


class SmsRun(models.Model):
    """Every press of a campaign's buttons, with what it was about.

    All of them come through ``_move``; what the engine does by itself is noted as the
    system's.
    """

    _inherit = "sms.run"

    def _move(self, allowed, values):
        moved = super()._move(allowed, values)
        action = self._audited_action(allowed, values.get("state"))
        if moved and action:
            moved._audit(action)
        return moved

    def _audited_action(self, allowed, state):
        if (
            "paused" in allowed
            and len(allowed) == 1
            and state in ("sending", "planning")
        ):
            return "resume"
        if state == "sending" and "done" in allowed:
            return "retry"
        at_once = self.filtered(lambda run: run.auto_release or run.send_once_planned)
        if state == "planning" and at_once:
            return "release"
        return ACTION_OF_STATE.get(state)

    def _finish_planning(self):
        """What a press has come to: *Send now* does not know it yet when pressed."""
        result = super()._finish_planning()
        self._audit("planned", self.sudo().planned_by_id)
        return result

    def _audit(self, action, user=None):
        """Note an action with count, price and text as they are now."""
        user = user or self.env.user
        lines = [
            {
                "user_id": user.id,
                "login": user.login,
                "action": action,
                "company_id": run.company_id.id,
                "res_model": run.res_model or run._name,
                "res_id": run.res_id or run.id,
                "name": run.name,
                "count": run.planned_count,
                "cost": run.planned_cost,
                "text_digest": run._audit_digest(),
            }
            for run in self.sudo()
        ]
        self.env["sms.audit"]._append(lines)

    def _audit_digest(self):
        texts = [self.text or "", self.text_b or ""]
        return hashlib.sha256("\0".join(texts).encode()).hexdigest()


class SmsMessage(models.Model):
    """Who took messages out of the system."""

    _inherit = "sms.message"

    def export_data(self, fields_to_export):
        result = super().export_data(fields_to_export)
        self.env["sms.audit"]._note(
            "export",
            res_model=self._name,
            name=", ".join(fields_to_export),
            count=len(self),
        )
        return result
