from odoo import models

from .. import orders


class SmsBatch(models.Model):
    """Places at which a process that sends a batch can be killed."""

    _inherit = "sms.batch"

    def _claim(self):
        orders.die_at("before-claim")
        return super()._claim()

    def _start_attempt(self):
        claim = super()._start_attempt()
        if claim:
            claim.call = orders.watched(claim.call, claim.reference)
        return claim

    def _commit_claim(self):
        if not orders.has_defect("claim"):
            super()._commit_claim()
        orders.die_at("after-claim")

    def _reserve_call(self, claim):
        if orders.has_defect("claim"):
            # Its commit would make up for the one that is left out.
            return None
        return super()._reserve_call(claim)

    def _settle(self, claim, outcome):
        orders.die_at("before-update")
        super()._settle(claim, outcome)
        orders.die_at("after-update")

    def _store_and_follow(self, claim, outcome):
        super()._store_and_follow(claim, outcome)
        orders.die_at("in-update")

    def _after_call(self, claim, outcome):
        super()._after_call(claim, outcome)
        orders.die_at("after-health")

    def _recover(self):
        if orders.has_defect("recovery"):
            # What a careless engine does with a call that has no answer.
            self._back_to_queue()
            return
        super()._recover()

    def _take_found(self, attempt, answer):
        super()._take_found(attempt, answer)
        orders.die_at("in-recovery")

    def _send_absent_again(self):
        super()._send_absent_again()
        orders.die_at("in-second-try")
