from odoo import api, fields, models

from ..tools import template_check, text_template


class SmsComposer(models.TransientModel):
    """The texts of our templates, for records of any model, gaps included.

    For companies whose SMS we send; for others Odoo's dialog stays as it is.
    """

    _inherit = "sms.composer"

    # Then there is nothing to type: the dialog shows each one's text instead.
    sms_template_is_ours = fields.Boolean(compute="_compute_sms_template_is_ours")

    @api.depends("template_id", "composition_mode")
    @api.depends_context("company")
    def _compute_sms_template_is_ours(self):
        for composer in self:
            many = composer.composition_mode == "mass" and composer.sms_native
            composer.sms_template_is_ours = many and composer._sms_ours()

    def _sms_ours(self):
        return bool(self.template_id.message_template)

    def _sms_outcome(self, record):
        """The text for one record; its gaps stand as ``[name]``."""
        variables = self.env["sms.template.variables"]
        company, template = self.env.company, self.template_id
        source = company.sudo()._sms_with_suffix(
            template.message_template, template.message_class
        )
        values = {
            **variables._values_of_sender(self.env.user, company),
            **variables._values_of_records(record, company)[record.id],
        }
        try:
            compiled = text_template.compile_text(source)
        except text_template.TemplateError as error:
            return template_check.Outcome(error=error)
        return template_check.attempt(compiled, values)

    @api.depends("composition_mode", "res_model", "res_id", "template_id")
    def _compute_body(self):
        """Rather a gap that is shown than an error instead of a dialog."""
        single = self.filtered(
            lambda c: c.sms_native and c._sms_ours() and c.comment_single_recipient
        )
        for composer in single:
            outcome = composer._sms_outcome(composer._get_records())
            composer.body = outcome.text
        return super(SmsComposer, self - single)._compute_body()

    def _prepare_body_values(self, records):
        """For many, each record's own text; none where a value is missing."""
        many = self.composition_mode == "mass" and self._sms_ours()
        if not (many and self.sms_native and self.body == self.template_id.body):
            return super()._prepare_body_values(records)
        outcomes = {record.id: self._sms_outcome(record) for record in records}
        return {
            key: "" if outcome.missing or outcome.error else outcome.text
            for key, outcome in outcomes.items()
        }

    def _filter_out_and_handle_revoked_sms_values(self, sms_values_all):
        """Whose text has a gap gets no SMS; the dialog has said so."""
        values = super()._filter_out_and_handle_revoked_sms_values(sms_values_all)
        refused = self._sms_refused(self.env[self.res_model].browse(values))
        values = {key: row for key, row in values.items() if key not in refused}
        if not (self.sms_native and self._sms_ours()):
            return values
        return {key: row for key, row in values.items() if row["body"].strip()}

    def _sms_refused(self, records):
        """{id: reason} of records that nobody texts; holds without our provider too."""
        campaign = self.env["sms.composer.campaign"].new({"res_model": records._name})
        return campaign._sms_refused(records)
