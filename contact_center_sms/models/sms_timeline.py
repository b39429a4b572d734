from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sms_base_sr.models.sms_message import STATES

from ..tools import channels


class SmsTimeline(models.Model):
    """What was said with a contact by SMS and by the ChatRoom's channels, in order.

    A view of the ChatRoom's lines and of the SMS that have none; nobody writes it.
    Who may not see a conversation sees nothing of it here.
    """

    _name = "sms.timeline"
    _description = "Contact's timeline"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "text"

    date = fields.Datetime(readonly=True)
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    channel = fields.Selection(channels.CHANNELS, readonly=True)
    direction = fields.Selection(
        [("incoming", "Received"), ("outgoing", "Sent")], readonly=True
    )
    text = fields.Text("Message", readonly=True)
    state = fields.Selection([*STATES, ("read", "Read")], readonly=True)
    user_id = fields.Many2one("res.users", "Who", readonly=True)
    run_id = fields.Many2one("sms.run", "Campaign", readonly=True)
    conversation_id = fields.Many2one("acrux.chat.conversation", readonly=True)
    sms_message_id = fields.Many2one("sms.message", "SMS", readonly=True)
    error = fields.Char("Reason", readonly=True)

    @property
    def _table_query(self):
        """Even ids are lines of the ChatRoom, odd ones SMS without one."""
        return SQL(
            f"""
            SELECT 2 * l.id AS id, l.date_message AS date,
                c.res_partner_id AS partner_id, k.company_id,
                {channels.case_sql("k.connector_type")} AS channel,
                CASE WHEN l.from_me THEN 'outgoing' ELSE 'incoming' END AS direction,
                CASE WHEN l.ttype != 'text' AND COALESCE(l.text, '') = ''
                    THEN '[' || l.ttype || ']' ELSE l.text END AS text,
                CASE WHEN m.direction = 'outgoing' THEN m.state
                    WHEN l.error_msg IS NOT NULL AND l.error_msg != '' THEN 'error'
                    WHEN NOT l.from_me AND l.read_date IS NOT NULL THEN 'read'
                    WHEN NOT l.from_me THEN 'delivered'
                    WHEN l.msgid IS NOT NULL THEN 'sent' ELSE 'outgoing' END AS state,
                CASE WHEN l.from_me THEN l.user_id END AS user_id, m.run_id,
                l.contact_id AS conversation_id, m.id AS sms_message_id,
                COALESCE(m.error_message, l.error_msg) AS error
            FROM acrux_chat_message l
            JOIN acrux_chat_conversation c ON c.id = l.contact_id
            JOIN acrux_chat_connector k ON k.id = c.connector_id
            LEFT JOIN sms_message m ON m.id = l.sms_message_id
            WHERE c.res_partner_id IS NOT NULL AND l.ttype NOT LIKE 'info%%'
            UNION ALL
            SELECT 2 * m.id + 1, m.sent_date, m.partner_id, m.company_id, 'sms',
                m.direction, m.body, m.state,
                CASE WHEN m.direction = 'outgoing' THEN m.user_id END, m.run_id,
                NULL, m.id, m.error_message
            FROM sms_message m
            WHERE m.partner_id IS NOT NULL AND m.sent_date IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM acrux_chat_message l
                JOIN acrux_chat_conversation c ON c.id = l.contact_id
                WHERE l.sms_message_id = m.id AND c.res_partner_id IS NOT NULL)
            """
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Rules of the ChatRoom and of its satellites hold here too."""
        if not self.env.su:
            domain = Domain(domain) & self._visible()
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _visible(self):
        conversations = self.env["acrux.chat.conversation"]
        visible = Domain("conversation_id", "=", False)
        if conversations.has_access("read"):
            visible |= Domain("conversation_id", "in", conversations._search([]))
        return visible

    def action_open(self):
        """Open the conversation, else the SMS."""
        self.ensure_one()
        record = self.conversation_id or self.sms_message_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "view_mode": "form",
            "res_id": record.id,
        }
