from odoo import api, fields, models, tools
from odoo.exceptions import AccessError

# Records of these are no people, whatever fields they have.
NOT_PEOPLE = (
    "ir.",
    "mail.",
    "sms.",
    "base.",
    "bus.",
    "queue.",
    "phone.",
    "res.company",
    "res.bank",
)


class SmsSendModel(models.Model):
    """Where *Send SMS* is offered in lists and forms: an administrator's switches.

    A model without a row is offered where a person would look for it; rows are made
    when somebody looks, so that models of addons that came later stand there too.
    """

    _name = "sms.send.model"
    _description = "Send SMS on"
    _order = "model, id"

    model_id = fields.Many2one(
        "ir.model", "Kind of record", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char(related="model_id.name")
    model = fields.Char("Technical name", related="model_id.model", store=True)
    number_from = fields.Char("Number from", compute="_compute_number_from")
    odoos = fields.Boolean("Odoo's own", compute="_compute_odoos")
    offered = fields.Boolean("Send SMS", default=True)

    _model_unique = models.UniqueIndex("(model_id)")

    @api.depends("model_id")
    def _compute_number_from(self):
        for row in self:
            names = self._number_fields(row.model) if row.model in self.env else []
            known = self.env[row.model]._fields if names else {}
            row.number_from = ", ".join(
                known[name]._description_string(self.env) for name in names
            )

    def _compute_odoos(self):
        """Odoo offers it here itself: the switch is for the views where it does not."""
        bound = [("res_model", "=", "sms.composer"), ("binding_model_id", "!=", False)]
        actions = self.env["ir.actions.act_window"].sudo().search(bound)
        models_known = actions.binding_model_id
        for row in self:
            row.odoos = row.model_id in models_known

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # -- which models ------------------------------------------------------------------

    @api.model
    def _number_fields(self, model_name):
        """Fields that a number can be read from: phones, else the contact's."""
        model = self.env[model_name]
        if model._abstract or model._transient or model_name.startswith(NOT_PEOPLE):
            return []
        own = [n for n in model._phone_get_number_fields() if n in model._fields]
        if own or not isinstance(model, self.env.registry["mail.thread"]):
            return own
        return [n for n in model._mail_get_partner_fields() if n in model._fields]

    @api.model
    @tools.ormcache("model_name")
    def _is_offered(self, model_name):
        """Whether *Send SMS* belongs into this model's menu."""
        if model_name not in self.env or not self._number_fields(model_name):
            return False
        # sudo: the menu is made for everybody.
        row = self.sudo().search([("model", "=", model_name)], limit=1)
        return row.offered if row else self._by_default(model_name)

    @api.model
    def _by_default(self, model_name):
        """Records with a chatter, or a number that is theirs and no copy of another's.

        Users, attendees and members of teams show the number of a contact.
        """
        model = self.env[model_name]
        if isinstance(model, self.env.registry["mail.thread"]):
            return True
        known = (model._fields[name] for name in self._number_fields(model_name))
        return any(field.store and not field.related for field in known)

    @api.model
    def action_open(self):
        """Open the switches of all models there are now."""
        if not self.env.user.has_group("sms_base_sr.group_sms_admin"):
            raise AccessError(
                self.env._("Only SMS administrators choose where “Send SMS” stands.")
            )
        self.sudo()._add_missing()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "sms_base_sr.sms_send_model_action"
        )

    @api.model
    def _add_missing(self):
        rows = self._read_group([], ["model"])
        known = {model for (model,) in rows}
        found = [
            name
            for name in self.env.registry
            if name not in known and self._number_fields(name)
        ]
        id_of, offered = self.env["ir.model"]._get_id, self._by_default
        self.create([{"model_id": id_of(n), "offered": offered(n)} for n in found])
