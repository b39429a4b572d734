from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_amount, formatLang

from ..tools import segments, template_check, text_template

MOST = 1000


class SmsTemplateTest(models.TransientModel):
    """The dialog that writes a text for many contacts, to see what would go wrong.

    It reads with the rights of whoever asks, sends nothing and keeps nothing.
    """

    _name = "sms.template.test"
    _description = "Try an SMS template on many contacts"

    template_id = fields.Many2one("sms.template", required=True, ondelete="cascade")
    campaign = fields.Reference(
        selection="_selection_campaign",
        string="Contacts of",
        help="Empty: the newest records that the template is used for.",
    )
    count = fields.Integer("How many", default=200)
    report = fields.Html(compute="_compute_report", sanitize=False)

    @api.model
    def _selection_campaign(self):
        """Campaigns that this user may read."""
        campaigns = self.env["sms.campaign.mixin"]._sms_campaign_models()
        return [
            (name, label)
            for name, label in campaigns
            if self.env[name].has_access("read")
        ]

    @api.depends("template_id", "campaign", "count")
    def _compute_report(self):
        for wizard in self:
            template = wizard.template_id
            wizard.report = template and self.env["ir.qweb"]._render(
                "sms_base_sr.sms_template_test_report", wizard._report_values()
            )

    def _report_values(self):
        """What the report shows: a refusal, or the sums."""
        campaign = self.campaign
        company = campaign._sms_company() if campaign else self.env.company
        text = self.template_id.message_template or ""
        message_class = self.template_id.message_class
        if campaign:
            message_class = campaign._sms_message_class()
        text = company.sudo()._sms_with_suffix(text, message_class)
        try:
            template = text_template.compile_text(text)
        except text_template.TemplateError as error:
            return {"error": str(error)}
        unknown = template.missing(self._names())
        if unknown:
            reason = self.env._("Unknown variables: %s.", ", ".join(unknown))
            return {"error": reason}
        sample = template_check.check(template, self._recipients())
        provider = self.env["sms.provider"].sudo()._default_provider(company)
        return {"error": "", "sample": sample, **self._figures(sample, provider)}

    def _figures(self, sample, provider):
        mean = sample.total / sample.written if sample.written else 0
        price = provider.price_per_segment
        currency = provider.company_id.currency_id or self.env.company.currency_id
        longest = sample.longest and {
            "name": sample.longest[0],
            "text": sample.longest[1],
            "size": segments.measure(sample.longest[1]),
        }
        return {
            "missing": sample.missing.most_common(),
            "errors": sample.errors.most_common(),
            "parts": sorted(sample.parts.items()),
            "mean": formatLang(self.env, mean, digits=2),
            "price": format_amount(self.env, mean * price, currency),
            "longest": longest,
        }

    def _names(self):
        if self.campaign:
            return self.campaign._sms_variable_names()
        variables = self.env["sms.template.variables"]
        return variables._names(self.template_id.applies_to or "all")

    def _recipients(self):
        """(name, values) of those whom the text is written for."""
        if not 1 <= self.count <= MOST:
            raise UserError(self.env._("How many: enter 1 to %s.", MOST))
        if self.campaign:
            return self._recipients_of_campaign()
        return self._recipients_of_records()

    def _recipients_of_campaign(self):
        campaign = self.campaign
        campaign.check_access("read")
        common = campaign._sms_common_values()
        for recipient in campaign._sms_spread_recipients(self.count):
            label = recipient.values.get("name") or recipient.raw_phone or ""
            yield label, {**common, **recipient.values}

    def _recipients_of_records(self):
        variables = self.env["sms.template.variables"]
        kind = self.template_id.applies_to or "all"
        name = self.template_id._sms_preview_model(kind)
        if not name:
            return
        examples = variables._example_values(kind)
        for record in self.env[name].search([], limit=self.count, order="id desc"):
            own = variables._values_of_record(record)
            yield record.display_name, {**examples, **own}
