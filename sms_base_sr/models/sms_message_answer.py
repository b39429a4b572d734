from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

CONVERSATION_LENGTH = 20
ANSWER_FIELDS = {
    "answered_date",
    "answered_by_id",
    "answer_id",
    "answer_kind",
    "needs_answer",
}


class SmsMessage(models.Model):
    """Answering replies: which of them wait, who answered and when.

    An answer is an SMS that a person sends to the customer, from whatever screen; the
    first one counts. Who phones instead marks the activity as done: that settles the
    reply as well, and is told apart.
    """

    _inherit = "sms.message"

    answered_date = fields.Datetime("Answered on", readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        "res.users", "Answered by", readonly=True, copy=False
    )
    answer_id = fields.Many2one(
        "sms.message", readonly=True, copy=False, ondelete="set null"
    )
    answer_kind = fields.Selection(
        [
            ("sms", "Answered"),
            ("other", "Dealt with"),
            ("none", "No answer needed"),
        ],
        "Settled",
        readonly=True,
        copy=False,
        help="Answered: by an SMS. Dealt with: somebody marked the activity as done, "
        "after a phone call, say.",
    )
    needs_answer = fields.Boolean(
        "Unanswered", compute="_compute_needs_answer", store=True, precompute=True
    )
    parent_body = fields.Text("Answer to", related="parent_id.body")
    conversation = fields.Html(compute="_compute_conversation", sanitize=False)

    _incoming = models.Index("(sent_date) WHERE direction = 'incoming'")
    # As the list of replies is sorted, so that it reads one page of them only.
    _incoming_by_need = models.Index(
        "(COALESCE(needs_answer, FALSE), sent_date, id) WHERE direction = 'incoming'"
    )
    _unanswered = models.Index("(sent_date) WHERE needs_answer IS TRUE")
    _answers = models.Index("(answer_id) WHERE answer_id IS NOT NULL")

    def _engine_fields(self):
        return super()._engine_fields() | ANSWER_FIELDS

    @api.depends("direction", "reply_class", "answered_date")
    def _compute_needs_answer(self):
        for message in self:
            asked = message.direction == "incoming" and message.reply_class != "opt_out"
            message.needs_answer = asked and not message.answered_date

    # -- answered ----------------------------------------------------------------------

    def _send_single(self):
        """What a person sends to a customer answers the replies from there."""
        result = super()._send_single()
        if self.env.uid != SUPERUSER_ID and not self.opt_out_confirmation:
            self._replies_answered()._settle_replies("sms", self)
        return result

    def _replies_answered(self):
        """Replies of this customer, or number, that nobody has answered yet."""
        # sudo: a colleague's replies are answered too; their texts are not shown.
        answer = self.sudo()
        customers = answer.partner_id | answer.parent_id.partner_id
        return answer.search(
            [
                ("direction", "=", "incoming"),
                ("answered_date", "=", False),
                ("company_id", "=", answer.company_id.id),
                "|",
                "|",
                ("phone", "=", answer.phone),
                ("id", "=", answer.parent_id.id),
                ("partner_id", "in", customers.ids),
            ]
        )

    def _settle_replies(self, kind, answer=None):
        """Note that these are answered, and close what reminded of them."""
        self._set_answered(kind, answer)
        # sudo: see _set_answered.
        self.sudo()._close_reply_activities()

    def _set_answered(self, kind, answer=None):
        """Note who answered, when and how."""
        values = {
            "answered_date": fields.Datetime.now(),
            "answered_by_id": self.env.uid,
            "answer_id": answer.id if answer else False,
            "answer_kind": kind,
        }
        # sudo: what happened is the engine's to write.
        self.sudo().write(values)

    def _close_reply_activities(self):
        """Nobody is reminded any more of customers of whom nothing waits."""
        customers = self.partner_id
        waiting = self._waiting_of(customers).partner_id
        self._reply_activities(customers - waiting).action_feedback()

    @api.model
    def _waiting_of(self, partners):
        """Replies of these customers that wait for an answer."""
        return self.search(
            [("partner_id", "in", partners.ids), ("needs_answer", "=", True)]
        )

    @api.model
    def _deal_with(self, partners):
        """A person has marked the activity of these customers as done.

        Others that people planned for themselves stay: to call back tomorrow, say.
        """
        # sudo: the activity may be another's than the replies; so may the companies.
        companies = self.env.user.company_ids
        waiting = self.sudo()._waiting_of(partners)
        waiting.filtered(lambda m: m.company_id in companies)._set_answered("other")

    def action_cancel(self):
        """An answer that has not left answers nothing."""
        result = super().action_cancel()
        # sudo: see _set_answered.
        self.sudo().search([("answer_id", "in", self.ids)])._set_waiting()
        return result

    def _set_waiting(self):
        """Forget that these were answered, and remind of them again."""
        self.write(dict.fromkeys(ANSWER_FIELDS - {"needs_answer"}, False))
        self._plan_activities()

    def action_no_answer_needed(self):
        """Take replies off the list of those that wait."""
        self.check_access("write")
        self.filtered("needs_answer")._settle_replies("none")

    def action_wait_again(self):
        """Put replies back that somebody took off the list without an answer."""
        self.check_access("write")
        if self.filtered("answer_id"):
            raise UserError(self.env._("This reply was answered by an SMS."))
        # sudo: see _set_answered.
        self.sudo()._set_waiting()

    def action_reply(self):
        """Write the answer in a dialog; closing it shows the reply again."""
        action = super().action_reply()
        view = self.env.ref("sms_base_sr.sms_message_view_form_answer")
        context = {**action["context"], "default_provider_id": self._answering().id}
        return {
            **action,
            "name": self.env._("Reply to %s", self.display_name),
            "views": [(view.id, "form")],
            "target": "new",
            "context": context,
        }

    def _answering(self):
        """The account that the customer wrote to, while it is in use."""
        return self.provider_id.filtered("active")

    # -- what was said before ----------------------------------------------------------

    @api.depends("phone", "company_id")
    @api.depends_context("uid", "allowed_company_ids", "lang", "tz")
    def _compute_conversation(self):
        for message in self:
            message.conversation = message._conversation_html()

    def _conversation_html(self):
        """The last messages with this number that the user may see, oldest first."""
        if not self.phone or not self._origin.id:
            return False
        messages = self.search(
            [
                ("phone", "=", self.phone),
                ("company_id", "=", self.company_id.id),
                ("state", "not in", ("draft", "canceled")),
            ],
            limit=CONVERSATION_LENGTH,
        )
        in_order = messages.sorted(lambda m: (m.sent_date or m.create_date, m.id))
        return Markup("").join(message._bubble() for message in in_order)

    def _bubble(self):
        empty = self.env._("(empty SMS)")
        side = "start" if self.direction == "incoming" else "end"
        shade = "bg-200" if self.direction == "incoming" else "bg-primary-subtle"
        when = self.sent_date or self.create_date
        labels = dict(self._fields["state"]._description_selection(self.env))
        notes = [format_datetime(self.env, when, dt_format="short")]
        if self.direction == "outgoing":
            notes += [self.run_id.name or self.user_id.name, labels[self.state]]
        return Markup(
            '<div class="d-flex justify-content-%s mb-2">'
            '<div class="rounded-3 px-3 py-2 %s" style="max-width: 80%%">%s'
            '<div class="small text-muted">%s</div></div></div>'
        ) % (
            side,
            shade,
            Markup("<br/>").join((self.body or empty).splitlines()),
            " · ".join(filter(None, notes)),
        )
