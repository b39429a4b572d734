from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import outcomes

ASK_SOON = timedelta(seconds=15)
ASK_EVERY = timedelta(seconds=60)
ASK_RARELY = timedelta(hours=1)
# Questions in the first interval; from then on it doubles.
ASK_OFTEN = 5
# An hour of questions without a usable answer: a person decides.
DECIDE_AFTER = timedelta(hours=1)


class SmsBatch(models.Model):
    """Recovery: what became of a call whose answer nobody has seen.

    The gateway is asked by the reference of every attempt. Nothing is sent again
    before it has said twice, reliably, that it knows none of them.
    """

    _inherit = "sms.batch"

    ask_at = fields.Datetime("Next question", readonly=True, copy=False)
    needs_decision = fields.Boolean(
        readonly=True, copy=False, help="Nobody but a person can tell what happened."
    )
    attempt_ids = fields.One2many(
        "sms.batch.attempt", "batch_id", "Attempts", readonly=True
    )

    def _leave_to_recovery(self):
        """Found in a call that nobody makes any more: its end was not seen."""
        self.ensure_one()
        if self.state != "sending" or self._owner_is_alive():
            return
        self.write(
            {
                "state": "unknown",
                "failure_reason": self.env._("The end of the call was not seen."),
                # What ended without our seeing it may still be on its way.
                "ask_at": (self.attempt_deadline or fields.Datetime.now())
                + timedelta(seconds=1),
            }
        )

    def _recover(self):
        """Ask the gateway about an attempt without an answer, in a job of its own."""
        self.ensure_one()
        batch = self.try_lock_for_update(allow_referencing=True)
        if not batch:
            return
        batch._leave_to_recovery()
        now = fields.Datetime.now()
        if batch.state != "unknown" or (batch.ask_at and now < batch.ask_at):
            return
        if batch._can_ask():
            batch._ask_gateway()
        else:
            batch._ask_later()

    def _owner_is_alive(self):
        """Whether another job, which owns this attempt, is running now.

        While a job runs it holds its lock row; ``kill -9`` frees it. The job that is
        running now is not another one: it was made anew from the one that died.
        """
        self.ensure_one()
        if not self.job_uuid or self.job_uuid == self.env.context.get("job_uuid"):
            return False
        self.env.cr.execute(
            """
            SELECT 1 FROM queue_job_lock l JOIN queue_job j ON j.id = l.queue_job_id
            WHERE j.uuid = %s
            """,
            [self.job_uuid],
        )
        if not self.env.cr.fetchone():
            return False
        with self.env.cr.savepoint(flush=False) as look:
            self.env.cr.execute(
                """
                SELECT 1 FROM queue_job_lock l
                JOIN queue_job j ON j.id = l.queue_job_id
                WHERE j.uuid = %s FOR NO KEY UPDATE OF l SKIP LOCKED
                """,
                [self.job_uuid],
            )
            free = self.env.cr.fetchone()
            # Only looked at: the runner may need the row to start the job again.
            look.rollback()
        return not free

    def _call_is_over(self):
        self.ensure_one()
        deadline = self.attempt_deadline
        return not deadline or fields.Datetime.now() > deadline

    def _can_ask(self):
        return any(a.provider_id._can("query_batch") for a in self.attempt_ids)

    # -- asking ------------------------------------------------------------------------

    def _ask_gateway(self):
        """Ask for every attempt, the last one first, until one is found."""
        attempts = self.attempt_ids
        questions = [self._question(a.provider_id, a.reference) for a in attempts]
        known = self._known_question()
        asked_at = fields.Datetime.now()
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no call while open
        answers = []
        for question in questions:
            answers.append(question())
            if answers[-1].found:
                break
        absent = self._none_found(attempts, answers) and known().found
        batch = self.try_lock_for_update(allow_referencing=True)
        if not batch or batch.state != "unknown":
            return
        batch._note_answers(attempts, answers)
        if answers[-1].found:
            batch._take_found(attempts[len(answers) - 1], answers[-1])
        elif absent and batch._is_absent(asked_at):
            batch._send_absent_again()
        else:
            batch._ask_later()

    def _none_found(self, attempts, answers):
        """Whether the gateway knows none of the attempts that it may have accepted."""
        return all(
            answer.found is False or (attempt._is_certain() and not answer.found)
            for attempt, answer in zip(attempts, answers, strict=False)
        )

    def _attempts_in_doubt(self):
        return self.attempt_ids.filtered(lambda attempt: not attempt._is_certain())

    @api.model
    def _question(self, provider, reference):
        """The provider's query; an account that cannot ask has no usable answer."""
        try:
            return provider._query_batch(reference)
        except UserError as error:
            answer = outcomes.QueryAnswer(None, detail=str(error))
            return lambda: answer

    def _known_question(self):
        """Ask for a call that was accepted: is *not found* to be believed today?"""
        provider = self._attempts_in_doubt()[:1].provider_id
        reference = self.env["sms.batch.attempt"]._known_reference(provider)
        if reference:
            return self._question(provider, reference)
        return lambda: outcomes.QueryAnswer(None)

    def _note_answers(self, attempts, answers):
        for attempt, answer in zip(attempts, answers, strict=False):
            attempt._note_answer(self._answer_text(answer))
        self.failure_reason = attempts[: len(answers)][-1:].answer

    def _answer_text(self, answer):
        """One line for people: what the gateway said."""
        if answer.found:
            return self.env._("Found, with %s messages.", len(answer.items))
        if answer.found is False:
            detail = answer.detail or "404"
            return self.env._("The gateway does not know this batch: %s", detail)
        return answer.detail or self.env._("No usable answer.")

    def _ask_later(self):
        """Ask less and less often; after a while a person has to decide."""
        now = fields.Datetime.now()
        self.ask_at = now + self._next_interval()
        can_ask = self._can_ask()
        over_since = self.attempt_deadline or now
        patience = DECIDE_AFTER if can_ask else timedelta()
        if self.needs_decision or now < over_since + patience:
            return
        self.needs_decision = True
        if not can_ask:
            self.failure_reason = self.env._("This provider cannot be asked.")

    def _next_interval(self):
        asked = max(self.attempt_ids.mapped("asked_count"), default=0)
        return min(ASK_EVERY * 2 ** min(20, max(0, asked - ASK_OFTEN)), ASK_RARELY)
