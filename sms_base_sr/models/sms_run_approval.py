from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import formatLang

WAITING = ("ready", "scheduled")


class SmsRun(models.Model):
    """A large campaign leaves once another person than its author has approved it.

    Above a number of SMS or a price that the company sets. A plan is never changed,
    only made anew as another run, so an approval belongs to what was looked at. The
    planner decides who wants one, the button of another person gives it; each door
    through which a run leaves asks, and so does the claim of each batch.
    """

    _inherit = "sms.run"

    approval = fields.Selection(
        [("wanted", "Waits for approval"), ("given", "Approved")],
        readonly=True,
        copy=False,
    )
    planned_by_id = fields.Many2one(
        "res.users", "Planned by", readonly=True, copy=False
    )
    approved_by_id = fields.Many2one(
        "res.users", "Approved by", readonly=True, copy=False
    )
    approved_at = fields.Datetime("Approved on", readonly=True, copy=False)
    send_once_planned = fields.Boolean(
        readonly=True,
        copy=False,
        help="“Send now” of a company whose large campaigns want approval: nothing "
        "leaves before all of it is planned and, where it is large, approved.",
    )

    # -- who wants an approval, and why ------------------------------------------------

    def _approval_reasons(self):
        """What of this plan lies above the company's limits, in words."""
        self.ensure_one()
        count, cost = self.company_id._sms_approval_limits()
        reasons = []
        if count and self.planned_count > count:
            reasons.append(
                self.env._("more than %s SMS", formatLang(self.env, count, digits=0))
            )
        # A tenth of a cent of rounding is no reason to ask.
        if cost and self.planned_cost > cost + 0.001:
            shown = formatLang(self.env, cost, currency_obj=self.currency_id)
            reasons.append(self.env._("more than %s", shown))
        return reasons

    def _lacks_approval(self):
        self.ensure_one()
        if self.approval or self.auto_release:
            return self.approval == "wanted"
        return bool(self._approval_reasons())

    def _authors(self):
        """Who made this plan: none of them approves it."""
        authors = self.create_uid | self.planned_by_id
        campaign = self._campaign()
        if campaign is not None:
            authors |= campaign._sms_authors()
        return authors.filtered(lambda user: user.id != SUPERUSER_ID)

    def _approvers(self):
        """Whom to ask: supervisors, or campaign managers where there is none."""
        company, authors = self.company_id, self._authors()
        for name in ("group_sms_manager", "group_sms_campaign"):
            users = self.env.ref(f"sms_base_sr.{name}").sudo().all_user_ids - authors
            found = users.filtered(
                lambda u: u.active and u.id != SUPERUSER_ID and company in u.company_ids
            )
            if found:
                return found
        return self.env["res.users"]

    def _approved_content(self):
        """What is looked at: how many, how much, which words."""
        texts = [self.text or "", self.text_b or ""]
        return {
            "planned_count": self.planned_count,
            "planned_cost": self.planned_cost,
            "text": "\n\n".join(filter(None, texts)),
            "text_digest": self._audit_digest()[:16],
        }

    # -- the planner -------------------------------------------------------------------

    def _start_planning(self, auto_release):
        """Companies with a limit send nothing before they know how much it is."""
        self._check_may_press()
        # sudo: runs are the engine's; who may press was asked above.
        runs = self.sudo().filtered(lambda run: run.state in ("draft", "failed"))
        if self.env.uid != SUPERUSER_ID:
            runs.planned_by_id = self.env.uid
        careful = runs.browse()
        if auto_release:
            careful = runs.filtered(lambda r: any(r.company_id._sms_approval_limits()))
        (runs - careful).send_once_planned = False
        careful.send_once_planned = True
        careful = self & careful
        if not careful:
            return super()._start_planning(auto_release)
        job = super(SmsRun, careful)._start_planning(False)
        rest = self - careful
        return super(SmsRun, rest)._start_planning(True) if rest else job

    def _state_once_planned(self):
        state = super()._state_once_planned()
        at_once = state == "ready" and self.send_once_planned
        return "sending" if at_once and not self._approval_reasons() else state

    def _write_plan(self, values):
        if values.get("planned_at"):
            wanted = not self.auto_release and self._approval_reasons()
            values = {**values, "approval": "wanted" if wanted else False}
        return super()._write_plan(values)

    def _finish_planning(self):
        result = super()._finish_planning()
        if self.send_once_planned and self.state == "sending":
            self.started_at = fields.Datetime.now()
            self._queue_batches("draft")
            self._enqueue_batches_later()
        return result

    # -- the doors ---------------------------------------------------------------------

    def _check_approved(self):
        for run in self.filtered(lambda run: run.state in WAITING):
            if run._lacks_approval():
                raise UserError(run._waits_for_approval())

    def _waits_for_approval(self):
        return self.env._(
            "“%(name)s” waits for approval by another person: it has %(reasons)s. "
            "Another campaign manager or a supervisor opens it and presses “Approve”.",
            name=self.name,
            reasons=", ".join(self._approval_reasons())
            or self.env._("been found to be large"),
        )

    def action_release(self):
        self._check_may_press()
        self._check_approved()
        return super().action_release()

    def action_pause(self):
        """A campaign that leaves once it is planned can be paused before."""
        self._check_may_press()
        waiting = self.filtered("send_once_planned")
        waiting._move(["planning"], {"state": "paused"})
        return super().action_pause()

    def action_cancel(self):
        result = super().action_cancel()
        canceled = self.filtered(lambda run: run.state == "canceled")
        # sudo: who may press was asked above; nobody writes approvals.
        approvals = self.env["sms.approval"].sudo()
        approvals._void(canceled, self.env._("The plan was cancelled."))
        canceled._settle_alerts("approval")
        return result

    def _start_scheduled(self, now):
        """The start waits for the approval, but not past the latest start."""
        if self._stale_reason():
            self._void_approval()
        elif self._lacks_approval():
            latest = self.date_latest_start
            return self._expire() if latest and now > latest else None
        return super()._start_scheduled(now)

    def _void_approval(self):
        """What was approved is no longer what would leave."""
        if self.approval != "given":
            return
        self._move(WAITING, {"approval": "wanted"})
        self.env["sms.approval"].sudo()._void(self, self._stale_reason())

    # -- the button --------------------------------------------------------------------

    def action_approve(self):
        """Say that another person may send this: what was planned, and nothing else."""
        for run in self:
            run._check_may_approve()
            run._approve()

    def _why_not_approve(self):
        """Why the present user cannot approve this; empty where he can.

        Asked of the person even where a button acts as superuser.
        """
        user = self.env.user
        if user.id == SUPERUSER_ID:
            return self.env._("A person approves, no program.")
        if not user.has_group("sms_base_sr.group_sms_campaign"):
            return self.env._("Only campaign managers and supervisors approve.")
        if self.company_id not in user.company_ids:
            return self.env._("The campaign is of another company.")
        if user in self.sudo()._authors():
            return self.env._("You have made or planned it yourself.")
        return ""

    def _check_may_approve(self):
        self.ensure_one()
        self.check_access("read")
        reason = self._why_not_approve()
        if reason:
            raise AccessError(
                self.env._(
                    "“%(name)s” must be approved by another person. %(reason)s",
                    name=self.name,
                    reason=reason,
                )
            )

    def _approve(self):
        # sudo: runs are the engine's; who may approve was asked.
        run = self.sudo()
        run.lock_for_update(allow_referencing=True)
        run.invalidate_recordset()
        if run.state not in WAITING or not run._lacks_approval():
            raise UserError(
                self.env._("“%s” does not wait for approval any more.", run.name)
            )
        run._check_plan_is_fresh()
        now = fields.Datetime.now()
        run._move(
            WAITING,
            {"approval": "given", "approved_by_id": self.env.uid, "approved_at": now},
        )
        run.env["sms.approval"]._note(run)
        run._audit("approve")
        run._settle_alerts("approval")
        if run.send_once_planned and run.state == "ready":
            run.action_release()

    # -- what the form shows -----------------------------------------------------------

    def _read_review(self, sample_ids=()):
        review = super()._read_review(sample_ids)
        return {**review, "approval": self._review_approval()}

    def _review_approval(self):
        """Whether it waits for another person, why, and whether that is the reader."""
        if self.state not in WAITING:
            return False
        if self._lacks_approval():
            content = self._approved_content()
            return {
                "state": "wanted",
                "reasons": ", ".join(self._approval_reasons()),
                "why_not": self._why_not_approve(),
                "people": ", ".join(self._approvers()[:3].mapped("name")),
                "at_once": self.send_once_planned and self.state == "ready",
                "digest": content["text_digest"],
            }
        if self.approval != "given":
            return False
        at = fields.Datetime.to_string(self.approved_at)
        return {"state": "given", "by": self.approved_by_id.name, "at": at}
