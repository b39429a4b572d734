from odoo import api, models
from odoo.tools import plaintext2html


class SmsMessage(models.Model):
    """Incoming messages: what happens once a reply is stored."""

    _inherit = "sms.message"

    def _after_incoming(self):
        """Hook: replies were stored. Addons mirror them elsewhere, in jobs of theirs.

        Runs in the transaction that stores the replies, so it must neither call
        out nor commit.
        """
        self._note_in_chatter()
        self._plan_activities()
        self._opt_out()

    def _note_in_chatter(self):
        """Show each reply in its partner's chatter, written by the partner."""
        note = self.env.ref("mail.mt_note")
        self.env["mail.message"].create(
            [
                {
                    "model": "res.partner",
                    "res_id": message.partner_id.id,
                    "author_id": message.partner_id.id,
                    "message_type": "sms",
                    "subtype_id": note.id,
                    "is_internal": True,
                    "date": message.sent_date,
                    "body": plaintext2html(message.body or self.env._("(empty SMS)")),
                }
                for message in self
                if message.partner_id and message.company_id.sms_chatter_mode != "none"
            ]
        )

    def _plan_activities(self):
        """One activity per customer who waits, for the salesperson in charge."""
        waiting = self.filtered(lambda m: m.partner_id and m.reply_class != "opt_out")
        has_one = self._partners_with_activity(waiting.partner_id)
        values = []
        for message in waiting:
            partner = message.partner_id
            user = message._salesperson()
            if partner in has_one or not user:
                continue
            has_one |= partner
            values.append(message._activity_values(partner, user))
        # Core otherwise mails each activity to its user.
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        return activities.create(values)

    def _activity_values(self, partner, user):
        todo = self.env.ref("sms_base_sr.mail_activity_type_reply")
        return {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": partner.id,
            "activity_type_id": todo.id,
            "summary": self.env._("Answer the SMS"),
            "note": plaintext2html(self.body or self.env._("(empty SMS)")),
            "user_id": user.id,
        }

    @api.model
    def _partners_with_activity(self, partners):
        """Those of ``partners`` whose last reply still waits for an answer."""
        activities = self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", partners.ids),
                (
                    "activity_type_id",
                    "=",
                    self.env.ref("sms_base_sr.mail_activity_type_reply").id,
                ),
            ]
        )
        return partners.browse(set(activities.mapped("res_id")))

    def _salesperson(self):
        """The partner's, else the campaign's, else the company's configured one."""
        self.ensure_one()
        candidates = (
            self.partner_id.user_id,
            self.run_id.user_id,
            self.parent_id.user_id,
            self.company_id.sms_default_user_id,
        )
        here = (user for user in candidates if user.active and not user.share)
        return next(here, self.env["res.users"])

    def _opt_out(self):
        """Blacklist who asks for it, with the words that were written as evidence."""
        leaving = self.filtered(lambda m: m.reply_class == "opt_out")
        for message in leaving.filtered(lambda m: m._normalize_phone(m.phone)):
            evidence = self.env._(
                "Opted out by SMS on %(date)s (UTC): “%(text)s”",
                date=message.sent_date,
                text=message.body,
            )
            self.env["phone.blacklist"]._add([message.phone], message=evidence)

    def _link_partners(self):
        """Give each reply its partner: known by number, else from the campaign."""
        for message in self.filtered(lambda m: not m.partner_id):
            partner = message._find_partner_by_phone(message.phone, message.company_id)
            campaign = message.run_id and message.run_id._campaign()
            if not partner and campaign:
                partner = campaign._sms_reply_partner(message)
            message.partner_id = partner

    def _assign_salespeople(self):
        """Give each reply to who answers it, and so sees it."""
        for message in self:
            message.user_id = message._salesperson()
