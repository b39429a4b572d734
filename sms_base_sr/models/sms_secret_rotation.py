from odoo import api, fields, models

from ..tools.secret_box import KeyUnusable, SecretUnreadable


class SmsSecretMixin(models.AbstractModel):
    """A new key: what older keys have sealed is sealed anew, then they can go."""

    _inherit = "sms.secret.mixin"

    def _sealed_values(self):
        """Yield (record, column, ciphertext) of all secrets, as superuser."""
        for record in self.sudo():
            for column in record._sealed_columns():
                if record[column]:
                    yield record, column, record[column]

    def _seal_secrets_anew(self):
        """Seal with the newest key; return (how many, what cannot be read)."""
        box, sealed, unreadable = self._secret_box(), 0, []
        for record, column, value in self._sealed_values():
            if box.is_newest(value):
                continue
            try:
                record[column] = box.reseal(value)
                sealed += 1
            except SecretUnreadable:
                unreadable.append(record._secret_label(column))
        self._hash_secrets_anew()
        return sealed, unreadable

    def _hash_secrets_anew(self):
        """Hook: make keyed hashes of secrets anew."""

    def _secret_label(self, column):
        """The words that people know a secret by."""
        shown = self._fields.get(column.removesuffix("_sealed"))
        return (shown or self._fields[column])._description_string(self.env)


class SmsProvider(models.Model):
    """The administrator's side of a new key: what it concerns, and the button."""

    _inherit = "sms.provider"

    secret_problem = fields.Char(
        compute="_compute_secret_state",
        groups="sms_base_sr.group_sms_admin",
        exportable=False,
    )
    secret_old_count = fields.Integer(
        "Secrets of an older key",
        compute="_compute_secret_state",
        groups="sms_base_sr.group_sms_admin",
        exportable=False,
    )

    @api.depends("write_date")
    def _compute_secret_state(self):
        for provider in self:
            provider.secret_old_count, provider.secret_problem = 0, False
            try:
                old, lost = provider._inspect_secrets()
            except (KeyUnusable, OSError) as error:
                provider.secret_problem = str(error)
                continue
            provider.secret_old_count = len(old)
            if lost:
                provider.secret_problem = self._lost_words(lost)

    def _lost_words(self, labels):
        return self.env._(
            "This server's key cannot read: %s. Restore the key that encrypted it "
            "(environment variable SMS_SECRET_KEY, configuration file or key file), "
            "or enter it again.",
            ", ".join(labels),
        )

    def _inspect_secrets(self):
        """Return the labels of secrets that an older key opens, and that none does."""
        box, old, lost = self._secret_box(), [], []
        for record, column, value in self._sealed_values():
            if box.is_newest(value):
                continue
            try:
                box.open(value)
                old.append(record._secret_label(column))
            except SecretUnreadable:
                lost.append(record._secret_label(column))
        return old, lost

    def _hash_secrets_anew(self):
        """The secret path is found by its hash, which depends on the key as well."""
        result = super()._hash_secrets_anew()
        box = self._secret_box()
        for provider in self.sudo().filtered("webhook_secret_sealed"):
            try:
                hashed = box.fingerprint(box.open(provider.webhook_secret_sealed))
            except SecretUnreadable:
                continue
            if provider.webhook_hash != hashed:
                provider.webhook_hash = hashed
        return result

    def action_seal_anew(self):
        """Encrypt all secrets of this server with the new key, in a job."""
        self.env["sms.provider"].check_access("write")
        # sudo: the key is the server's, so it is about all companies' secrets.
        self.sudo().browse().with_delay(
            description=self.env._("Encrypt all secrets with the new key"),
        )._seal_anew()
        return self[:1]._notify(
            "info",
            self.env._(
                "The secrets are being encrypted with the new key. Keep the older key "
                "until this form names none of them any more."
            ),
        )

    @api.model
    def _seal_anew(self):
        """The job; what it returns is kept with it and names fields, never values."""
        sealed, lost = 0, []
        for name, model in self.env.registry.items():
            if model._abstract or not hasattr(model, "_seal_secrets_anew"):
                continue
            # sudo: see action_seal_anew.
            everything = self.env[name].sudo().with_context(active_test=False)
            # pylint: disable-next=no-search-all  # accounts are few
            for record in everything.search([]):
                count, labels = record._seal_secrets_anew()
                sealed += count
                lost += [f"{record.display_name}: {label}" for label in labels]
        told = [self.env._("Encrypted anew: %s.", sealed)]
        if lost:
            told.append(
                self.env._(
                    "No key of this server reads: %s. Enter these again.",
                    "; ".join(lost),
                )
            )
        return " ".join(told)
