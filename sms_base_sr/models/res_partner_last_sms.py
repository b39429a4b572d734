from odoo import api, fields, models
from odoo.tools import SQL

SHOWN = 60


class ResPartner(models.Model):
    """The contact's last SMS, for a glance at form and list, and the button to write.

    One query for all contacts of a list; nothing is stored.
    """

    _inherit = "res.partner"

    last_sms_text = fields.Char("Last SMS: text", compute="_compute_last_sms")
    last_sms_state = fields.Selection(
        selection=lambda self: self._sms_choices("state"),
        string="Last SMS: state",
        compute="_compute_last_sms",
    )
    last_sms_direction = fields.Selection(
        selection=lambda self: self._sms_choices("direction"),
        string="Last SMS: direction",
        compute="_compute_last_sms",
    )

    def _sms_choices(self, name):
        messages = self.env["sms.message"]
        return messages._fields[name]._description_selection(self.env)

    @api.depends("sms_message_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_last_sms(self):
        found = {}
        if self.env["sms.message"].has_access("read"):
            found = self._read_last_sms()
        for partner in self:
            text, state, direction = found.get(partner._origin.id, (False,) * 3)
            partner.last_sms_text = shortened(text)
            partner.last_sms_state = state
            partner.last_sms_direction = direction

    def _read_last_sms(self):
        """Return {partner id: (text, state, direction)}, as far as one may see them."""
        messages = self.env["sms.message"]
        messages.flush_model()
        own = [("partner_id", "in", self.ids), ("sent_date", "!=", False)]
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT ON (partner_id) partner_id, body, state, direction
                FROM sms_message WHERE id IN %s
                ORDER BY partner_id, sent_date DESC, id DESC
                """,
                messages._search(own).subselect(),
            )
        )
        return {partner: row for partner, *row in self.env.cr.fetchall()}

    def action_sms_compose(self):
        """Open the dialog *Send SMS* for this contact."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send SMS"),
            "res_model": "sms.composer",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_res_model": self._name,
                "default_res_id": self.id,
                "default_composition_mode": "comment",
            },
        }


def shortened(text, size=SHOWN):
    """The beginning of a text, in one line."""
    line = " ".join((text or "").split())
    return f"{line[: size - 1]}…" if len(line) > size else line or False
