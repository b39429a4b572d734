from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.webhook_auth import MIN_SECRET_BYTES
from .sms_secret_mixin import MASK

LOOPBACK = ("127.0.0.1", "localhost", "::1")
HIDDEN = "••••••••"


class SmsProvider(models.Model):
    """How the gateway reaches us: the secret path, and the secret that signs."""

    _inherit = "sms.provider"

    webhook_base_url = fields.Char(
        "Webhook base address",
        help="Public https address of this Odoo. Empty: the system's web address.",
    )
    webhook_secret = fields.Char(
        compute="_compute_secrets",
        groups="sms_base_sr.group_sms_admin",
        copy=False,
        exportable=False,
    )
    webhook_secret_sealed = fields.Char(groups=fields.NO_ACCESS, copy=False)
    webhook_hash = fields.Char(
        groups=fields.NO_ACCESS, copy=False, index="btree_not_null"
    )
    jwt_secret = fields.Char(
        "JWT secret",
        compute="_compute_secrets",
        inverse="_inverse_jwt_secret",
        groups="sms_base_sr.group_sms_admin",
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
        help="Its last part is secret: it is shown once, when it is made.",
    )
    webhook_problem = fields.Char(
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
                provider._new_webhook_secret()

    def _new_webhook_secret(self):
        self.ensure_one()
        secret = self._new_secret()
        self._set_secret("webhook_secret", secret)
        # sudo: the hash is closed to everybody (groups=".").
        self.sudo().webhook_hash = self._secret_box().fingerprint(secret)

    @api.depends("webhook_base_url", "provider_type")
    def _compute_webhook_url(self):
        for provider in self:
            path = provider._webhook_path()
            base = provider._webhook_base()
            safe = self._is_safe_base(base)
            shown = path and safe and provider.sudo().webhook_secret_sealed
            provider.webhook_url = shown and f"{base}{path}/{HIDDEN}"
            provider.webhook_problem = (
                path and not safe and self._unsafe_base_words(base)
            )

    def _webhook_url(self):
        """The address that the gateway is given, or None where it has no webhook.

        An address that is not safe is given to nobody: it would tell the secret.
        """
        self.ensure_one()
        path, base = self._webhook_path(), self._webhook_base()
        if not path or not self._is_safe_base(base):
            return None
        secret = self._get_secret("webhook_secret")
        return f"{base}{path}/{secret}" if secret else None

    def _webhook_path(self):
        """Path below which the provider type receives, without the secret."""
        return ""

    def _webhook_base(self):
        parameters = self.env["ir.config_parameter"].sudo()
        base = self.webhook_base_url or parameters.get_param("web.base.url") or ""
        return base.strip().rstrip("/")

    @api.model
    def _is_safe_base(self, url):
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        local = parts.scheme == "http" and parts.hostname in LOOPBACK
        return bool(local or (parts.scheme == "https" and parts.hostname))

    def _unsafe_base_words(self, base):
        return self.env._(
            "The gateway gets no webhook address: “%s” does not begin with https://, "
            "so anybody on the way could read the secret. Enter this Odoo's public "
            "https address as “Webhook base address”.",
            base,
        )
