from datetime import timedelta

from odoo import fields

from .common import ChatroomSmsCase

NUMBER = "5511912345678"


class TestTimeline(ChatroomSmsCase):
    """SMS and WhatsApp of a contact are one list, in the order of time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls.new_user("agent", "whatsapp_connector.group_chat_basic_extra")
        cls.now = fields.Datetime.now()

    def whatsapp_talk(self, *lines, partner=None):
        """A talk by WhatsApp: (minutes ago, from us, text) each."""
        talk = self.env["acrux.chat.conversation"].create(
            {
                "name": "Ana",
                "number": NUMBER,
                "connector_id": self.whatsapp.id,
                "res_partner_id": (partner or self.partner).id,
            }
        )
        for minutes, from_me, text in lines:
            self.env["acrux.chat.message"].create(
                {
                    "contact_id": talk.id,
                    "text": text,
                    "from_me": from_me,
                    "msgid": f"wa-{text}",
                    "date_message": self.now - timedelta(minutes=minutes),
                    "user_id": self.agent.id,
                }
            )
        return talk

    def timeline(self, user=None, partner=None):
        self.env.flush_all()
        self.env.invalidate_all()
        timeline = self.env["sms.timeline"]
        timeline = timeline.with_user(user) if user else timeline
        return timeline.search([("partner_id", "=", (partner or self.partner).id)])

    def sms(self, minutes, text, **values):
        moment = self.now - timedelta(minutes=minutes)
        return self.accepted_message(body=text, sent_date=moment, **values)

    def test_channels_alternate_in_the_order_of_time(self):
        self.sms(50, "Oferta")
        self.whatsapp_talk((40, False, "Vi o SMS"), (30, True, "Claro!"))
        reply = self.receive("E por SMS?")
        reply.sent_date = self.now - timedelta(minutes=20)
        self.run_jobs("_mirror_chatroom")
        self.sms(10, "Também", state="delivered")
        rows = [
            (line.channel, line.direction, line.text, line.state)
            for line in self.timeline().sorted("date")
        ]
        self.assertEqual(
            rows,
            [
                ("sms", "outgoing", "Oferta", "sent"),
                ("whatsapp", "incoming", "Vi o SMS", "delivered"),
                ("whatsapp", "outgoing", "Claro!", "sent"),
                ("sms", "incoming", "E por SMS?", "delivered"),
                ("sms", "outgoing", "Também", "delivered"),
            ],
        )

    def test_each_sms_is_there_once_with_and_without_a_line(self):
        self.sms(50, "Oferta")
        self.receive("Quero")
        self.assertEqual(len(self.timeline()), 2)
        self.run_jobs("_mirror_chatroom")
        self.assertEqual(len(self.timeline()), 2)
        self.assertEqual(self.timeline().conversation_id, self.conversations())

    def test_a_line_of_a_stranger_stays_with_the_contact_of_its_sms(self):
        self.receive("Quero")
        self.run_jobs("_mirror_chatroom")
        self.conversations().res_partner_id = False
        self.assertEqual(self.timeline().text, "Quero")

    def test_who_wrote_and_why_it_failed(self):
        self.sms(
            5,
            "Oferta",
            user_id=self.salesperson.id,
            state="error",
            error_message="Caixa cheia",
        )
        self.whatsapp_talk((3, True, "Oi"))
        line, sms = self.timeline()
        self.assertEqual(line.user_id, self.agent)
        self.assertEqual((sms.user_id, sms.error), (self.salesperson, "Caixa cheia"))

    def test_information_and_drafts_are_not_said(self):
        talk = self.whatsapp_talk((3, True, "Oi"))
        talk.with_user(self.agent).block_conversation()
        self.new_message()
        self.assertEqual(self.timeline().mapped("text"), ["Oi"])

    def test_an_attachment_is_named(self):
        talk = self.whatsapp_talk()
        self.env["acrux.chat.message"].create({"contact_id": talk.id, "ttype": "image"})
        self.assertEqual(self.timeline().text, "[image]")

    # -- who sees it -------------------------------------------------------------------

    def test_agents_see_the_chatroom_and_salespeople_their_own(self):
        stranger = self.env["res.partner"].create(
            {"name": "Bia", "phone": "(11) 90000-0000"}
        )
        values = {"partner_id": stranger.id, "phone": "+5511900000000"}
        self.sms(5, "Só SMS", user_id=self.manager.id, **values)
        self.whatsapp_talk((3, True, "Oi"), partner=stranger)
        seen = {
            name: self.timeline(user, stranger).mapped("text")
            for name, user in {
                "agent": self.agent,
                "salesperson": self.salesperson,
                "manager": self.manager,
            }.items()
        }
        self.assertEqual(
            seen,
            {"agent": ["Oi"], "salesperson": [], "manager": ["Oi", "Só SMS"]},
        )

    def test_who_may_not_see_a_conversation_sees_none_of_it(self):
        talk = self.whatsapp_talk((3, True, "Oi"))
        self.env["ir.rule"].create(
            {
                "name": "As a satellite that hides conversations",
                "model_id": self.env["ir.model"]._get_id("acrux.chat.conversation"),
                "domain_force": f"[('id', '!=', {talk.id})]",
            }
        )
        self.assertFalse(self.timeline(self.agent))

    def test_other_companies_see_nothing(self):
        self.whatsapp_talk((3, True, "Oi"))
        self.sms(5, "Oferta")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        self.assertFalse(self.timeline(self.manager))

    # -- the button --------------------------------------------------------------------

    def test_the_button_counts_what_its_reader_sees(self):
        self.sms(5, "Oferta", user_id=self.manager.id)
        self.partner.user_id = False
        self.whatsapp_talk((3, True, "Oi"))
        self.env.flush_all()
        counts = {}
        for name in ("agent", "manager"):
            self.env.invalidate_all()
            partner = self.partner.with_user(getattr(self, name))
            counts[name] = partner.sms_timeline_count
        self.assertEqual(counts, {"agent": 1, "manager": 2})

    def test_who_has_neither_sms_nor_chatroom_counts_nothing(self):
        nobody = self.new_user("nobody", "base.group_user")
        self.assertEqual(self.partner.with_user(nobody).sms_timeline_count, 0)

    def test_the_button_opens_the_contacts_own_list(self):
        action = self.partner.action_view_sms_timeline()
        self.assertEqual(action["res_model"], "sms.timeline")
        self.assertEqual(action["domain"], [("partner_id", "in", self.partner.ids)])

    def test_a_line_opens_its_conversation_or_its_sms(self):
        sms = self.sms(5, "Oferta")
        talk = self.whatsapp_talk((3, True, "Oi"))
        line, alone = self.timeline()
        self.assertEqual(line.action_open()["res_id"], talk.id)
        self.assertEqual(
            (alone.action_open()["res_model"], alone.action_open()["res_id"]),
            ("sms.message", sms.id),
        )
