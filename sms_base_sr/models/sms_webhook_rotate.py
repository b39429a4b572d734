from odoo import api, fields, models
from odoo.tools import SQL

LONGEST_GRACE = 720


class SmsProvider(models.Model):
    """New secrets by a button: shown once, the old ones valid for a while.

    What a gateway has accepted carries the address of its day: reports and replies
    come to it for some time after a new one is made.
    """

    _inherit = "sms.provider"

    webhook_grace = fields.Integer(
        "Old secrets stay valid for (h)",
        default=48,
        groups="sms_base_sr.group_sms_admin",
        help="After a new secret is made. 0: the old one stops working at once.",
    )
    webhook_former_hash = fields.Char(
        groups=fields.NO_ACCESS, copy=False, index="btree_not_null"
    )
    webhook_former_until = fields.Datetime(
        "Old address valid until",
        copy=False,
        readonly=True,
        groups="sms_base_sr.group_sms_admin",
    )
    jwt_former = fields.Char(groups=fields.NO_ACCESS, copy=False)
    jwt_former_until = fields.Datetime(
        "Old JWT secret valid until",
        copy=False,
        readonly=True,
        groups="sms_base_sr.group_sms_admin",
    )

    _webhook_grace_range = models.Constraint(
        f"CHECK (webhook_grace BETWEEN 0 AND {LONGEST_GRACE})",
        "Old secrets stay valid for at most 720 hours.",
    )

    @api.model
    def _sealed_columns(self):
        return [*super()._sealed_columns(), "jwt_former"]

    def action_rotate_webhook_secret(self):
        """Make a new secret path and show it, this once."""
        self.ensure_one()
        self.check_access("write")
        # sudo: hashes are closed to everybody (groups=".").
        provider = self.sudo()
        former = self._former_values(provider.webhook_hash)
        provider.webhook_former_hash, provider.webhook_former_until = former
        self._new_webhook_secret()
        return self._show_once(
            self.env._("New webhook address"), self._address_rows(), former[1]
        )

    def action_rotate_jwt_secret(self):
        """Make a new JWT secret and show it, this once."""
        self.ensure_one()
        self.check_access("write")
        # sudo: ciphertexts are closed to everybody (groups=".").
        provider = self.sudo()
        former = self._former_values(provider.jwt_secret_sealed)
        provider.jwt_former, provider.jwt_former_until = former
        secret = self._new_secret()
        self._set_secret("jwt_secret", secret)
        self.invalidate_recordset(["jwt_secret"])
        rows = [{"label": self.env._("JWT secret (HS256)"), "value": secret}]
        return self._show_once(self.env._("New JWT secret"), rows, former[1])

    def action_forget_former_secrets(self):
        """Let the old secrets stop working now: somebody else knows them."""
        self.check_access("write")
        # sudo: see above.
        self.sudo().write(
            {
                "webhook_former_hash": False,
                "webhook_former_until": False,
                "jwt_former": False,
                "jwt_former_until": False,
            }
        )

    def _former_values(self, former):
        """Return the old value and until when it is good, or nothing to keep."""
        hours = self.webhook_grace
        if not former or not hours:
            return False, False
        return former, fields.Datetime.add(fields.Datetime.now(), hours=hours)

    def _address_rows(self):
        url = self._webhook_url()
        if not url:
            return []
        return [
            {"label": self.env._("All events"), "value": url},
            {"label": self.env._("Replies"), "value": f"{url}/reply"},
            {"label": self.env._("Delivery reports"), "value": f"{url}/status"},
        ]

    def _show_once(self, title, rows, until):
        """Return the dialog; what it shows is kept nowhere in clear text."""
        note = self.env._("The old one does not work any more.")
        if until:
            shown = fields.Datetime.context_timestamp(self, until)
            note = self.env._(
                "The old one works until %s.", shown.strftime("%d/%m/%Y %H:%M")
            )
        return {
            "type": "ir.actions.client",
            "tag": "sms_base_sr.show_once",
            "params": {"title": title, "rows": rows, "note": note},
        }

    @api.autovacuum
    def _forget_expired_secrets(self):
        """Blank old secrets whose time is over."""
        for value, until in (
            ("webhook_former_hash", "webhook_former_until"),
            ("jwt_former", "jwt_former_until"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE sms_provider SET %(value)s = NULL, %(until)s = NULL"
                    " WHERE %(until)s < now() AT TIME ZONE 'UTC'",
                    value=SQL.identifier(value),
                    until=SQL.identifier(until),
                )
            )
        self.invalidate_model()
