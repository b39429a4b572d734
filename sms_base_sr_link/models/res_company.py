import re
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.sms_base_sr.models.sms_provider_webhook import LOOPBACK

HOST = re.compile(r"(https?://)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?/?", re.I)


class ResCompany(models.Model):
    """Where the short links of a company begin: this Odoo, as seen from outside."""

    _inherit = "res.company"

    sms_link_host = fields.Char(
        "Address of short links",
        help="An address by which customers reach this Odoo, as short as you have one: "
        "its letters are paid in each SMS. Empty: the address of the webhooks.",
    )

    @api.constrains("sms_link_host")
    def _check_sms_link_host(self):
        for company in self:
            host = company.sms_link_host
            if host and not HOST.fullmatch(host.strip()):
                raise ValidationError(
                    self.env._(
                        "Address of short links: enter a host like s.example.com.br, "
                        "without a path, in plain letters, digits, dots and hyphens."
                    )
                )

    def _sms_link_base(self, provider):
        """Return the address before ``/r/…``, without a slash at the end."""
        self.ensure_one()
        base = (self.sms_link_host or "").strip() or provider._webhook_base()
        if base and "://" not in base:
            base = f"https://{base}"
        return base.rstrip("/")

    @api.model
    def _sms_link_problem(self, base):
        """Say in a sentence why customers cannot, or should not, use this address."""
        parts = urlsplit(base)
        if parts.hostname in LOOPBACK:
            return self.env._(
                "The short links begin with %s, which nobody but this server reaches. "
                "Enter the “Address of short links” in the settings.",
                base,
            )
        if parts.scheme != "https":
            return self.env._(
                "The short links begin with %s and not with https://: telephones warn "
                "of such links.",
                base,
            )
        return ""
