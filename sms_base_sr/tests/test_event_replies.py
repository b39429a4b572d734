from datetime import datetime, timedelta

from ..tools.inbound import ReplyItem
from .common import SmsCase

NUMBER = "+5511912345678"
TODO = "sms_base_sr.mail_activity_type_reply"


class TestEventReplies(SmsCase):
    """A reply becomes an incoming message that the right person hears of."""

    def reply(self, text="SIM QUERO", **values):
        """Let a customer answer; returns the incoming message."""
        self.count = getattr(self, "count", 0) + 1
        values = {"reply_id": f"r-{self.count}", "phone": NUMBER, **values}
        event = self.tell(ReplyItem(text=text, **values))
        self.assertEqual(event.state, "applied")
        return event.message_id

    def activities(self, partner=None):
        domain = [("activity_type_id", "=", self.env.ref(TODO).id)]
        partner = partner or self.partner
        domain += [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
        return self.env["mail.activity"].search(domain)

    def notes(self, partner=None):
        partner = partner or self.partner
        return partner.message_ids.filtered(lambda m: m.message_type == "sms")

    def blacklisted(self, number=NUMBER):
        return self.env["phone.blacklist"].search([("number", "=", number)])

    # -- what it answers ---------------------------------------------------------------

    def test_a_reply_is_an_incoming_message(self):
        moment = datetime(2026, 1, 5, 12, 0)
        message = self.reply("Quanto fica?", occurred_at=moment)
        self.assertRecordValues(
            message,
            [
                {
                    "direction": "incoming",
                    "state": "delivered",
                    "phone": NUMBER,
                    "body": "Quanto fica?",
                    "partner_id": self.partner.id,
                    "provider_id": self.provider.id,
                    "company_id": self.company.id,
                    "sent_date": moment,
                    "reply_class": "other",
                    "cost": 0.0,
                }
            ],
        )

    def test_a_reply_without_a_date_came_now(self):
        before = self.env.cr.now().replace(microsecond=0)
        self.assertGreaterEqual(self.reply().sent_date, before)

    def test_the_message_answered_is_found_by_id_then_reference_then_number(self):
        elsewhere = {"phone": "+5521987654321", "partner_id": False}
        by_id = self.accepted_message(provider_message_id="gw-1", **elsewhere)
        by_reference = self.accepted_message(**elsewhere)
        self.accepted_message()
        last = self.accepted_message()
        self.accepted_message(state="canceled", sent_date=False)
        cases = [
            ({"message_id": "gw-1", "reference": by_reference.reference}, by_id),
            ({"reference": by_reference.reference}, by_reference),
            ({"message_id": "x", "reference": "x"}, last),
            ({}, last),
            ({"phone": "11912345678"}, last),
            ({"phone": "+5531988887777"}, last.browse()),
            ({"phone": None}, last.browse()),
        ]
        for names, expected in cases:
            with self.subTest(names=names):
                self.assertEqual(self.reply(**names).parent_id, expected)

    def test_a_reply_by_id_without_a_number_comes_from_the_number_texted(self):
        sent = self.accepted_message(provider_message_id="gw-1")
        message = self.reply(phone=None, message_id="gw-1")
        self.assertEqual(message.phone, sent.phone)
        self.assertEqual(message.partner_id, self.partner)

    def test_another_company_s_messages_are_not_answered(self):
        company = self.env["res.company"].create({"name": "Other company"})
        other = self.env["sms.provider"].create(
            {"name": "Other", "provider_type": "log", "company_id": company.id}
        )
        theirs = self.accepted_message(
            company_id=company.id, provider_id=other.id, provider_message_id="gw-1"
        )
        for names in ({"message_id": "gw-1"}, {"reference": theirs.reference}, {}):
            with self.subTest(names=names):
                message = self.reply(**names)
                self.assertFalse(message.parent_id)
                self.assertEqual(message.company_id, self.company)

    # -- who wrote it ------------------------------------------------------------------

    def test_the_partner_is_the_one_texted_else_the_one_with_the_number(self):
        mother = self.partner.create({"name": "Mother", "phone": "11 91234-5678"})
        sent = self.accepted_message(partner_id=mother.id)
        self.assertEqual(self.reply(reference=sent.reference).partner_id, mother)
        sent.unlink()
        self.assertEqual(self.reply().partner_id, self.partner)

    def test_any_spelling_of_a_number_is_the_same_customer(self):
        cases = [
            ("(11) 91234-5678", ["11912345678", "5511912345678", "+55 11 91234-5678"]),
            ("11 3333-4444", ["1133334444", "551133334444", "+551133334444"]),
            ("55 99123-4567", ["55991234567", "5555991234567", "+5555991234567"]),
            ("(55) 3222-1111", ["5532221111", "555532221111", "+555532221111"]),
        ]
        for phone, spellings in cases:
            self.partner.phone = phone
            for spelling in spellings:
                with self.subTest(phone=phone, spelling=spelling):
                    self.assertEqual(
                        self.reply(phone=spelling).partner_id, self.partner
                    )

    def test_the_same_last_digits_elsewhere_are_somebody_else(self):
        self.accepted_message()
        for phone in ("+5521912345678", "+5555912345678", "12345678", "+12125345678"):
            with self.subTest(phone=phone):
                message = self.reply(phone=phone)
                self.assertFalse(message.partner_id)
                self.assertFalse(message.parent_id)

    def test_a_number_that_nobody_knows_is_kept_as_it_came(self):
        self.company.sms_default_user_id = self.salesperson
        cases = [
            ("+5531988887777", "+5531988887777"),
            ("27900", "27900"),
            ("PROMO", "PROMO"),
            (None, False),
            ("9" * 5000, "9" * 64),
        ]
        for phone, expected in cases:
            with self.subTest(phone=phone):
                message = self.reply("oi", phone=phone)
                self.assertEqual(message.phone, expected)
                self.assertFalse(message.partner_id)
                visible = message.with_user(self.salesperson)
                self.assertEqual(visible.search([("id", "=", message.id)]), message)

    def test_texts_of_all_kinds_are_kept(self):
        cases = ["", "  ", "👍🏽", "Olá ç ã\nsegunda linha", "<b>oi</b>", "x" * 2000]
        for text in cases:
            with self.subTest(text=text[:20]):
                message = self.reply(text)
                self.assertEqual(message.body or "", text)
                self.assertEqual(message.reply_class, "other")

    # -- who hears of it ---------------------------------------------------------------

    def test_the_salesperson_is_the_partners_the_senders_or_the_companys(self):
        users = {
            name: self.new_user(name, "sms_base_sr.group_sms_user")
            for name in ("partners", "runs", "senders", "companys")
        }
        run = self.env["sms.run"].create(
            {
                "name": "Campaign",
                "res_model": "res.partner",
                "res_id": self.partner.id,
                "company_id": self.company.id,
                "provider_id": self.provider.id,
                "text": "Olá",
            }
        )
        sent = self.accepted_message(run_id=run.id, user_id=users["senders"].id)
        self.partner.user_id = users["partners"]
        run.user_id = users["runs"]
        self.company.sms_default_user_id = users["companys"]
        for name, user in users.items():
            with self.subTest(name):
                message = self.reply(reference=sent.reference)
                self.assertEqual(message._salesperson(), user)
                self.assertEqual(message.user_id, user)
                self.assertEqual(self.activities().user_id, user)
                self.activities().unlink()
                # Who has left the company answers nobody.
                user.active = False
        message = self.reply(reference=sent.reference)
        self.assertFalse(message.user_id)
        self.assertFalse(self.activities())

    def test_the_note_stands_in_the_customers_chatter(self):
        moment = datetime(2026, 1, 5, 12, 0)
        self.reply("Olá <b>x</b>\nsegunda", occurred_at=moment)
        note = self.notes()
        self.assertRecordValues(
            note,
            [
                {
                    "author_id": self.partner.id,
                    "subtype_id": self.env.ref("mail.mt_note").id,
                    "is_internal": True,
                    "date": moment,
                }
            ],
        )
        self.assertIn("Olá &lt;b&gt;x&lt;/b&gt;<br>segunda", note.body)

    def test_an_empty_text_is_shown_as_such(self):
        self.reply("")
        self.assertIn("(empty SMS)", self.notes().body)

    def test_a_company_without_sms_notes_gets_none_of_replies_either(self):
        self.company.sms_chatter_mode = "none"
        self.reply()
        self.assertFalse(self.notes())
        self.assertTrue(self.activities())

    def test_two_replies_are_one_activity_and_no_mail(self):
        mails = self.env["mail.mail"].search_count([])
        self.reply("Quanto fica?")
        self.reply("Alô?")
        self.tell(
            ReplyItem(reply_id="a", text="três", phone=NUMBER),
            ReplyItem(reply_id="b", text="quatro", phone=NUMBER),
        )
        activity = self.activities()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertIn("Quanto fica?", activity.note)
        self.assertEqual(len(self.notes()), 4)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_after_the_answer_the_next_reply_is_an_activity_again(self):
        self.reply()
        self.activities().action_done()
        self.reply()
        self.assertEqual(len(self.activities()), 1)

    def test_several_customers_of_one_page_get_one_activity_each(self):
        other = self.partner.create(
            {
                "name": "Bia",
                "phone": "(21) 98765-4321",
                "user_id": self.salesperson.id,
            }
        )
        self.tell(
            ReplyItem(reply_id="a", text="oi", phone=NUMBER),
            ReplyItem(reply_id="b", text="oi", phone="+5521987654321"),
            ReplyItem(reply_id="c", text="oi", phone="+5531988887777"),
        )
        self.assertEqual(len(self.activities()), 1)
        self.assertEqual(len(self.activities(other)), 1)

    # -- opting out --------------------------------------------------------------------

    def test_opt_out_words_blacklist_with_evidence_and_no_activity(self):
        for number, text in enumerate(("SAIR", "Pare!", "não quero receber", "STOP.")):
            with self.subTest(text=text):
                phone = f"+55119111100{number:02}"
                partner = self.partner.create({"name": text, "phone": phone})
                partner.user_id = self.salesperson
                message = self.reply(
                    text, phone=phone, occurred_at=datetime(2026, 1, 5, 12, 0)
                )
                self.assertEqual(message.reply_class, "opt_out")
                entry = self.blacklisted(phone)
                self.assertEqual(len(entry), 1)
                evidence = entry.message_ids.mapped("body")
                self.assertTrue(
                    any(text in e and "2026-01-05 12:00:00" in e for e in evidence),
                    evidence,
                )
                self.assertFalse(self.activities(partner))
                self.assertTrue(self.notes(partner))

    def test_opting_out_again_after_a_new_consent_counts(self):
        self.reply("SAIR")
        self.blacklisted().active = False
        self.reply("SAIR")
        self.assertTrue(self.blacklisted())

    def test_opting_out_twice_is_no_error(self):
        self.tell(
            ReplyItem(reply_id="a", text="SAIR", phone=NUMBER),
            ReplyItem(reply_id="b", text="sair", phone=NUMBER),
        )
        self.assertEqual(len(self.blacklisted()), 1)

    def test_evidence_is_text_and_never_markup(self):
        self.reply("<i>sair</i>")
        self.reply("sair <")
        bodies = self.blacklisted().message_ids.mapped("body")
        self.assertTrue(any("sair &lt;" in body for body in bodies), bodies)

    def test_a_sender_that_is_no_number_cannot_stop_the_others(self):
        for phone in (None, "27900", "PROMO", "9" * 5000):
            with self.subTest(phone=phone):
                message = self.reply("SAIR", phone=phone)
                self.assertEqual(message.reply_class, "opt_out")
        self.assertTrue(self.reply("oi").partner_id)

    def test_other_words_blacklist_nobody(self):
        for text in ("SIM", "parar de pagar juros", "", "👍🏽"):
            with self.subTest(text=text):
                self.reply(text)
                self.assertFalse(self.blacklisted())

    # -- once --------------------------------------------------------------------------

    def test_a_reply_whose_id_one_side_does_not_tell_is_one_message(self):
        moment = datetime(2026, 1, 5, 12, 0, 30)
        cases = [
            # (seconds apart, the other's number, its text, is it the same?)
            (0, NUMBER, "Não quero", True),
            (60, NUMBER, " nao  QUERO", True),
            (-60, "11912345678", "Não quero", True),
            (61, NUMBER, "Não quero", False),
            (0, "+5521912345678", "Não quero", False),
            (0, NUMBER, "Quero", False),
        ]
        days = 0
        for seconds, phone, text, same in cases:
            for nameless_first in (True, False):
                for together in (True, False):
                    with self.subTest(
                        seconds=seconds, text=text, phone=phone, together=together
                    ):
                        days += 1
                        at = moment + timedelta(days=days)
                        items = [
                            ReplyItem(text="Não quero", phone=NUMBER, occurred_at=at),
                            ReplyItem(
                                reply_id=f"id-{days}",
                                text=text,
                                phone=phone,
                                occurred_at=at + timedelta(seconds=seconds),
                            ),
                        ]
                        items = items if nameless_first else items[::-1]
                        groups = [items] if together else [[item] for item in items]
                        events = (
                            self.env["sms.event"]
                            .concat(*(self.tell(*group) for group in groups))
                            .sorted("id")
                        )
                        self.assertEqual(len(events.message_id), 1 if same else 2)
                        last = "ignored" if same else "applied"
                        self.assertEqual(events.mapped("state"), ["applied", last])

    def test_two_replies_stay_two_whatever_both_sides_tell(self):
        moment = datetime(2026, 1, 5, 12, 0, 30)
        seconds = (0, 40)
        nameless = [
            ReplyItem(
                text="SIM", phone=NUMBER, occurred_at=moment + timedelta(seconds=each)
            )
            for each in seconds
        ]
        named = [
            ReplyItem(
                reply_id=f"r-{each}",
                text="SIM",
                phone=NUMBER,
                occurred_at=moment + timedelta(seconds=each),
            )
            for each in seconds
        ]
        self.tell(*nameless)
        self.tell(*named)
        self.assertEqual(self.partner.sms_received_count, 2)
        self.assertEqual(len(self.notes()), 2)

    def test_replies_without_a_number_are_never_taken_for_one(self):
        moment = datetime(2026, 1, 5, 12, 0, 30)
        events = self.tell(
            ReplyItem(text="oi", occurred_at=moment),
            ReplyItem(reply_id="r-1", text="oi", occurred_at=moment),
        )
        self.assertEqual(len(events.message_id), 2)

    def test_the_same_reply_by_webhook_and_by_poll_is_one_message(self):
        item = ReplyItem(reply_id="r", text="SIM", phone=NUMBER)
        events = self.env["sms.event"]
        self.tell(item)
        events._store_items(self.provider, [item], "poll")
        self.tell(item)
        self.assertEqual(self.partner.sms_received_count, 1)
        self.assertEqual(len(self.notes()), 1)
