from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

CONVERSATION_LENGTH = 20
ANSWER_FIELDS = {"answered_date", "answered_by_id", "answer_id", "needs_answer"}


class SmsMessage(models.Model):
    """Answering replies: which of them wait, who answered and when.

    An answer is an SMS that a person sends to the number, from whatever screen; the
    first one counts.
    """

    _inherit = "sms.message"

    answered_date = fields.Datetime("Answered on", readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        "res.users", "Answered by", readonly=True, copy=False
    )
    answer_id = fields.Many2one(
        "sms.message", readonly=True, copy=False, ondelete="set null"
    )
    needs_answer = fields.Boolean(
        "Unanswered", compute="_compute_needs_answer", store=True, precompute=True
    )
    parent_body = fields.Text("Reply", related="parent_id.body")
    conversation = fields.Html(compute="_compute_conversation", sanitize=False)

    _incoming = models.Index("(sent_date) WHERE direction = 'incoming'")
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
        """What a person sends to a number answers the replies from there."""
        result = super()._send_single()
        if self.env.uid != SUPERUSER_ID and not self.opt_out_confirmation:
            self._replies_answered()._set_answered(self)
        return result

    def _replies_answered(self):
        """Replies from this number that nobody has answered yet."""
        # sudo: a colleague's replies are answered too; their texts are not shown.
        return self.sudo().search(
            [
                ("direction", "=", "incoming"),
                ("answered_date", "=", False),
                ("company_id", "=", self.company_id.id),
                "|",
                ("phone", "=", self.phone),
                ("id", "=", self.parent_id.id),
            ]
        )

    def _set_answered(self, answer=None):
        """Note who answered and when, and close what reminded of it."""
        values = {
            "answered_date": fields.Datetime.now(),
            "answered_by_id": self.env.uid,
            "answer_id": answer.id if answer else False,
        }
        # sudo: what happened is the engine's to write.
        self.sudo().write(values)
        self.sudo()._reply_activities(self.sudo().partner_id).action_feedback()

    def action_cancel(self):
        """An answer that has not left answers nothing."""
        result = super().action_cancel()
        # sudo: see _set_answered.
        waiting = self.sudo().search([("answer_id", "in", self.ids)])
        waiting.write(dict.fromkeys(ANSWER_FIELDS - {"needs_answer"}, False))
        waiting._plan_activities()
        return result

    def action_no_answer_needed(self):
        """Take replies off the list of those that wait."""
        self.check_access("write")
        self.filtered("needs_answer")._set_answered()

    def action_wait_again(self):
        """Put replies back that somebody took off the list without an answer."""
        self.check_access("write")
        if self.filtered("answer_id"):
            raise UserError(self.env._("This reply was answered by an SMS."))
        # sudo: see _set_answered.
        self.sudo().write({"answered_date": False, "answered_by_id": False})

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
