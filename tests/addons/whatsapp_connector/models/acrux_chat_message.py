from odoo import api, fields, models


class AcruxChatMessage(models.Model):
    """One line of a conversation, received, sent or for information.

    Creating an outgoing message sends nothing: ``message_send`` does, in its
    own file. ``msgid`` has neither index nor unique constraint, as in the app.
    """

    _name = "acrux.chat.message"
    _description = "Chat Message"
    _inherit = "acrux.chat.base.message"
    _order = "date_message desc, id desc"

    name = fields.Char(compute="_compute_name", store=True)
    contact_id = fields.Many2one(
        comodel_name="acrux.chat.conversation",
        string="Conversation",
        required=True,
        ondelete="cascade",
        index=True,
    )
    connector_id = fields.Many2one(related="contact_id.connector_id", store=True)
    company_id = fields.Many2one(related="contact_id.company_id", store=True)
    from_me = fields.Boolean(string="Sent", index=True)
    msgid = fields.Char(string="Message ID", copy=False)
    date_message = fields.Datetime(
        string="Date", required=True, default=fields.Datetime.now, copy=False
    )
    read_date = fields.Datetime(index=True, copy=False)
    sent_date = fields.Datetime(index=True, copy=False)
    date_delete = fields.Datetime(copy=False)
    error_msg = fields.Char(string="Error", readonly=True, copy=False)
    event = fields.Selection(
        selection=[
            ("unanswered", "Unanswered"),
            ("to_new", "To New"),
            ("to_curr", "To Current"),
            ("to_done", "To Done"),
        ],
    )
    user_id = fields.Many2one(comodel_name="res.users", string="Salesperson")
    quote_id = fields.Many2one(
        comodel_name="acrux.chat.message", string="Quoted Message", ondelete="set null"
    )
    metadata_type = fields.Selection(
        selection=[("none", "None"), ("apichat_preview_post", "Preview")],
        required=True,
        default="none",
    )
    metadata_json = fields.Json()
    contact_name = fields.Char()
    contact_number = fields.Char()
    try_count = fields.Integer()
    show_product_text = fields.Boolean(default=True)
    title_color = fields.Char(related="contact_id.border_color")
    is_signed = fields.Boolean()
    mute_notify = fields.Boolean()

    @api.depends("text")
    def _compute_name(self):
        for message in self:
            message.name = (message.text or "")[:10]

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("user_id") and vals.get("contact_id"):
                if vals.get("from_me"):
                    user = self.env.user
                else:
                    user = self.get_contact_user(vals["contact_id"])
                vals["user_id"] = user.id
        return super().create(vals_list)

    @api.model
    def get_contact_user(self, conv_id):
        """Who an incoming message is for; ``conv_id`` is an id."""
        conversation = self.env["acrux.chat.conversation"].browse(conv_id)
        salesperson = conversation.res_partner_id.user_id
        return conversation.agent_id or salesperson or self.env.user

    @api.model
    def get_fields_to_read(self):
        return [
            "id",
            "contact_id",
            "text",
            "ttype",
            "from_me",
            "msgid",
            "date_message",
            "read_date",
            "sent_date",
            "date_delete",
            "error_msg",
            "event",
            "user_id",
            "quote_id",
            "res_model",
            "res_id",
            "title_color",
            "is_signed",
        ]

    def get_js_dict(self, fields_to_read=None, load="_classic_read"):
        return self.read(fields_to_read or self.get_fields_to_read(), load=load)

    def post_create_from_json(self, data):
        """Fill what an incoming message has besides its text."""
        self.ensure_one()
        vals = {
            name: data[name]
            for name in ("contact_name", "contact_number")
            if data.get(name)
        }
        if data.get("metadata"):
            vals["metadata_json"] = data["metadata"]
        if vals:
            self.write(vals)
        if data.get("url"):
            self.add_attachment(data)

    def add_attachment(self, data):
        """Keep the address of the media; the stand-in downloads nothing."""
        self.ensure_one()
        attachment = self.env["ir.attachment"].create(
            {
                "name": data.get("filename") or self.ttype,
                "type": "url",
                "url": data["url"],
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.write({"res_model": attachment._name, "res_id": attachment.id})

    def process_message_event(self, data):
        """Apply what the provider says later about a message."""
        self.ensure_one()
        if data["type"] == "failed":
            self.error_msg = data["reason"]
        elif data["type"] == "deleted":
            self.date_delete = fields.Datetime.now()
