from odoo import fields, models
from odoo.exceptions import UserError


class SmsMessage(models.Model):
    """Telling who wrote from a number that nobody knew."""

    _inherit = "sms.message"

    assigned_by_id = fields.Many2one(
        "res.users", "Contact assigned by", readonly=True, copy=False
    )

    def _engine_fields(self):
        return super()._engine_fields() | {"assigned_by_id"}

    def action_assign_contact(self):
        """Ask for the contact in a dialog; one that fits is proposed."""
        self.ensure_one()
        self.check_access("write")
        # sudo: numbers are kept in places that not everybody reads.
        proposed = self.sudo()._find_partner_by_phone(self.phone, self.company_id)
        proposed = proposed.sudo(False)._filtered_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who is %s?", self.phone or self.env._("this")),
            "res_model": "sms.assign.contact",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_message_id": self.id,
                "default_partner_id": proposed.id,
            },
        }

    def _assign_contact(self, partner):
        """Give this message and the others of its number their contact.

        Notes and activities follow as if the contact had been known at once.
        """
        self.ensure_one()
        self.check_access("write")
        partner.check_access("read")
        if partner.company_id and partner.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "%(contact)s belongs to %(company)s.",
                    contact=partner.display_name,
                    company=partner.company_id.display_name,
                )
            )
        # sudo: one number is one customer, also in messages that colleagues see.
        messages = self.sudo()._same_stranger()
        messages.write({"partner_id": partner.id, "assigned_by_id": self.env.uid})
        replies = messages.filtered(lambda m: m.direction == "incoming").sorted("id")
        replies._assign_salespeople()
        replies._note_in_chatter()
        replies._plan_activities()
        (messages - replies)._note_what_was_sent()
        return messages

    def _note_what_was_sent(self):
        """Have the chatter show what was texted to this number before."""
        for batch in self.batch_id:
            if batch.company_id.sms_chatter_mode != "none":
                batch.with_delay(
                    description=self.env._("Chatter of %s SMS", batch.message_count)
                )._mirror_chatter()

    def _same_stranger(self):
        """This message and all of its number that have no contact either."""
        others = [
            ("phone", "=", self.phone),
            ("company_id", "=", self.company_id.id),
            ("partner_id", "=", False),
            "|",
            ("direction", "=", "incoming"),
            ("sent_date", "!=", False),
        ]
        return self | self.search(others) if self.phone else self

    def _partner_assigned_before(self):
        """Whom a person has named as the one who writes from this number."""
        partners = self.env["res.partner"]
        if not self.phone:
            return partners
        last = self.search(
            [
                ("phone", "=", self.phone),
                ("company_id", "=", self.company_id.id),
                ("assigned_by_id", "!=", False),
                ("partner_id.active", "=", True),
            ],
            limit=1,
        )
        return last.partner_id
