"""The least of a CRM, added to the registry for one test class."""

from odoo import fields, models
from odoo.orm.model_classes import add_to_registry


class CrmTeam(models.Model):
    """A sales team with its leader."""

    _name = "crm.team"
    _description = "Sales team for tests"
    # No module owns it: it must not be loaded with this addon.
    _module = None

    name = fields.Char()
    user_id = fields.Many2one("res.users")


class CrmLead(models.Model):
    """An opportunity: whose customer, whose salesperson, whose team."""

    _name = "crm.lead"
    _description = "Opportunity for tests"
    _module = None

    name = fields.Char()
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one("res.partner")
    user_id = fields.Many2one("res.users")
    team_id = fields.Many2one("crm.team")
    company_id = fields.Many2one("res.company")


def add_crm(case):
    """Add what is missing, with tables, for one test class; it is taken out again."""
    registry, cr = case.registry, case.env.cr
    missing = [m for m in (CrmTeam, CrmLead) if m._name not in registry]
    names = [model._name for model in missing]
    for model in missing:
        add_to_registry(registry, model)
    case.addClassCleanup(remove_models, registry, cr, names)
    registry._setup_models__(cr, names)
    registry.init_models(cr, names, {"models_to_check": True})


def remove_models(registry, cr, names):
    """Take models out again, so that no other test meets them."""
    for name in names:
        if name in registry:
            del registry[name]
    registry._setup_models__(cr, [])
