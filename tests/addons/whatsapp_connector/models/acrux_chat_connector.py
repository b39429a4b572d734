import random

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get

#: the types that the vendor's own code serves; anything else belongs to an addon
VENDOR_TYPES = (
    "not_set",
    "apichat.io",
    "gupshup",
    "facebook",
    "instagram",
    "waba_extern",
    "wechat",
)
DEFAULT_ENDPOINT = "https://chatroom.example.invalid"
META_ENDPOINT = "https://graph.example.invalid"
COLORS = [
    "#FFFFFF",
    "#F06050",
    "#F4A460",
    "#F7CD1F",
    "#6CC1ED",
    "#814968",
    "#EB7E7F",
    "#2C8397",
    "#475577",
    "#D6145F",
    "#30C381",
    "#9365B8",
]


class AcruxChatConnector(models.Model):
    """One account at a messaging provider.

    Everything that leaves goes through ``ca_request`` of this model, so a new
    channel is a new ``connector_type`` that answers before the vendor's HTTP
    code. This file holds the fields; requests and numbers have their own files.
    """

    _name = "acrux.chat.connector"
    _description = "Connector Definition"
    _order = "sequence, id"

    name = fields.Char(required=True, copy=False, default="Unnamed")
    sequence = fields.Integer(required=True, default=1)
    message = fields.Html(readonly=True)
    connector_type = fields.Selection(
        selection=[
            ("not_set", "Not set"),
            ("apichat.io", "apichat.io"),
            ("gupshup", "GupShup"),
            ("facebook", "Facebook"),
            ("instagram", "Instagram"),
            ("waba_extern", "WABA"),
            ("wechat", "WeChat"),
        ],
        string="Connect to",
        required=True,
        default="apichat.io",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    team_id = fields.Many2one(
        comodel_name="crm.team", string="Sales Team", ondelete="set null"
    )
    verify = fields.Boolean(string="Verify SSL", default=True)
    source = fields.Char(string="Phone (Source)", required=True)
    odoo_url = fields.Char(required=True, default=lambda self: self.get_base_url())
    endpoint = fields.Char(
        string="API Endpoint", required=True, default=DEFAULT_ENDPOINT
    )
    token = fields.Char(required=True, copy=False)
    uuid = fields.Char(string="Account ID", required=True, copy=False)
    time_to_respond = fields.Integer(
        string="Time to Respond (Hours)", default=24, help="0 means no limit."
    )
    time_to_reasign = fields.Integer(
        string="Time to Reassign (Minutes)", default=10, help="0 means never."
    )
    time_to_done = fields.Integer(
        string="Time to Done (Days)", default=3, help="0 means never."
    )
    color = fields.Integer(required=True, default=lambda self: random.randint(1, 11))
    border_color = fields.Char(size=7, compute="_compute_border_color")
    ca_status = fields.Boolean(string="Connected", default=False)
    ca_status_txt = fields.Char(string="Status")
    ca_qr_code = fields.Binary(string="QR Code", attachment=False)
    reassign_current_conversation = fields.Boolean(default=False)
    tz = fields.Selection(
        selection=_tz_get,
        string="Time Zone",
        default=lambda self: self.env.context.get("tz"),
    )
    desk_notify = fields.Selection(
        selection=[("none", "None"), ("mines", "Mine"), ("all", "All")],
        string="Desktop Notification",
        required=True,
        default="mines",
    )
    show_icon = fields.Boolean(default=True)
    webhook_url = fields.Char(string="Webhook", compute="_compute_webhook_url")
    allow_signing = fields.Boolean(default=False)

    _name_uniq = models.Constraint("unique(name)", "The connector name must be unique.")
    _uuid_uniq = models.Constraint("unique(uuid)", "The account ID must be unique.")

    @api.depends("color")
    def _compute_border_color(self):
        for connector in self:
            connector.border_color = COLORS[connector.color % len(COLORS)]

    @api.depends("odoo_url", "uuid")
    def _compute_webhook_url(self):
        for connector in self:
            base = (connector.odoo_url or "").rstrip("/")
            connector.webhook_url = (
                f"{base}/acrux_webhook/whatsapp_connector/{connector.uuid}"
            )

    @api.constrains("team_id", "company_id")
    def _constrain_team_company(self):
        for connector in self:
            team_company = connector.team_id.company_id
            if team_company and team_company != connector.company_id:
                raise ValidationError(
                    self.env._("The sales team belongs to another company.")
                )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "team_id" in fields_list and not values.get("team_id"):
            company = values.get("company_id") or self.env.company.id
            team = self.env["crm.team"].search([("company_id", "=", company)], limit=1)
            values["team_id"] = team.id
        return values

    @api.onchange("connector_type")
    def _onchange_connector_type(self):
        for connector in self:
            if connector.is_facebook_or_instagram():
                connector.endpoint = META_ENDPOINT
            else:
                connector.endpoint = DEFAULT_ENDPOINT
            if connector.is_wechat():
                connector.time_to_respond = 48

    def is_facebook(self):
        return self.connector_type == "facebook"

    def is_instagram(self):
        return self.connector_type == "instagram"

    def is_facebook_or_instagram(self):
        return self.is_facebook() or self.is_instagram()

    def is_waba_extern(self):
        return self.connector_type == "waba_extern"

    def is_wechat(self):
        return self.connector_type == "wechat"

    def allow_caption(self):
        return not (self.is_facebook_or_instagram() or self.is_wechat())

    def check_is_valid_active(self):
        """Number validation is a service of one vendor type; not simulated."""
        return False
