from urllib.parse import urlsplit

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..tools.webhook_auth import MIN_SECRET_BYTES
from .sms_secret_mixin import MASK

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SmsProvider(models.Model):
    """How the gateway reaches us: the secret path, the addresses to copy."""

    _inherit = "sms.provider"

    webhook_base_url = fields.Char(
        "Webhook base address",
        help="Public https address of this Odoo. Empty: the system's web address.",
    )
    webhook_secret = fields.Char(
        compute="_compute_secrets", copy=False, exportable=False
    )
    webhook_secret_sealed = fields.Char(groups=fields.NO_ACCESS, copy=False)
    webhook_hash = fields.Char(
        groups=fields.NO_ACCESS, copy=False, index="btree_not_null"
    )
    jwt_secret = fields.Char(
        "JWT secret",
        compute="_compute_secrets",
        inverse="_inverse_jwt_secret",
        copy=False,
        exportable=False,
        help="At least 32 characters. Signs webhooks on the fixed addresses (HS256).",
    )
    jwt_secret_sealed = fields.Char(groups=fields.NO_ACCESS, copy=False)
    webhook_url = fields.Char(
        "Webhook address",
        compute="_compute_webhook_url",
        groups="sms_base_sr.group_sms_admin",
        exportable=False,
    )
    webhook_reply_url = fields.Char(
        "Webhook address for replies",
        compute="_compute_webhook_url",
        groups="sms_base_sr.group_sms_admin",
        exportable=False,
    )
    webhook_status_url = fields.Char(
        "Webhook address for delivery reports",
        compute="_compute_webhook_url",
        groups="sms_base_sr.group_sms_admin",
        exportable=False,
    )

    def _inverse_jwt_secret(self):
        for provider in self:
            secret = (provider.jwt_secret or "").strip()
            if secret not in ("", MASK) and len(secret.encode()) < MIN_SECRET_BYTES:
                raise ValidationError(
                    self.env._(
                        "JWT secret: enter at least %s characters; a shorter one "
                        "can be guessed, and would never be accepted.",
                        MIN_SECRET_BYTES,
                    )
                )
        self._inverse_secret("jwt_secret")

    def _ensure_secret(self):
        """Give each provider a path secret of its own."""
        for provider in self:
            if not provider.sudo().webhook_secret_sealed:
                provider._rotate_webhook_secret()

    def _rotate_webhook_secret(self):
        self.ensure_one()
        secret = self._new_secret()
        self._set_secret("webhook_secret", secret)
        # sudo: the hash is closed to everybody (groups=".").
        self.sudo().webhook_hash = self._secret_box().fingerprint(secret)
        self.env.registry.clear_cache()

    def action_rotate_webhook_secret(self):
        """Make a new secret path; the old one stops working at once."""
        self.check_access("write")
        self._rotate_webhook_secret()

    @api.depends("webhook_base_url", "provider_type")
    def _compute_webhook_url(self):
        for provider in self:
            url = provider._webhook_url() or False
            provider.webhook_url = url
            provider.webhook_reply_url = url and f"{url}/reply"
            provider.webhook_status_url = url and f"{url}/status"

    def _webhook_url(self):
        """The address that the gateway is given, or None where it has no webhook."""
        self.ensure_one()
        path = self._webhook_path()
        secret = self._get_secret("webhook_secret") if path else None
        return f"{self._webhook_base()}{path}/{secret}" if secret else None

    def _webhook_path(self):
        """Path below which the provider type receives, without the secret."""
        return ""

    def _webhook_base(self):
        parameters = self.env["ir.config_parameter"].sudo()
        base = self.webhook_base_url or parameters.get_param("web.base.url")
        return base.rstrip("/")

    @api.model
    def _is_safe_base(self, url):
        parts = urlsplit(url)
        return parts.scheme == "https" or parts.hostname in LOOPBACK

    @api.model
    def _by_webhook_secret(self, secret):
        """Return the active provider that owns a secret path, or nothing."""
        fingerprint = self._secret_box().fingerprint(secret)
        try:
            return self.browse(self._id_by_webhook_hash(fingerprint))
        except LookupError:
            return self.browse()

    @api.model
    @tools.ormcache("fingerprint")
    def _id_by_webhook_hash(self, fingerprint):
        provider = self.sudo().search([("webhook_hash", "=", fingerprint)], limit=1)
        if not provider:
            # Raised, so not cached: strangers would push out what others need.
            raise LookupError(fingerprint)
        return provider.id

    def write(self, vals):
        if "active" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)
