from odoo import fields, models


class SmsEventBody(models.Model):
    """A webhook's or a poll's body as it came, kept once for all of its events.

    Evidence for disputes and for payloads that nobody has seen before. Controllers
    and polls insert it; nobody changes it.
    """

    _name = "sms.event.body"
    _description = "Raw SMS event"
    _order = "id desc"

    provider_id = fields.Many2one("sms.provider", required=True, ondelete="cascade")
    source = fields.Selection([("webhook", "Webhook"), ("poll", "Poll")], required=True)
    remote_address = fields.Char()
    raw = fields.Text(required=True)
