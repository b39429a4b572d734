from odoo import models
from odoo.tools import frozendict

# An object: nothing that a browser sends can be it.
AUTOMATION = object()
OURS = (
    "sms_base_sr.sms_composer_action_list",
    "sms_base_sr.sms_composer_action_form",
)


class IrActionsActions(models.Model):
    """*Send SMS* in the menu of every model with a phone that Odoo offers none for.

    No record is bound to any model, so nothing is left behind by an addon that goes,
    and an addon that comes has it at once. *Send SMS on* says where not.
    """

    _inherit = "ir.actions.actions"

    def _get_bindings(self, model_name):
        bindings = super()._get_bindings(model_name)
        if not self.env["sms.send.model"]._is_offered(model_name):
            return bindings
        known = self._sms_views_of(bindings)
        # sudo: as Odoo reads them, for everybody; who may see one is asked later.
        refs = self.sudo().env.ref
        actions = [refs(name, raise_if_not_found=False) for name in OURS]
        new = [
            self._sms_binding(action)
            for action in actions
            if action and known.isdisjoint(action.binding_view_types.split(","))
        ]
        return frozendict({**bindings, "action": (*bindings.get("action", ()), *new)})

    def _sms_views_of(self, bindings):
        """Types of views in which Odoo offers *Send SMS* already."""
        return {
            view
            for action in bindings.get("action", ())
            if action.get("res_model") == "sms.composer"
            for view in action["binding_view_types"].split(",")
        }

    def _sms_binding(self, action):
        """One of our actions, as Odoo reads those that are bound."""
        names = ["name", "binding_view_types", "res_model", "group_ids"]
        values = action.read(names)[0]
        groups = action.env["res.groups"].browse(values["group_ids"])
        values["group_ids"] = list(groups._ensure_xml_id().values())
        return frozendict(values)


class IrActionsServer(models.Model):
    """What an administrator has set up is nobody's sending by hand."""

    _inherit = "ir.actions.server"

    def _run_action_sms_multi(self, eval_context=None):
        automation = self.with_context(sms_automation=AUTOMATION)
        return super(IrActionsServer, automation)._run_action_sms_multi(eval_context)
