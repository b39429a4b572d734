import json

from odoo import Command

from odoo.addons.sms_base_sr.models import sms_message_incoming
from odoo.addons.sms_base_sr.tools.wakeup_window import WakeUpWindow

from ..tools.inbound import ReplyItem
from .crm_models import add_crm
from .reply_case import NUMBER, STRANGER, ReplyCase


class TestSalespeople(ReplyCase):
    """The right person hears of a reply, and at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_crm(cls)

    def new_colleague(self, name):
        return self.new_user(name, "sms_base_sr.group_sms_user")

    def new_lead(self, **values):
        values = {"name": "Lead", "partner_id": self.partner.id, **values}
        return self.env["crm.lead"].create(values)

    def new_team(self, leader, **values):
        values = {"name": "Team", "user_id": leader.id, **values}
        return self.env["crm.team"].create(values)

    def notices(self):
        """What open browsers were shown since the last look: (user, payload)."""
        self.env.cr.precommit.run()
        bus = self.env["bus.bus"].search([], order="id")
        told = []
        for line in bus:
            message = json.loads(line.message)
            if message["type"] == "simple_notification":
                _db, model, number = json.loads(line.channel)[:3]
                partner = self.env[model].browse(number)
                told.append((partner.user_ids or partner, message["payload"]))
        bus.unlink()
        return told

    # -- whose it is -------------------------------------------------------------------

    def test_each_one_answers_where_those_before_him_cannot(self):
        names = ("own", "lead", "leader", "run", "sender", "company")
        users = {name: self.new_colleague(name) for name in names}
        run = self.new_run(user_id=users["run"].id)
        sent = self.accepted_message(run_id=run.id, user_id=users["sender"].id)
        self.partner.user_id = users["own"]
        team = self.new_team(users["leader"])
        self.new_lead(user_id=users["lead"].id, team_id=team.id)
        self.company.sms_default_user_id = users["company"]
        for name, user in users.items():
            with self.subTest(name):
                reply = self.reply(reference=sent.reference)
                self.assertEqual(reply.user_id, user)
                self.assertEqual(self.activities().user_id, user)
                self.activities().unlink()
                user.active = False
        reply = self.reply(reference=sent.reference)
        self.assertFalse(reply.user_id, "no administrator by default")
        self.assertFalse(self.activities())

    def test_the_newest_open_lead_counts_and_a_stranger_has_none(self):
        self.partner.user_id = False
        users = [self.new_colleague(f"lead{n}") for n in range(3)]
        for user in users:
            self.new_lead(user_id=user.id)
        self.new_lead(user_id=self.manager.id, active=False)
        other = self.env["res.company"].create({"name": "Other"})
        # A real CRM gives leads of a company to its own people only.
        self.manager.company_ids |= other
        self.new_lead(user_id=self.manager.id, company_id=other.id)
        self.new_lead(user_id=self.manager.id, partner_id=False)
        self.assertEqual(self.reply().user_id, users[-1])
        self.assertFalse(self.reply(phone=STRANGER).user_id)

    def test_the_leader_of_the_salesperson_s_team_answers_when_he_has_left(self):
        if "crm.team.member" not in self.env:
            self.assertFalse(self.env["sms.message"]._team_leader())
            return
        leader, gone = self.new_colleague("boss2"), self.new_colleague("gone")
        team = self.new_team(leader)
        self.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": gone.id})
        self.partner.user_id = gone
        self.assertEqual(self.reply().user_id, gone)
        gone.action_archive()
        self.assertEqual(self.reply().user_id, leader)

    def test_who_does_not_work_for_the_company_is_passed_over(self):
        other = self.env["res.company"].create({"name": "Other"})
        elsewhere = self.new_colleague("elsewhere")
        elsewhere.write({"company_ids": [Command.set(other.ids)], "company_id": other})
        self.partner.user_id = elsewhere
        self.company.sms_default_user_id = self.manager
        self.assertEqual(self.reply().user_id, self.manager)
        elsewhere.company_ids |= self.company
        self.assertEqual(self.reply().user_id, elsewhere)

    def test_a_portal_user_answers_nobody(self):
        portal = self.new_user("portal", "base.group_portal")
        self.partner.user_id = portal
        self.assertFalse(self.reply().user_id)

    # -- at once -----------------------------------------------------------------------

    def test_one_reply_is_shown_with_its_text(self):
        self.notices()
        self.reply("Quanto fica? " + "x" * 200)
        [(user, payload)] = self.notices()
        self.assertEqual(user, self.salesperson)
        self.assertEqual(payload["title"], "SMS from Ana Exemplo")
        self.assertTrue(payload["message"].startswith("Quanto fica?"))
        self.assertEqual(len(payload["message"]), 120)

    def test_many_replies_are_one_notice_a_person(self):
        self.notices()
        self.company.sms_default_user_id = self.manager
        self.tell(
            *(ReplyItem(reply_id=f"a{n}", text="oi", phone=NUMBER) for n in range(3)),
            ReplyItem(reply_id="b", text="oi", phone=STRANGER),
        )
        shown = {user: payload["message"] for user, payload in self.notices()}
        self.assertEqual(set(shown), {self.salesperson, self.manager})
        self.assertIn("3 new replies", shown[self.salesperson])

    def test_a_stream_of_replies_is_no_stream_of_notices(self):
        self.patch(sms_message_incoming, "notices", WakeUpWindow(seconds=3600.0))
        self.notices()
        for _reply in range(5):
            self.reply()
        self.assertEqual(
            [user for user, _payload in self.notices()], [self.salesperson]
        )

    def test_an_opt_out_disturbs_nobody(self):
        self.notices()
        self.reply("SAIR")
        self.assertFalse(self.notices())
        self.assertFalse(self.activities())
