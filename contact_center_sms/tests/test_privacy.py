from datetime import timedelta

from odoo.addons.sms_base_sr.models.sms_person import Person

from .common import ChatroomSmsCase

NUMBER = "+5521987650123"
TEXT = "quero saber mais da oferta irrepetível"


class TestPrivacy(ChatroomSmsCase):
    """The ChatRoom's copies are found, erased and anonymised with the SMS."""

    def setUp(self):
        super().setUp()
        self.person = self.env["res.partner"].create(
            {"name": "Zulmira Inconfundível", "phone": "(21) 98765-0123"}
        )
        self.message = self.receive(TEXT, phone=NUMBER)
        self.run_jobs("_mirror_chatroom")
        self.conversation = self.conversations().filtered(
            lambda c: c.res_partner_id == self.person
        )
        self.env.flush_all()

    def lines(self):
        return self.env["acrux.chat.message"].search(
            [("contact_id", "=", self.conversation.id), ("ttype", "=", "text")]
        )

    def find(self):
        return self.env["sms.person"]._find(self.company, [], self.person)

    def test_the_report_holds_conversations_and_lines(self):
        self.assertTrue(self.conversation)
        data = dict(
            (place.model, rows)
            for place, rows in self.env["sms.person"]._rows_of(self.find())
        )
        self.assertIn(TEXT, [row["text"] for row in data["acrux.chat.message"]])
        self.assertEqual(len(data["acrux.chat.conversation"]), 1)

    def test_erasing_leaves_a_conversation_of_nobody(self):
        lines = self.lines()
        erasure = self.env["sms.erasure"]._begin(self.find(), "", False)
        self.assertEqual(erasure.state, "done")
        self.env.invalidate_all()
        self.assertFalse([line.text for line in lines if line.text])
        self.assertFalse(self.conversation.res_partner_id)
        self.env.cr.execute(
            "SELECT 1 FROM acrux_chat_message t, acrux_chat_conversation c"
            " WHERE concat(t::text, c::text) LIKE ANY(%s)",
            [["%21987650123%", "%Inconfund%", f"%{TEXT}%"]],
        )
        self.assertFalse(self.env.cr.fetchall())

    def test_whatsapp_is_not_ours_to_erase(self):
        other = self.env["acrux.chat.conversation"].create(
            {
                "name": self.person.name,
                "number": NUMBER[1:],
                "connector_id": self.whatsapp.id,
                "res_partner_id": self.person.id,
            }
        )
        self.env["sms.erasure"]._begin(self.find(), "", False)
        self.env.invalidate_all()
        self.assertEqual(other.number, NUMBER[1:])

    def test_an_old_conversation_loses_its_number_and_its_lines(self):
        self.company.sms_keep_months = 12
        old = timedelta(days=400)
        self.env.flush_all()
        for table, columns in (
            ("sms_message", ("create_date", "sent_date")),
            ("acrux_chat_conversation", ("last_activity",)),
        ):
            for column in columns:
                self.env.cr.execute(f"UPDATE {table} SET {column} = now() - %s", [old])
        self.env.invalidate_all()
        lines = self.lines()
        self.assertTrue(lines)
        self.env["sms.retention"]._sweep_retention()
        self.env.invalidate_all()
        self.assertFalse([line.text for line in lines if line.text])
        self.assertIn("anon:", self.conversation.number)
        self.assertFalse(self.conversation.res_partner_id)

    def test_a_young_conversation_keeps_its_number(self):
        self.company.sms_keep_months = 12
        self.env.cr.execute("UPDATE acrux_chat_conversation SET last_activity = now()")
        self.env["sms.retention"]._sweep_retention()
        self.env.invalidate_all()
        self.assertEqual(self.conversation.number, NUMBER[1:])

    def test_nobody_is_found_where_nobody_is_asked_for(self):
        nobody = Person(self.company, self.env["res.partner"])
        self.assertFalse(self.env["sms.person"]._rows_of(nobody))
