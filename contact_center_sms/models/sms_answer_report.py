from odoo import api, fields, models
from odoo.tools import SQL


class SmsAnswerReport(models.Model):
    """Customers who wait for an answer by SMS, or waited: one line each time.

    A view of the replies, so that it is always true; nobody writes it. A line begins
    with the first reply that waits and ends with the first answer.
    """

    _name = "sms.answer.report"
    _description = "Customer who waits for an SMS"
    _auto = False
    _order = "asked_date desc, id desc"
    _rec_name = "partner_id"

    reply_id = fields.Many2one("sms.message", "First reply", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True)
    phone = fields.Char(readonly=True)
    run_id = fields.Many2one("sms.run", "Campaign", readonly=True)
    conversation_id = fields.Many2one("acrux.chat.conversation", readonly=True)
    asked_date = fields.Datetime("First reply on", readonly=True)
    answered_date = fields.Datetime("First answer on", readonly=True)
    answer_id = fields.Many2one("sms.message", "First answer", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Agent",
        readonly=True,
        help="Who answered; before that who attends in the ChatRoom, else the "
        "salesperson.",
    )
    agent_id = fields.Many2one("res.users", "Attends", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    answered_by_id = fields.Many2one("res.users", "Answered by", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("answered", "Answered"),
            ("closed", "No answer needed"),
        ],
        readonly=True,
    )
    waiting = fields.Integer("Customers waiting", readonly=True)
    answered = fields.Integer("Customers answered", readonly=True)
    answer_minutes = fields.Float(
        "Minutes to the first answer (average)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
    )
    longest_minutes = fields.Float(
        "Longest wait (minutes)", readonly=True, aggregator="max", digits=(16, 1)
    )
    wait_text = fields.Char("Wait", compute="_compute_wait_text")
    body = fields.Text("Message", related="reply_id.body", related_sudo=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT m.id, m.id AS reply_id, m.company_id, m.partner_id, m.phone,
                m.run_id, l.contact_id AS conversation_id,
                m.sent_date AS asked_date, m.answered_date, m.answer_id,
                m.answered_by_id, c.agent_id, m.user_id AS salesperson_id,
                COALESCE(m.answered_by_id, c.agent_id, m.user_id) AS user_id,
                CASE WHEN m.needs_answer THEN 'waiting'
                    WHEN m.answer_id IS NOT NULL THEN 'answered'
                    ELSE 'closed' END AS state,
                CASE WHEN m.needs_answer THEN 1 ELSE 0 END AS waiting,
                CASE WHEN m.answer_id IS NOT NULL THEN 1 ELSE 0 END AS answered,
                CASE WHEN m.answer_id IS NOT NULL THEN m.waited_minutes END
                    AS answer_minutes,
                CASE WHEN m.needs_answer THEN GREATEST(0, EXTRACT(EPOCH FROM
                        (now() AT TIME ZONE 'UTC') - m.sent_date) / 60)
                    WHEN m.answer_id IS NOT NULL THEN m.waited_minutes END
                    AS longest_minutes
            FROM sms_message m
            LEFT JOIN acrux_chat_message l ON l.sms_message_id = m.id
            LEFT JOIN acrux_chat_conversation c ON c.id = l.contact_id
            WHERE m.direction = 'incoming'
              AND (m.opened_wait AND m.answered_date IS NOT NULL
                OR m.needs_answer AND NOT EXISTS (
                    SELECT 1 FROM sms_message e
                    WHERE e.direction = 'incoming' AND e.needs_answer
                      AND e.company_id = m.company_id AND e.phone = m.phone
                      AND (e.sent_date, e.id) < (m.sent_date, m.id)))
            """
        )

    @api.depends("state", "longest_minutes")
    def _compute_wait_text(self):
        for line in self:
            line.wait_text = line.state != "closed" and line._as_words(
                line.longest_minutes
            )

    def _as_words(self, minutes):
        """Two units at most: people compare at a glance."""
        minutes = int(minutes)
        if minutes < 1:
            return self.env._("under 1 min")
        if minutes < 60:
            return self.env._("%s min", minutes)
        hours, minutes = divmod(minutes, 60)
        if hours < 24:
            return self.env._(
                "%(hours)s h %(minutes)s min", hours=hours, minutes=minutes
            )
        days, hours = divmod(hours, 24)
        return self.env._("%(days)s d %(hours)s h", days=days, hours=hours)

    def action_open(self):
        """Open the conversation, else the reply."""
        self.ensure_one()
        conversation = self.conversation_id
        if conversation and conversation.has_access("read"):
            return {
                "type": "ir.actions.act_window",
                "res_model": conversation._name,
                "view_mode": "form",
                "res_id": conversation.id,
            }
        view = self.env.ref("sms_base_sr.sms_message_view_form_replies")
        return {
            "type": "ir.actions.act_window",
            "res_model": "sms.message",
            "views": [(view.id, "form")],
            "res_id": self.reply_id.id,
        }

    def action_reply(self):
        """Answer by SMS, in the dialog of *SMS › Replies*."""
        return self.reply_id.action_reply()
