import configparser
import functools
import os
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..tools import secret_box

MASK = "********"


def write_only(name, label, **more):
    """Return the two fields of a secret: the shown one and its sealed column.

    ``x, x_sealed = write_only("x", "Label")``
    """
    shown = fields.Char(
        label,
        compute="_compute_secrets",
        inverse=lambda records: records._inverse_secret(name),
        groups="sms_base_sr.group_sms_admin",
        copy=False,
        exportable=False,
        **more,
    )
    return shown, fields.Char(groups=fields.NO_ACCESS, copy=False)


class SmsSecretMixin(models.AbstractModel):
    """Secrets that can be written and used, but never read back.

    For each secret ``x`` a model has the shown field ``x`` and the column
    ``x_sealed``. The shown field holds a mask; only :meth:`_get_secret` opens the
    ciphertext, whose key lies outside the database, so a dump reveals nothing.
    """

    _name = "sms.secret.mixin"
    _description = "Write-only secrets"

    def _compute_secrets(self):
        columns = [name for name in self._sealed_columns() if name.endswith("_sealed")]
        for record in self:
            # sudo: the ciphertext columns are closed to everybody (groups=".").
            sealed = record.sudo()
            for column in columns:
                shown = column.removesuffix("_sealed")
                record[shown] = MASK if sealed[column] else False

    @api.model
    def _sealed_columns(self):
        """Names of the columns that hold ciphertext; models add theirs."""
        return [name for name in self._fields if name.endswith("_sealed")]

    def _inverse_secret(self, name):
        """Seal what was typed; the mask itself means *unchanged*."""
        for record in self:
            value = (record[name] or "").strip()
            if value != MASK:
                record._set_secret(name, value)
        # Without this the clear text stays in the cache and goes back to the browser.
        self.invalidate_recordset([name])

    def _set_secret(self, name, value):
        sealed = self._secret_box().seal(value) if value else False
        # sudo: see _compute_secrets; callers have write access to the record.
        self.sudo().write({f"{name}_sealed": sealed})

    def _get_secret(self, name):
        """Return the clear text or None; for calls only, never for a view or a log.

        :raises UserError: the key is missing or is not the one that sealed it
        """
        self.ensure_one()
        sealed = self.sudo()[f"{name}_sealed"]
        if not sealed:
            return None
        try:
            return self._secret_box().open(sealed)
        except secret_box.SecretUnreadable as error:
            raise UserError(
                self.env._(
                    "The secret “%(field)s” of %(record)s cannot be read with this "
                    "server's key: enter the secrets again.",
                    field=self._fields[name].string,
                    record=self.display_name,
                )
            ) from error

    @api.model
    def _secret_box(self):
        """Key: environment, else configuration file, else a file beside filestores."""
        # sudo: the database's uuid is readable by administrators only.
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return open_box(uuid)


@functools.lru_cache(maxsize=16)
def open_box(database_uuid):
    """Return the box of one database; its key is read once per process."""
    keys = secret_box.load_keys(
        os.environ.get("SMS_SECRET_KEY"),
        configured_key(),
        Path(config["data_dir"]) / "sms_keys" / database_uuid,
    )
    return secret_box.SecretBox(keys)


def configured_key():
    """Return ``secret_key`` of the configuration file's section ``sms_base_sr``.

    Odoo reads the section ``options`` only, and warns of keys that it does not know.
    """
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(config.get("config") or [])
    return parser.get("sms_base_sr", "secret_key", fallback=None)
