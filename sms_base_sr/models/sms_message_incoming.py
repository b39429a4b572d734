import time

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ..tools.wakeup_window import WakeUpWindow

LONGEST_NOTICE = 120
# Replies to a campaign come by the hundred: the first one is worth a look up.
notices = WakeUpWindow(seconds=30.0)


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
        self._tell_salespeople()
        self._apply_wishes()

    def _note_in_chatter(self):
        """Show each reply in its partner's chatter, written by the partner."""
        self._note_answered()
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

    # -- who hears of it ---------------------------------------------------------------

    def _plan_activities(self):
        """One activity per customer who waits, for the salesperson in charge."""
        waiting = self.filtered(lambda m: m.partner_id and m.needs_answer)
        has_one = self._reply_activities(waiting.partner_id).mapped("res_id")
        whose = {}
        for message in waiting:
            user = message._salesperson()
            if user and message.partner_id.id not in has_one:
                whose.setdefault(message.partner_id, (message, user))
        today = self._today_of(user for _message, user in whose.values())
        # Core otherwise mails each activity to its user.
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        return activities.create(
            [
                message._activity_values(partner, user, today[user.id])
                for partner, (message, user) in whose.items()
            ]
        )

    @api.model
    def _today_of(self, users):
        """Return {user id: today}: late in Brazil's evening UTC is a day ahead."""
        # sudo: a colleague's time zone is no secret to the engine. One query for all.
        users = self.env["res.users"].sudo().union(*users)
        return {
            user.id: fields.Date.context_today(self.with_context(tz=user.tz or "UTC"))
            for user in users
        }

    def _activity_values(self, partner, user, today):
        return {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": partner.id,
            "activity_type_id": self._activity_type_reply().id,
            "summary": self.env._("Answer the SMS"),
            "note": plaintext2html(self.body or self.env._("(empty SMS)")),
            "user_id": user.id,
            "date_deadline": today,
        }

    @api.model
    def _activity_type_reply(self):
        return self.env.ref("sms_base_sr.mail_activity_type_reply")

    @api.model
    def _reply_activities(self, partners):
        """Open activities of partners whose last reply still waits for an answer."""
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", partners.ids),
                ("activity_type_id", "=", self._activity_type_reply().id),
            ]
        )

    def _tell_salespeople(self):
        """Show a notice in the open browsers of who is to answer, now and then."""
        for user, messages in self.filtered("needs_answer").grouped("user_id").items():
            key = (self.env.cr.dbname, user.id)
            if user and notices.claim(key, time.monotonic()) is not None:
                user._bus_send("simple_notification", messages._notice())

    def _notice(self):
        """What the web client shows: the text of one reply, the number of several."""
        if len(self) == 1:
            title = self.env._("SMS from %s", self.display_name)
            text = (self.body or self.env._("(empty SMS)"))[:LONGEST_NOTICE]
        else:
            title = self.env._("SMS replies")
            text = self.env._("%s new replies wait under SMS › Replies.", len(self))
        return {"type": "info", "title": title, "message": text, "sticky": False}

    def _salesperson(self):
        """The partner's, else the team's, the campaign's, the sender, the company's.

        Never one who has left, or who does not work for this company.
        """
        self.ensure_one()
        candidates = (
            lambda: self.partner_id.user_id,
            self._team_salesperson,
            lambda: self.run_id.user_id,
            lambda: self.parent_id.user_id,
            lambda: self.company_id.sms_default_user_id,
        )
        users = (candidate() for candidate in candidates)
        return next(filter(self._may_answer, users), self.env["res.users"])

    def _may_answer(self, user):
        """Whether a user is somebody of this company who can answer."""
        # sudo: which companies a colleague works for is no secret to the engine.
        user = user.sudo()
        works_here = self.company_id in user.company_ids
        return bool(user.active and not user.share and works_here)

    def _team_salesperson(self):
        """Who has the customer's open opportunity, else the leader of the team.

        Of that of the opportunity, else of the salesperson who is not there any more;
        all of it only where those addons are installed.
        """
        # sudo: the engine looks, whoever pressed a button.
        engine = self.sudo()
        lead = engine._open_lead()
        chosen = [lead.user_id, lead.team_id.user_id] if lead else []
        here = filter(self._may_answer, [*chosen, engine._team_leader()])
        return next(here, self.env["res.users"]).sudo(False)

    def _team_leader(self):
        """Who leads the team that the partner's salesperson is, or was, in."""
        user = self.partner_id.user_id
        if "crm.team.member" not in self.env or not user:
            return self.env["res.users"]
        # Leaving the company ends the membership too.
        members = self.env["crm.team.member"].with_context(active_test=False)
        member = members.search([("user_id", "=", user.id)], order="id desc", limit=1)
        return member.crm_team_id.user_id

    def _open_lead(self):
        """The customer's newest opportunity; None without one, or without the CRM."""
        if "crm.lead" not in self.env or not self.partner_id:
            return None
        domain = [
            ("partner_id", "=", self.partner_id.id),
            ("company_id", "in", (self.company_id.id, False)),
        ]
        return self.env["crm.lead"].search(domain, order="id desc", limit=1)

    def _link_partners(self):
        """Give each reply its partner: by number, by hand before, by the campaign."""
        for message in self.filtered(lambda m: not m.partner_id):
            partner = message._find_partner_by_phone(message.phone, message.company_id)
            partner = partner or message._partner_assigned_before()
            campaign = message.run_id and message.run_id._campaign()
            if not partner and campaign:
                partner = campaign._sms_reply_partner(message)
            message.partner_id = partner

    def _assign_salespeople(self):
        """Give each reply to who answers it, and so sees it."""
        for message in self:
            message.user_id = message._salesperson()

    # -- the same reply once more ------------------------------------------------------

    def _look_again(self):
        """Apply stored replies once more: what people decided stays as it is.

        An opt-out that today's words no longer see is not taken back: only the
        customer, or a person, does that.
        """
        nameless = self.filtered(lambda m: not m.partner_id)
        nameless._link_partners()
        found = nameless.filtered("partner_id")
        found._assign_salespeople()
        found._note_in_chatter()
        words = self.env["sms.reply.word"]
        changed = self.browse()
        for message in self.filtered(lambda m: not m.reply_class_user_id):
            meaning = words._classify(message.body, message.company_id)
            if meaning != message.reply_class:
                message.reply_class = meaning
                changed |= message
        (found | changed)._plan_activities()
        changed._apply_wishes()
