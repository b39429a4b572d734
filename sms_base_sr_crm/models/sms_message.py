from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

TITLE_LENGTH = 60
ALL_LEADS = "sales_team.group_sale_salesman_all_leads"


class SmsMessage(models.Model):
    """A reply becomes a lead, once; whoever presses needs CRM's own right to make one.

    The reply goes on waiting for its answer: a lead is work to do, and the customer
    has heard nothing by it.
    """

    _inherit = "sms.message"

    lead_id = fields.Many2one(
        "crm.lead",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def _engine_fields(self):
        return super()._engine_fields() | {"lead_id"}

    def action_make_lead(self):
        """Make a lead of this reply, or open the one that was made of it."""
        self.ensure_one()
        self.check_access("write")
        self._check_may_make_lead()
        # Of two who press at the same moment the second finds the first one's.
        self.lock_for_update(allow_referencing=True)
        if not self.sudo().lead_id:
            lead = self.env["crm.lead"].create(self._lead_values())
            # sudo: what a message led to is the engine's to say.
            self.sudo().lead_id = lead
        return self.action_open_lead()

    def _check_may_make_lead(self):
        if self.direction != "incoming":
            raise UserError(self.env._("Only a customer's reply becomes a lead."))
        if not self.env["crm.lead"].has_access("create"):
            raise AccessError(
                self.env._(
                    "You may not make leads: ask your administrator for a role in "
                    "Sales."
                )
            )

    def action_open_lead(self):
        """Open the lead."""
        self.ensure_one()
        # sudo: whether one exists may be told; the form asks for the right to read it.
        lead = self.sudo().lead_id
        if not lead:
            raise UserError(self.env._("No lead was made of this reply yet."))
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "view_mode": "form",
            "res_id": lead.id,
        }

    # -- what the lead says ------------------------------------------------------------

    def _lead_values(self):
        values = {
            "name": self._lead_title(),
            "partner_id": self.partner_id.id,
            "phone": self.phone,
            "user_id": self._lead_salesperson().id,
            "company_id": self.company_id.id,
            "description": self._lead_description(),
            # sudo: the campaign's name is all that is told of its run.
            **self.sudo().run_id._utm_values(),
        }
        if not self.partner_id:
            values["contact_name"] = self.recipient_name or self.phone
        return values

    def _lead_title(self):
        words = " ".join((self.body or "").split())
        if len(words) > TITLE_LENGTH:
            words = f"{words[: TITLE_LENGTH - 1]}…"
        return self.env._(
            "SMS from %(who)s: %(words)s", who=self.display_name, words=words
        )

    def _lead_salesperson(self):
        """Who answers the reply; CRM lets many make leads for themselves only."""
        # sudo: in which companies a colleague works is not for everybody to read.
        user = self.sudo().user_id
        fits = self.company_id in user.company_ids and user.active
        if not fits or not self.env.user.has_group(ALL_LEADS):
            user = self.env.user
        return user

    def _lead_description(self):
        """What was asked and what was replied."""
        # sudo: the campaign's text is what this customer answered.
        asked = self.sudo().parent_id.body
        lines = [(self.env._("Replied"), self.body)]
        if asked:
            lines.insert(0, (self.env._("Asked"), asked))
        return Markup("").join(
            Markup("<p><b>%s:</b><br/>%s</p>")
            % (title, Markup("<br/>").join((text or "").splitlines()))
            for title, text in lines
        )
