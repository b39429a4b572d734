from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

GROUP = "sms_base_sr.group_sms_admin"


class SmsPersonErase(models.TransientModel):
    """The second question before personal data is erased: it cannot be undone.

    Administrators alone; they type a word, so that nobody erases by a slip.
    """

    _name = "sms.person.erase"
    _description = "Erase personal data"

    lookup_id = fields.Many2one("sms.person.lookup", required=True, ondelete="cascade")
    summary = fields.Html(related="lookup_id.summary")
    obstacles = fields.Text(compute="_compute_obstacles")
    erase_partners = fields.Boolean(
        "Erase the contact's own record too",
        help="Name, address and numbers are blanked, and the contact is archived. "
        "Invoices and opportunities keep pointing to it.",
    )
    reason = fields.Char(help="The request, by its number. No names or numbers.")
    word = fields.Char("Type ERASE", help="This cannot be undone.")

    @api.depends("lookup_id")
    def _compute_obstacles(self):
        for wizard in self:
            person = wizard.lookup_id._person()
            found = self.env["sms.erasure"]._obstacles(person)
            wizard.obstacles = "\n".join(found)

    def action_erase(self):
        """Erase; it goes on in a job where that is much."""
        self.ensure_one()
        if not self.env.user.has_group(GROUP):
            raise AccessError(
                self.env._("Only SMS administrators erase personal data.")
            )
        typed = (self.word or "").strip().upper()
        if typed not in ("ERASE", self.env._("ERASE")):
            raise UserError(self.env._("Type ERASE to confirm: it cannot be undone."))
        lookup = self.lookup_id
        lookup._check_may_ask()
        erasure = self.env["sms.erasure"]._begin(
            lookup._person(), self.reason, self.erase_partners
        )
        # By its own number: what it was about is nobody's to know any more.
        self.env["sms.audit"]._note(
            "erase", erasure, company=lookup.company_id, count=erasure.total
        )
        # sudo: it holds the number that was asked for.
        lookup.sudo().unlink()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Erasures"),
            "res_model": "sms.erasure",
            "res_id": erasure.id,
            "view_mode": "form",
        }
