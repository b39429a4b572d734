from odoo import api, models

# Names of fields whose values nobody reads, whoever may read the log.
SECRET_WORDS = ("secret", "token", "jwt", "hash", "sealed", "password", "former", "key")
HIDDEN = "********"


class SmsAuditMixin(models.AbstractModel):
    """Notes who changed which field of a record, from what to what.

    Secrets are noted as changed, never with a value.
    """

    _name = "sms.audit.mixin"
    _description = "Changes in the SMS audit log"

    def _audited_fields(self):
        """Names of the stored fields that people decide about."""
        return {
            name
            for name, field in self._fields.items()
            if (field.store or is_secret(name))
            and not (field.readonly and not is_secret(name))
            and field.type not in ("one2many", "many2many", "binary")
            and name not in models.MAGIC_COLUMNS
            and not name.endswith("_sealed")
        }

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if self._is_audited():
            self.env["sms.audit"]._note("create", records)
        return records

    def write(self, vals):
        names = sorted(self._audited_fields() & set(vals)) if self._is_audited() else []
        before = {record: record._audit_values(names) for record in self}
        result = super().write(vals)
        lines = []
        for record in self if names else ():
            after = record._audit_values(names)
            for name in names:
                old, new = before[record][name], after[name]
                if old != new or is_secret(name):
                    lines.append(record._audit_line(name, old, new))
        self.env["sms.audit"]._append(lines)
        return result

    def unlink(self):
        if self._is_audited():
            self.env["sms.audit"]._note("unlink", self)
        return super().unlink()

    def _is_audited(self):
        """Jobs and installations are nobody's decision."""
        return self.env.uid != 1 and not self.env.context.get("install_mode")

    def _audit_values(self, names):
        self.ensure_one()
        # sudo: who may write a field may not always read it.
        record = self.sudo()
        return {n: HIDDEN if is_secret(n) else shown(record, n) for n in names}

    def _audit_line(self, name, old, new):
        user = self.env.user
        company = self.company_id if "company_id" in self._fields else self.env.company
        return {
            "user_id": user.id,
            "login": user.login,
            "action": "write",
            "company_id": (company or self.env.company).id,
            "res_model": self._name,
            "res_id": self.id,
            "name": self.display_name,
            "field": name,
            "old_value": old,
            "new_value": new,
        }


def is_secret(name):
    """Whether a field's name sounds like something nobody should read."""
    return any(word in name for word in SECRET_WORDS)


def shown(record, name):
    """A field's value as people read it."""
    value = record[name]
    if isinstance(value, models.BaseModel):
        return ", ".join(value.mapped("display_name"))
    return "" if value is False or value is None else str(value)


class SmsTemplate(models.Model):
    """Who changed which text."""

    _name = "sms.template"
    _inherit = ["sms.template", "sms.audit.mixin"]

    def _audited_fields(self):
        """Core's body is a copy of our text, where there is one."""
        copies = {"body"} if any(self.mapped("message_template")) else set()
        return super()._audited_fields() - copies


class SmsProvider(models.Model):
    """Who changed which account."""

    _name = "sms.provider"
    _inherit = ["sms.provider", "sms.audit.mixin"]


class ResCompany(models.Model):
    """Who changed the SMS settings of a company."""

    _inherit = "res.company"

    def write(self, vals):
        names = sorted(n for n in vals if n.startswith("sms_") and not is_secret(n))
        before = {c: [shown(c, n) for n in names] for c in self} if names else {}
        result = super().write(vals)
        changed = [
            (company, name, old, shown(company, name))
            for company, values in before.items()
            for name, old in zip(names, values, strict=True)
        ]
        for company, name, old, new in changed:
            if old != new:
                self.env["sms.audit"]._note(
                    "write",
                    company,
                    company=company,
                    field=name,
                    old_value=old,
                    new_value=new,
                )
        return result
