import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import outcomes


def retire(providers):
    """For ``ondelete`` of a type whose addon goes: what was sent is not forgotten."""
    providers.write({"provider_type": "log", "active": False})


class SmsProvider(models.Model):
    """One account at one gateway: what to pay, what it allows, how it calls back.

    Administrators write it. The engine speaks to a gateway only through the verbs
    below; each looks for ``_<provider_type>_<verb>``, which the gateway's addon adds.
    """

    _name = "sms.provider"
    _inherit = ["sms.secret.mixin", "sms.company.job.mixin"]
    _description = "SMS provider"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    provider_type = fields.Selection(
        [("log", "Log only (sends nothing)")], required=True, default="log"
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    price_per_segment = fields.Float(
        digits=(16, 4), default=0.10, help="Price of one segment, not of one message."
    )
    batch_size = fields.Integer(
        default=1000, help="Messages in one call to the gateway (at most 1,000)."
    )
    poll_delay = fields.Integer(
        "Ask for missing reports after (s)",
        default=600,
        help="Seconds after which the gateway is asked for the delivery reports "
        "that no webhook has brought. Doubles with each further question.",
    )
    health_id = fields.One2many("sms.provider.health", "provider_id", readonly=True)
    suspended = fields.Boolean(related="health_id.suspended")
    suspended_reason = fields.Char(related="health_id.suspended_reason")

    _batch_size_range = models.Constraint(
        "CHECK (batch_size BETWEEN 1 AND 1000)",
        "The batch size must lie between 1 and 1,000.",
    )
    _price_positive = models.Constraint(
        "CHECK (price_per_segment >= 0)", "The price per segment cannot be negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        providers = super().create(vals_list)
        self.env["sms.provider.health"].sudo().create(
            [{"provider_id": provider.id} for provider in providers]
        )
        providers._ensure_secret()
        return providers

    @api.model
    def _default_provider(self, company):
        """Return the company's first active provider, or an empty recordset."""
        return self.search([("company_id", "=", company.id)], limit=1)

    @api.model
    def _require_provider(self, company):
        """As :meth:`_default_provider`, but say what to do where there is none."""
        provider = self._default_provider(company)
        if not provider:
            raise UserError(
                self.env._(
                    "%s has no active SMS provider: an administrator activates one "
                    "under SMS › Configuration › Providers.",
                    company.display_name,
                )
            )
        return provider

    def _dispatch(self, verb, *args, **kwargs):
        self.ensure_one()
        if not self._can(verb):
            raise UserError(
                self.env._(
                    "%(provider)s cannot do this (%(verb)s).",
                    provider=self.display_name,
                    verb=verb,
                )
            )
        return getattr(self, f"_{self.provider_type}_{verb}")(*args, **kwargs)

    def _can(self, verb):
        """Tell whether the gateway's addon implements a verb."""
        self.ensure_one()
        return hasattr(self, f"_{self.provider_type}_{verb}")

    # -- verbs: each returns plain values, so that no call needs the database -------

    def _send_batch(self, request):
        """Return a function without arguments that sends and returns an Outcome.

        Everything that the call needs is read now: while it runs, no transaction is
        open.

        :param request: :class:`~..tools.outcomes.BatchRequest`
        """
        return self._dispatch("send_batch", request)

    def _query_batch(self, reference):
        """Return a function without arguments that gives a QueryAnswer."""
        return self._dispatch("query_batch", reference)

    def _fetch_replies(self, hours):
        """Return a function without arguments that gives a list of ReplyItem.

        It gives None where the gateway had no usable answer.
        """
        return self._dispatch("fetch_replies", hours)

    def _parse_webhook(self, body):
        """Turn a decoded webhook body into items of ``tools.inbound``.

        :raises ValueError: the body is not understood; the text says why
        """
        try:
            return self._dispatch("parse_webhook", body)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("The body has not the shape that is known") from error

    # -- the provider that sends nothing ----------------------------------------------

    def _log_send_batch(self, request):
        results = tuple(
            outcomes.MessageResult(m.reference, "sent", f"log-{m.reference}")
            for m in request.messages
        )
        return lambda: outcomes.Accepted(f"log-{request.reference}", results)

    # -- buttons -----------------------------------------------------------------------

    def action_check_connection(self):
        """Ask the gateway for the balance and say what it answered."""
        self.ensure_one()
        self.check_access("write")
        if not self._can("check_connection"):
            message = self.env._("This provider sends nothing, so nothing can fail.")
            return self._notify("info", message)
        return self._dispatch("check_connection")

    def action_resume(self):
        """Let an account that is held back send again; its batches follow at once."""
        self.check_access("write")
        for provider in self.sudo():
            # sudo: health and jobs are the engine's; the check above is the permission.
            provider.health_id._resume()
            provider._wake_batches_later()

    def _notify(self, kind, message):
        """Return a notification that works from any view."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "title": self.display_name,
                "message": message,
                # What was found out shows at once.
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.constrains("webhook_base_url")
    def _check_webhook_base_url(self):
        for provider in self:
            url = provider.webhook_base_url
            if url and not provider._is_safe_base(url):
                raise ValidationError(
                    self.env._(
                        "Webhook base address: “%s” must begin with https://, so that "
                        "nobody reads the secret on the way.",
                        url,
                    )
                )

    @api.model
    def _new_secret(self):
        return secrets.token_urlsafe(32)
