import json
from ast import literal_eval

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ..models.res_partner_last_sms import shortened


class SmsComposer(models.TransientModel):
    """Whom the dialog writes to; a whole long list is a domain, never a list of ids.

    Odoo hands the ids of up to 20,000 chosen records to the form, and looks at each
    again whenever something changes.
    """

    _inherit = "sms.composer"

    sms_native = fields.Boolean(compute="_compute_sms_native")
    sms_domain = fields.Char(help="All records of a list that was chosen as a whole.")
    sms_as_campaign = fields.Boolean(compute="_compute_sms_as_campaign")
    sms_may_send = fields.Boolean(compute="_compute_sms_as_campaign")
    sms_to = fields.Char("To", compute="_compute_sms_to")

    @api.model
    def _sms_provider(self):
        """The provider that takes this company's own SMS; empty for Odoo's way."""
        # sudo: whoever writes an SMS need not see accounts.
        return self.env.company.sudo().sms_native_provider_id

    @api.depends_context("company")
    def _compute_sms_native(self):
        self.sms_native = bool(self._sms_provider())

    @api.depends("composition_mode", "res_ids_count")
    @api.depends_context("company", "uid")
    def _compute_sms_as_campaign(self):
        limit = self.env.company.sudo().sms_composer_limit
        manager = self.env.user.has_group("sms_base_sr.group_sms_campaign")
        for composer in self:
            many = composer.composition_mode == "mass" and composer.sms_native
            composer.sms_as_campaign = many and composer.res_ids_count > limit
            composer.sms_may_send = not composer.sms_as_campaign or manager

    @api.depends("res_model", "res_ids_count")
    def _compute_sms_to(self):
        for composer in self:
            composer.sms_to = self.env._(
                "%(count)s chosen (%(model)s)",
                count=formatLang(self.env, composer.res_ids_count, digits=0),
                model=composer.res_model_description or "",
            )

    # -- what Odoo knows of it ---------------------------------------------------------

    @api.model
    def default_get(self, fields):
        result = super().default_get(fields)
        ids, domain = result.get("res_ids"), self.env.context.get("active_domain")
        if ids and domain and result.get("res_model") and self._sms_provider():
            limit = self.env.company.sudo().sms_composer_limit
            ids = literal_eval(ids) if isinstance(ids, str) else ids
            if len(ids) > limit and self._is_whole(result["res_model"], ids, domain):
                result |= {"sms_domain": json.dumps(domain), "res_ids": False}
        if result.get("mass_keep_log") and self._sms_provider():
            # What people send by hand is noted at once, or never.
            mode = self.env.company.sudo().sms_chatter_mode
            result["mass_keep_log"] = mode != "none"
        return result

    @api.model
    def _is_whole(self, model, ids, domain):
        """Tell whether all records of a list were chosen, or as many as Odoo hands on.

        A browser says nothing of it: it names the list's domain either way.
        """
        records = self.env[model]
        inside = records.search_count(Domain(domain) & Domain("id", "in", ids))
        if inside < len(ids):
            return False
        parameters = self.env["ir.config_parameter"].sudo()
        most = int(parameters.get_param("web.active_ids_limit", 20000))
        return len(ids) >= most or records.search_count(domain) == len(ids)

    @api.depends("sms_domain")
    def _compute_res_ids_count(self):
        whole = self.filtered("sms_domain")
        for composer in whole:
            records = self.env[composer.res_model]
            composer.res_ids_count = records.search_count(composer._sms_chosen())
        return super(SmsComposer, self - whole)._compute_res_ids_count()

    @api.depends("sms_domain")
    def _compute_recipients(self):
        """Figures of ours say it better, and do not read each record of a long list."""
        many = self.filtered("sms_as_campaign")
        many.recipient_valid_count = many.recipient_invalid_count = 0
        return super(SmsComposer, self - many)._compute_recipients()

    # -- what the engine reads ---------------------------------------------------------

    def _sms_chosen(self):
        """The domain of what was chosen, archived or not."""
        if self.sms_domain:
            return Domain(json.loads(self.sms_domain))
        ids = literal_eval(self.res_ids) if self.res_ids else [self.res_id]
        domain = Domain("id", "in", ids)
        active = self.env[self.res_model]._active_name
        return domain & Domain(active, "in", [True, False]) if active else domain

    def _sms_campaign_name(self):
        """What the list of runs calls it: the template, else how the text begins."""
        name = self.template_id.name or shortened(self.body, 40) or "SMS"
        return f"{name} ({self.sms_to})"

    def _sms_campaign_values(self):
        """A campaign that says the same to the same people."""
        template = self.template_id
        return {
            "name": self._sms_campaign_name(),
            "company_id": self.env.company.id,
            "res_model": self.res_model,
            "domain": as_json(self._sms_chosen()),
            "number_field": self.number_field_name or False,
            "message_class": template.message_class if self._sms_ours() else "service",
            "body": self.body or "",
            "sms_template_id": template.id,
            "sms_provider_id": self._sms_provider().id,
        }


def as_json(domain):
    """A domain as plain lists."""
    return json.loads(json.dumps(list(domain), default=list))
