"""A concrete campaign over partners, added to the registry for some tests."""

from odoo import fields, models
from odoo.orm.model_classes import add_to_registry

from odoo.addons.sms_base_sr.tools.planning import Recipient

NAME = "sms.test.campaign"


class SmsTestCampaign(models.Model):
    """The least that a campaign declares: audience, variables and who pays."""

    _name = NAME
    _inherit = ["sms.campaign.mixin"]
    _description = "SMS campaign for tests"
    # No module owns it: it must not be loaded with this addon.
    _module = None

    name = fields.Char()
    company_id = fields.Many2one("res.company")
    user_id = fields.Many2one("res.users")

    def _sms_audience_page(self, after_id, limit):
        domain = [("id", ">", after_id), ("ref", "=", "campaign")]
        partners = self.env["res.partner"].search(domain, order="id", limit=limit)
        return [
            Recipient(p.id, p.phone, p.phone_sanitized, {"name": p.name}, p.id)
            for p in partners
        ]

    def _sms_variable_names(self):
        return super()._sms_variable_names() | {"name"}

    def _sms_company(self):
        return self.company_id or super()._sms_company()

    def _sms_salesperson(self):
        return self.user_id


def add_campaign_model(case):
    """Add the model and its table for one test class; the table is rolled back."""
    registry, cr = case.registry, case.env.cr
    add_to_registry(registry, SmsTestCampaign)
    case.addClassCleanup(remove_campaign_model, registry, cr)
    registry._setup_models__(cr, [NAME])
    registry.init_models(cr, [NAME], {"models_to_check": True})
    case.env["ir.model.access"].create(
        {
            "name": NAME,
            "model_id": case.env["ir.model"]._get_id(NAME),
            "group_id": case.env.ref("base.group_user").id,
            "perm_read": True,
        }
    )
    case.env["ir.model.access"].create(
        {
            "name": NAME,
            "model_id": case.env["ir.model"]._get_id(NAME),
            "group_id": case.env.ref("sms_base_sr.group_sms_campaign").id,
            "perm_read": True,
            "perm_write": True,
        }
    )


def remove_campaign_model(registry, cr):
    """Take the model out again, so that no other test meets it."""
    if NAME in registry:
        del registry[NAME]
        registry._setup_models__(cr, [])
