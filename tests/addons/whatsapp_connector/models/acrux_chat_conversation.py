from odoo import api, fields, models

IMAGE_PLACEHOLDER = "/web/static/img/placeholder.png"


class AcruxChatConversation(models.Model):
    """The talk with one number through one connector.

    It is what an agent attends: it has a status, an agent and messages. This
    file holds fields and constraints; each group of behaviours has its own file.
    """

    _name = "acrux.chat.conversation"
    _description = "Chat Conversation"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "last_activity desc"

    name = fields.Char(required=True)
    number = fields.Char(string="Base number", required=True, index=True)
    number_format = fields.Char(
        string="Number", compute="_compute_number_format", store=True
    )
    conv_type = fields.Selection(
        selection=[("normal", "Normal"), ("private", "Private"), ("group", "Group")],
        string="Conversation Type",
        required=True,
        default="normal",
    )
    image_128 = fields.Image(string="Avatar", max_width=128, max_height=128)
    image_url = fields.Char(
        compute="_compute_image_url",
        store=True,
        required=True,
        default=IMAGE_PLACEHOLDER,
    )
    connector_id = fields.Many2one(
        comodel_name="acrux.chat.connector",
        required=True,
        ondelete="cascade",
        index=True,
    )
    res_partner_id = fields.Many2one(
        comodel_name="res.partner", string="Partner", ondelete="set null", index=True
    )
    status = fields.Selection(
        selection=[("new", "New"), ("current", "Current"), ("done", "Done")],
        required=True,
        default="new",
        index=True,
    )
    agent_id = fields.Many2one(
        comodel_name="res.users",
        ondelete="set null",
        domain="[('company_ids', 'in', company_id), ('is_chatroom_group', '=', True)]",
    )
    tmp_agent_id = fields.Many2one(
        comodel_name="res.users",
        string="Delegate to",
        ondelete="set null",
        domain="[('company_ids', 'in', company_id), ('is_chatroom_group', '=', True)]",
    )
    chat_message_ids = fields.One2many(
        comodel_name="acrux.chat.message",
        inverse_name="contact_id",
        string="Chat Messages",
    )
    last_activity = fields.Datetime(
        compute="_compute_last_dates",
        store=True,
        required=True,
        default=fields.Datetime.now,
    )
    last_sent = fields.Datetime(compute="_compute_last_dates", store=True)
    last_received = fields.Datetime(compute="_compute_last_dates", store=True)
    last_received_first = fields.Datetime(
        compute="_compute_last_dates",
        store=True,
        help="First message received after the last one sent.",
    )
    unanswered = fields.Boolean(compute="_compute_last_dates", store=True)
    company_id = fields.Many2one(related="connector_id.company_id", store=True)
    team_id = fields.Many2one(comodel_name="crm.team", string="Sales Team")
    border_color = fields.Char(related="connector_id.border_color")
    desk_notify = fields.Selection(related="connector_id.desk_notify")
    connector_type = fields.Selection(related="connector_id.connector_type")
    show_icon = fields.Boolean(related="connector_id.show_icon")
    allow_signing = fields.Boolean(related="connector_id.allow_signing")
    valid_number = fields.Selection(
        selection=[("yes", "Yes"), ("no", "No")], default=False
    )
    is_waba_opt_in = fields.Boolean(default=True)
    sent_opt_in = fields.Boolean()
    mute_opt_in = fields.Boolean()

    _number_connector_uniq = models.Constraint(
        "unique(number, conv_type, connector_id)",
        "This number already has a conversation with this connector.",
    )

    @api.depends("number", "connector_id", "conv_type")
    def _compute_number_format(self):
        for conversation in self:
            connector = conversation.connector_id
            if connector and conversation.conv_type == "normal":
                number = connector.format_id(conversation.number)
            else:
                number = conversation.number
            conversation.number_format = number

    @api.depends("image_128")
    def _compute_image_url(self):
        for conversation in self:
            url = IMAGE_PLACEHOLDER
            if conversation.id and conversation.image_128:
                url = f"/web/image/{self._name}/{conversation.id}/image_128"
            conversation.image_url = url

    @api.depends(
        "chat_message_ids.date_message",
        "chat_message_ids.from_me",
        "chat_message_ids.ttype",
    )
    def _compute_last_dates(self):
        for conversation in self:
            messages = conversation.chat_message_ids
            sent, received = [], []
            for message in messages:
                if message.ttype and not message.ttype.startswith("info"):
                    # the id decides between messages of the same second
                    moment = (message.date_message, message._origin.id or 0)
                    (sent if message.from_me else received).append(moment)
            last_sent = max(sent, default=None)
            waiting = [moment for moment in received if not sent or moment > last_sent]
            conversation.last_activity = max(
                messages.mapped("date_message"),
                default=conversation.last_activity or fields.Datetime.now(),
            )
            conversation.last_sent = last_sent and last_sent[0]
            conversation.last_received = max(received, default=[False])[0]
            conversation.last_received_first = min(waiting, default=[False])[0]
            conversation.unanswered = bool(waiting)

    @api.model_create_multi
    def create(self, vals_list):
        conversations = super().create(vals_list)
        if not self.env.context.get("not_download_profile_picture"):
            for conversation in conversations:
                conversation.update_conversation()
        return conversations

    def write(self, vals):
        result = super().write(vals)
        event = {"new": "to_new", "current": "to_curr", "done": "to_done"}.get(
            vals.get("status")
        )
        if event and self.env.context.get("please_log_event"):
            for conversation in self:
                conversation.event_create(event)
        return result
