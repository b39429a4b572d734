import logging
import secrets
from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools import webhook_auth
from ..tools.secret_box import SecretUnreadable
from ..tools.webhook_auth import Refused

_logger = logging.getLogger(__name__)

# What is known of a call before it is believed.
Call = namedtuple("Call", "door address token body")
# What a provider asks of a caller; secrets are still sealed.
Door = namedtuple("Door", "provider_id networks strict sealed facts")
# Nobody's provider: a wrong path is looked at as long as a right one.
NOBODY = Door(None, None, True, (), {})
DECOY = secrets.token_bytes(32)


class SmsProvider(models.Model):
    """Who may call: path secret, senders' addresses, signature.

    All that is asked of a call is read by one query in the call's own transaction,
    never from a cache: a secret that was taken back is refused from the commit on,
    by each worker.
    """

    _inherit = "sms.provider"

    webhook_networks = fields.Text(
        "Allowed senders",
        groups="sms_base_sr.group_sms_admin",
        help="Addresses or networks (198.51.100.0/24) that may call, one per line. "
        "Empty: any. Behind a proxy, name it under Settings › SMS as well.",
    )
    webhook_strict = fields.Boolean(
        "Signature required",
        groups="sms_base_sr.group_sms_admin",
        help="Calls on the secret address must be signed with the JWT secret too. "
        "On the fixed addresses they must be in any case.",
    )

    @api.constrains("webhook_networks")
    def _check_webhook_networks(self):
        for provider in self:
            try:
                webhook_auth.parse_networks(provider.webhook_networks)
            except ValueError as error:
                raise ValidationError(
                    self.env._("Allowed senders: %s", error)
                ) from error

    @api.constrains("webhook_strict", "jwt_secret_sealed")
    def _check_webhook_strict(self):
        # sudo: the ciphertext is closed to everybody (groups=".").
        for provider in self.sudo():
            if provider.webhook_strict and not provider.jwt_secret_sealed:
                raise ValidationError(
                    self.env._(
                        "Signature required: %s has no JWT secret, so no call could "
                        "be signed. Make one first, or switch this off.",
                        provider.display_name,
                    )
                )

    @api.model
    def _admit_by_secret(self, secret, call):
        """Return the provider of a secret path, and its token where one is required.

        All layers are gone through whatever the first of them says, so that the time
        tells nothing.

        :raises Refused: the call is not authentic
        """
        door = self._door_by_secret(secret) or NOBODY
        reasons = [] if door.provider_id else ["unknown_secret"]
        reasons += self._sender_reasons(door, call)
        verified = None
        if door.strict or reasons:
            try:
                keys = self._open_all(door.sealed) or [DECOY]
                verified = webhook_auth.verify_jwt(call.token, keys, call.body)
            except Refused as refused:
                reasons.append(refused.reason)
        if reasons:
            raise Refused(reasons[0], door.provider_id)
        return self._of_door(door), verified

    @api.model
    def _admit_by_signature(self, call):
        """Return the provider whose secret verifies the token, and the token.

        :raises Refused: the call is not authentic
        """
        pairs = [
            (door, key)
            for door in self._doors(SQL("jwt_secret_sealed IS NOT NULL"))
            for key in self._open_all(door.sealed)
        ]
        keys = [key for _door, key in pairs]
        verified = webhook_auth.verify_jwt(call.token, keys, call.body)
        door = pairs[verified.index][0]
        for reason in self._sender_reasons(door, call):
            raise Refused(reason, door.provider_id)
        return self._of_door(door), verified

    @api.model
    def _of_door(self, door):
        """Return the provider; what each call reads of it is not asked for again."""
        provider = self.browse(door.provider_id)
        provider._update_cache(door.facts, validate=False)
        return provider

    @api.model
    def _by_webhook_secret(self, secret):
        """Return the active provider that owns a secret path, or nothing."""
        door = self._door_by_secret(secret)
        return self.browse(door.provider_id if door else [])

    @api.model
    def _door_by_secret(self, secret):
        hashes = self._secret_box().fingerprints(secret)
        doors = self._doors(
            SQL(
                "(webhook_hash = ANY(%(hashes)s)"
                " OR (webhook_former_hash = ANY(%(hashes)s)"
                " AND webhook_former_until > now() AT TIME ZONE 'UTC'))",
                hashes=hashes,
            )
        )
        return doors[0] if doors else None

    @api.model
    def _doors(self, condition):
        """The active providers of a condition, in their order."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT id, webhook_networks, webhook_strict, company_id,
                    provider_type, jwt_secret_sealed,
                    CASE WHEN jwt_former_until > now() AT TIME ZONE 'UTC'
                        THEN jwt_former END
                FROM sms_provider WHERE active AND %s ORDER BY sequence, id
                """,
                condition,
            )
        )
        return [
            Door(
                *row[:3],
                tuple(filter(None, row[5:])),
                {"active": True, "company_id": row[3], "provider_type": row[4]},
            )
            for row in self.env.cr.fetchall()
        ]

    @api.model
    def _sender_reasons(self, door, call):
        networks = (door.networks or "").replace(",", " ").split()
        allowed = webhook_auth.address_allowed(call.address, networks)
        return [] if allowed else ["sender"]

    @api.model
    def _open_all(self, sealed):
        """Open the secrets that this server's key can open."""
        opened = []
        for value in sealed:
            try:
                opened.append(self._secret_box().open(value))
            except SecretUnreadable as error:
                _logger.info("A signature secret: %s", error)
        return opened
