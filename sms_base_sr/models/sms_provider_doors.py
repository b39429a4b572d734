from collections import namedtuple
from datetime import datetime

from odoo import api, fields, models, tools

from ..tools.webhook_auth import Refused

# What a provider asks of a caller, as one version of its row says it: secrets are
# still sealed, ``keys`` and ``hashes`` are pairs of a value and the end of its time.
Door = namedtuple("Door", "provider_id networks strict keys hashes facts version")
FIELDS = {
    "active",
    "sequence",
    "company_id",
    "provider_type",
    "webhook_networks",
    "webhook_strict",
    "webhook_hash",
    "webhook_former_hash",
    "webhook_former_until",
    "jwt_secret_sealed",
    "jwt_former",
    "jwt_former_until",
}


class DoorChanged(Exception):
    """The provider was changed after its door was learnt by heart."""


class SmsProvider(models.Model):
    """What each call is asked, known by heart: a query a call would cost too much.

    A memory may be old, for an instant or by a race, and a secret that was taken back
    must be refused at once. So who is refused by heart is looked at anew, and who is
    admitted is stored only while the provider's row is of the same version: the
    insert of the body asks.
    """

    _inherit = "sms.provider"

    @api.model_create_multi
    def create(self, vals_list):
        self._forget_doors()
        return super().create(vals_list)

    def write(self, vals):
        if FIELDS & vals.keys():
            self._forget_doors()
        return super().write(vals)

    def unlink(self):
        self._forget_doors()
        return super().unlink()

    @api.model
    def _forget_doors(self):
        """Have each process read the doors anew with its next request."""
        self.env.registry.clear_cache()

    @api.model
    def _admit_known(self, admit):
        """Return what ``admit`` makes of the doors; who is refused is looked at anew.

        :raises Refused: by the doors as they are now
        """
        known = self._known_doors()
        try:
            return admit(known)
        except Refused:
            doors = self._read_doors()
            if doors == known:
                raise
            self._forget_doors()
            return admit(doors)

    @api.model
    @tools.ormcache()
    def _known_doors(self):
        return self._read_doors()

    @api.model
    def _read_doors(self):
        """The doors of all active providers, in their order."""
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT id, webhook_networks, webhook_strict,
                jwt_secret_sealed, jwt_former, jwt_former_until,
                webhook_hash, webhook_former_hash, webhook_former_until,
                company_id, provider_type, write_date
            FROM sms_provider WHERE active ORDER BY sequence, id
            """
        )
        return tuple(map(door_of, self.env.cr.fetchall()))


def door_of(row):
    """Return the door of a provider's row."""
    provider_id, networks, strict = row[:3]
    keys = ((row[3], datetime.max), (row[4], row[5])) if row[3] else ()
    hashes = ((row[6], datetime.max), (row[7], row[8]))
    facts = {"active": True, "company_id": row[9], "provider_type": row[10]}
    return Door(provider_id, networks, strict, keys, hashes, facts, row[11])


def in_time(pairs):
    """Return the values that are there and whose time has not ended."""
    now = fields.Datetime.now()
    return [value for value, until in pairs if value and until and until > now]
