import logging
import secrets
from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import webhook_auth
from ..tools.secret_box import SecretUnreadable
from ..tools.webhook_auth import Refused
from .sms_provider_doors import Door, in_time

_logger = logging.getLogger(__name__)

# What is known of a call before it is believed.
Call = namedtuple("Call", "door address token body")
# Who was let in: the token where one was looked at, and by which version of the door.
Entry = namedtuple("Entry", "provider verified version")
# Nobody's provider: a wrong path is looked at as long as a right one.
NOBODY = Door(None, None, True, (), (), {}, None)
DECOY = secrets.token_bytes(32)


class SmsProvider(models.Model):
    """Who may call: path secret, senders' addresses, signature.

    What is asked is known by heart and confirmed by the insert (``_admit_known``).
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
        """Let in who calls a secret path, with a token where one is required.

        All layers are gone through whatever the first of them says, so that the time
        tells nothing.

        :raises Refused: the call is not authentic
        """
        return self._admit_known(lambda doors: self._pass_secret(doors, secret, call))

    @api.model
    def _pass_secret(self, doors, secret, call):
        door = self._door_by_secret(doors, secret) or NOBODY
        reasons = [] if door.provider_id else ["unknown_secret"]
        reasons += self._sender_reasons(door, call)
        verified = None
        if door.strict or reasons:
            try:
                keys = self._open_all(door) or [DECOY]
                verified = webhook_auth.verify_jwt(call.token, keys, call.body)
            except Refused as refused:
                reasons.append(refused.reason)
        if reasons:
            raise Refused(reasons[0], door.provider_id)
        return self._enter(door, verified)

    @api.model
    def _admit_by_signature(self, call):
        """Let in whose token a provider's secret verifies.

        :raises Refused: the call is not authentic
        """
        return self._admit_known(lambda doors: self._pass_signature(doors, call))

    @api.model
    def _pass_signature(self, doors, call):
        pairs = [(door, key) for door in doors for key in self._open_all(door)]
        keys = [key for _door, key in pairs]
        verified = webhook_auth.verify_jwt(call.token, keys, call.body)
        door = pairs[verified.index][0]
        for reason in self._sender_reasons(door, call):
            raise Refused(reason, door.provider_id)
        return self._enter(door, verified)

    @api.model
    def _enter(self, door, verified):
        """Return the provider; what each call reads of it is not asked for again."""
        provider = self.browse(door.provider_id)
        provider._update_cache(door.facts, validate=False)
        return Entry(provider, verified, door.version)

    @api.model
    def _by_webhook_secret(self, secret):
        """Return the active provider that owns a secret path, or nothing."""
        door = self._door_by_secret(self._read_doors(), secret)
        return self.browse(door.provider_id if door else [])

    @api.model
    def _door_by_secret(self, doors, secret):
        hashes = set(self._secret_box().fingerprints(secret))
        owned = (door for door in doors if hashes & set(in_time(door.hashes)))
        return next(owned, None)

    @api.model
    def _sender_reasons(self, door, call):
        networks = (door.networks or "").replace(",", " ").split()
        allowed = webhook_auth.address_allowed(call.address, networks)
        return [] if allowed else ["sender"]

    @api.model
    def _open_all(self, door):
        """Open the secrets of a door that this server's key can open."""
        opened = []
        for value in in_time(door.keys):
            try:
                opened.append(self._secret_box().open(value))
            except SecretUnreadable as error:
                _logger.info("A signature secret: %s", error)
        return opened
