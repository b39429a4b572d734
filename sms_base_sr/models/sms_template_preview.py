import difflib

from odoo import models

from ..tools import segments, template_check, text_template


class SmsTemplate(models.Model):
    """What the form shows while one types: the text for a record, size and gaps."""

    _inherit = "sms.template"

    def sms_preview(self, text=None, applies_to=None, message_class=None, near=None):
        """Describe a text that need not be saved yet.

        :param near: ``[record id, step]``: the record itself, or the next (1) or the
            previous (-1) one
        """
        text = self._sms_preview_text(text)
        kind = applies_to or self.applies_to or "all"
        record = self._sms_preview_record(kind, near)
        variables = self.env["sms.template.variables"]
        company = variables._company_of(record) if record else self.env.company
        # Of the user's own company until a record says otherwise.
        message_class = message_class or self.message_class
        whole = company.sudo()._sms_with_suffix(text, message_class) if text else ""
        return {
            "record": self._describe_record(record),
            "model": self._sms_preview_model(kind),
            "variables": self._describe_variables(kind),
            **self._describe_text(whole, kind, record, company),
        }

    def _sms_preview_text(self, text):
        """Who may not write templates sees the stored one only."""
        if text is None or not self.has_access("write"):
            return self.message_template or ""
        return text

    def _sms_preview_model(self, kind):
        """The model of the records to choose from; False where it may not be read."""
        models_of = self.env["sms.template.variables"]._models()
        name = models_of.get("res_partner" if kind == "all" else kind)
        if not name or not self.env[name].has_access("read"):
            return False
        return name

    def _sms_preview_record(self, kind, near):
        """The record asked for, else the last one; empty where there is none."""
        name = self._sms_preview_model(kind)
        if not name:
            return None
        records = self.env[name]
        near_id, step = map(int, near or (0, 0))
        if not near_id:
            return records.search([], limit=1, order="id desc")
        operator, order = {1: (">", "id"), -1: ("<", "id desc")}.get(step, ("=", "id"))
        found = records.search([("id", operator, near_id)], limit=1, order=order)
        # After the last comes the first again.
        return found or records.search([], limit=1, order=order)

    # -- words and figures -------------------------------------------------------------

    def _describe_record(self, record):
        return {"id": record.id, "name": record.display_name} if record else False

    def _describe_variables(self, kind):
        """Each allowed variable, as it would be printed."""
        variables = self.env["sms.template.variables"]
        kinds = self._sms_kinds_of_values()
        whole = self.env.company.sms_cpf_whole
        return [
            {
                "name": variable.name,
                "kind": kinds[variable.kind],
                "meaning": variable.meaning,
                "example": str(variable.written(variable.example, whole)),
                "alias": variable.alias,
            }
            for variable in variables._declared(kind)
        ]

    def _sms_kinds_of_values(self):
        return {
            "text": self.env._("text"),
            "name": self.env._("text"),
            "first_name": self.env._("text"),
            "money": self.env._("money"),
            "number": self.env._("number"),
            "date": self.env._("date"),
            "cpf": self.env._("CPF"),
            "phone": self.env._("telephone"),
        }

    def _describe_text(self, text, kind, record, company):
        """The rendered text, or what is wrong with it."""
        told = {"text": "", "error": "", "unknown": [], "missing": []}
        try:
            template = text_template.compile_text(text)
        except text_template.TemplateError as error:
            return {**told, "error": str(error)}
        variables = self.env["sms.template.variables"]
        unknown = template.missing(variables._names(kind))
        told["unknown"] = [self._describe_unknown(name, kind) for name in unknown]
        if unknown:
            return told
        values = variables._example_values(kind)
        if record:
            own = variables._values_of_record(record, company)
            values = {**values, **own}
        outcome = template_check.attempt(template, values)
        if outcome.error:
            return {**told, "error": str(outcome.error)}
        told.update(text=outcome.text, missing=outcome.missing)
        return {**told, **self._describe_size(outcome.text, company)}

    def _describe_unknown(self, name, kind):
        """A variable that is not allowed here: who knows it, or what was meant."""
        variables = self.env["sms.template.variables"]
        labels = dict(self._fields["applies_to"]._description_selection(self.env))
        known = [
            labels.get(other, other)
            for other in variables._models()
            if other != kind and name in variables._names(other)
        ]
        usual = [v.name for v in variables._declared(kind) if not v.alias]
        meant = difflib.get_close_matches(name, usual, n=1)
        return {
            "name": name,
            "known_for": ", ".join(known),
            "meant": "" if known or not meant else meant[0],
        }

    def _describe_size(self, text, company):
        size, _plain, plain_size = segments.compare(text)
        # sudo: of the account only its price is told.
        provider = self.env["sms.provider"].sudo()._default_provider(company)
        return {
            "segments": size.segments,
            "characters": size.characters,
            "unicode": size.encoding == segments.UCS2,
            "culprits": segments.culprits(text),
            "plain_segments": plain_size.segments,
            "price": round(size.segments * provider.price_per_segment, 4),
            "currency_id": company.sudo().currency_id.id,
        }
