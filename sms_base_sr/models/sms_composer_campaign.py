from odoo import fields, models
from odoo.fields import Domain

from ..tools.planning import Recipient

LITERAL = "{{ text }}"
SIGN = "{{"
# What our templates would take for their own.
SIGNS = (SIGN, "{%", "{#")


class SmsComposerCampaign(models.Model):
    """A campaign to the records of any list, made by Odoo's dialog *Send SMS*.

    The dialog makes it where so many are chosen that they are to be planned; nobody
    else writes it. Its records are read with the rights of the person who pressed
    *Send*. Unsaved, it is what the dialog's figures are read from.
    """

    _name = "sms.composer.campaign"
    _inherit = ["sms.campaign.mixin"]
    _description = "SMS campaign to a list"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    domain = fields.Json(readonly=True, help="Empty: nobody.")
    number_field = fields.Char(readonly=True)
    message_class = fields.Char(required=True, readonly=True)
    body = fields.Text(
        "Typed text", readonly=True, help="Where no template of ours is used."
    )

    # -- the audience ------------------------------------------------------------------

    def _records(self):
        """The model, with the rights of the person who sends, in this company."""
        self.ensure_one()
        records = self.env[self.res_model].with_user(self._sms_salesperson())
        # Of a job's or a caller's context nothing may widen what that person sees.
        return records.with_context(allowed_company_ids=self.company_id.ids)

    def _audience(self, *more):
        domain = Domain(self.domain) & Domain.AND(more)
        if "company_id" in self.env[self.res_model]._fields:
            domain &= Domain("company_id", "in", [False, self.company_id.id])
        return domain

    def _sms_audience_page(self, after_id, limit):
        if not self.domain:
            return []
        page = self._audience(Domain("id", ">", after_id))
        return self._recipients(self._records().search(page, order="id", limit=limit))

    def _sms_audience_ends(self):
        if not self.domain:
            return None, None
        found = self._records()
        first = found.search(self._audience(), order="id", limit=1)
        last = found.search(self._audience(), order="id desc", limit=1)
        return first.id or None, last.id or None

    def _recipients(self, records):
        """What the planner decides on, a page with a constant number of queries."""
        numbers = records._sms_get_recipients_info(
            force_field=self.number_field or False
        )
        values = self._values_of(records)
        refused = self._sms_refused(records)
        return [
            Recipient(
                source_id=record.id,
                raw_phone=numbers[record.id]["number"] or None,
                phone=numbers[record.id]["sanitized"],
                values=values[record.id],
                partner_id=numbers[record.id]["partner"].id or None,
                user_id=self._answers(record),
                excluded=refused.get(record.id),
            )
            for record in records
        ]

    def _sms_refused(self, records):
        """Hook: {id: reason} of records that nobody texts, whatever their number."""
        return {}

    def _answers(self, record):
        """The salesperson of the record answers, where it has one."""
        field = record._fields.get("user_id")
        if field and field.type == "many2one" and field.comodel_name == "res.users":
            return record.user_id.id or None
        return None

    # -- the text ----------------------------------------------------------------------

    def _is_ours(self):
        return bool(self.sms_template_id.message_template)

    def _sms_text(self):
        """What people read on the run and approve; of Odoo's syntax as a remark."""
        if self._is_ours():
            return self.sms_template_id.message_template
        typed = self.body or ""
        if not any(sign in typed for sign in SIGNS):
            return typed
        remark = typed.replace("#}", "# }")
        return f"{LITERAL}{{# {remark} #}}"

    def _values_of(self, records):
        """{id: values}: of our variables, or the text that Odoo writes for each."""
        if self._is_ours():
            return self.env["sms.template.variables"]._values_of_records(
                records, self.company_id
            )
        return {key: {"text": text} for key, text in self._odoo_texts(records).items()}

    def _odoo_texts(self, records):
        """Odoo's own way, with the rights of the person who sends."""
        template = self.sms_template_id.with_env(records.env)
        if template and self.body == template.body:
            return template._render_field("body", records.ids, compute_lang=True)
        if SIGN not in (self.body or ""):
            return dict.fromkeys(records.ids, self.body)
        render = records.env["mail.render.mixin"]._render_template
        return render(self.body, records._name, records.ids)

    def _sms_variable_names(self):
        variables = self.env["sms.template.variables"]
        kind = variables._kind_for(self.res_model) if self.res_model else None
        declared = variables._declare(kind) if kind else []
        return super()._sms_variable_names() | {v.name for v in declared} | {"text"}

    # -- what else a campaign says -----------------------------------------------------

    def _sms_company(self):
        return self.company_id

    def _sms_salesperson(self):
        # Unsaved, nobody has made it yet.
        return self.create_uid or self.env.user

    def _sms_message_class(self):
        return self.message_class
