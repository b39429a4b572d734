from odoo.exceptions import AccessError, ValidationError
from odoo.tools import mute_logger

from ..tools import reply_words
from .reply_case import ReplyCase


class TestReplyWords(ReplyCase):
    """Each company decides by which words a reply is an opt-out, or interest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.words = cls.env["sms.reply.word"]
        cls.boss = cls.new_user("boss", "sms_base_sr.group_sms_manager")

    def own(self, company=None):
        return self.words.search([("company_id", "=", (company or self.company).id)])

    def add(self, name, meaning="opt_out", **values):
        return self.words.create({"name": name, "meaning": meaning, **values})

    def kind(self, text, company=None):
        return self.words._classify(text, company or self.company)

    def test_every_company_has_the_shipped_words(self):
        new = self.env["res.company"].create({"name": "New company"})
        for company in (self.company, new):
            for meaning, phrases in reply_words.DEFAULT_WORDS.items():
                with self.subTest(company=company.name, meaning=meaning):
                    mine = self.own(company).filtered(
                        lambda w, meaning=meaning: w.meaning == meaning
                    )
                    self.assertTrue(mine)
                    self.assertLessEqual(set(mine.mapped("name")), set(phrases))
                    for phrase in phrases:
                        self.assertEqual(self.kind(phrase, company), meaning)

    def test_shipped_words_come_once(self):
        before = self.own()
        self.words._add_shipped_words()
        self.assertEqual(self.own(), before)

    def test_a_company_s_own_words_count_at_once_and_for_it_alone(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.assertEqual(self.kind("chega"), "other")
        word = self.add("Chega!")
        cases = [("chega", "opt_out"), ("CHEGA...", "opt_out"), ("chegada", "other")]
        for text, expected in cases:
            with self.subTest(text=text):
                self.assertEqual(self.kind(text), expected)
        self.assertEqual(self.kind("chega", other), "other")
        word.meaning = "interested"
        self.assertEqual(self.kind("chega"), "interested")
        word.unlink()
        self.assertEqual(self.kind("chega"), "other")

    def test_a_word_inside_a_longer_text_counts_where_somebody_chose_that(self):
        word = self.words.search(
            [("company_id", "=", self.company.id), ("name", "=", "parar")]
        )
        cases = [
            ("pode parar", "opt_out", "opt_out"),
            ("parar de pagar juros", "other", "opt_out"),
            ("quero parar com isso", "other", "opt_out"),
            ("vou sair agora", "other", "other"),
            ("disparar", "other", "other"),
            # What the whole message says comes first.
            ("sim", "interested", "interested"),
        ]
        for text, whole, anywhere in cases:
            with self.subTest(text=text):
                word.anywhere = False
                self.assertEqual(self.kind(text), whole)
                word.anywhere = True
                self.assertEqual(self.kind(text), anywhere)

    def test_an_emptied_list_means_the_shipped_words(self):
        self.own().unlink()
        self.assertEqual(self.kind("SAIR"), "opt_out")
        self.assertEqual(self.kind("voltar"), "opt_in")

    def test_the_same_word_is_listed_once(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            self.add("SAÍR")
            self.env.flush_all()
        self.assertIn("sms_reply_word", str(caught.exception))

    def test_a_word_needs_a_letter_or_digit(self):
        for name in ("...", "👍", " "):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                self.add(name)

    def test_supervisors_change_the_words_and_salespeople_read_them(self):
        self.words.with_user(self.boss).create({"name": "chega"})
        mine = self.words.with_user(self.salesperson)
        self.assertTrue(mine.search([]))
        for verb in ("create", "write", "unlink"):
            with self.subTest(verb=verb):
                self.assertFalse(mine.has_access(verb))
        with self.assertRaises(AccessError):
            mine.create({"name": "fora"})

    def test_replies_are_read_by_the_words_of_their_company(self):
        self.add("talvez", "interested")
        self.assertEqual(self.reply("Talvez").reply_class, "interested")
        self.assertEqual(self.reply("talvez amanhã").reply_class, "other")


class TestCorrections(ReplyCase):
    """A person knows better than the words, and stays right."""

    def correct(self, message, kind, user=None):
        message.with_user(user or self.salesperson).reply_class_choice = kind
        self.env.flush_all()

    def apply_again(self, message):
        """Apply the reply's event once more."""
        events = self.env["sms.event"].search([("message_id", "=", message.id)])
        self.env.cr.execute(
            "UPDATE sms_event SET state = 'new', tries = 0 WHERE id = ANY(%s)",
            [events.ids],
        )
        events.invalidate_recordset()
        events._wake_up({"reply"})
        self.run_jobs("_apply_replies")
        self.assertEqual(set(events.mapped("state")), {"applied"})

    def test_applying_a_reply_again_makes_nothing_new(self):
        message = self.reply()
        self.apply_again(message)
        self.assertEqual(self.partner.sms_received_count, 1)
        self.assertEqual(len(self.notes()), 1)
        self.assertEqual(len(self.activities()), 1)

    def test_new_words_count_when_a_reply_is_applied_again(self):
        message = self.reply("Chega")
        self.env["sms.reply.word"].create({"name": "chega"})
        self.apply_again(message)
        self.assertEqual(message.reply_class, "opt_out")
        self.assertTrue(self.blacklisted())

    def test_a_correction_is_signed_and_kept(self):
        message = self.reply("SIM")
        self.correct(message, "other")
        self.apply_again(message)
        self.assertEqual(message.reply_class, "other")
        self.assertEqual(message.reply_class_user_id, self.salesperson)

    def test_a_partner_found_later_gets_the_note_and_the_activity(self):
        message = self.reply(phone="+5521987654321")
        self.assertFalse(message.partner_id)
        late = self.partner.copy({"phone": "(21) 98765-4321"})
        late.user_id = self.salesperson
        self.apply_again(message)
        self.assertEqual(message.partner_id, late)
        self.assertEqual(len(self.notes(late)), 1)
        self.assertEqual(self.activities(late).user_id, self.salesperson)

    def test_a_person_makes_a_reply_an_opt_out(self):
        message = self.reply("me deixa em paz")
        self.assertEqual(len(self.activities()), 1)
        self.correct(message, "opt_out")
        entry = self.blacklisted()
        self.assertEqual(entry.sms_message_id, message)
        said = " ".join(entry.message_ids.mapped("body"))
        self.assertIn(self.salesperson.name, said)
        self.assertIn("me deixa em paz", said)
        self.assertFalse(message.needs_answer)

    def test_a_person_takes_a_wrong_opt_out_back(self):
        message = self.reply("Para!")
        self.assertTrue(self.blacklisted())
        self.correct(message, "interested")
        self.assertFalse(self.blacklisted())
        entry = self.env["phone.blacklist"].with_context(active_test=False)
        entry = entry.search([("number", "=", message.phone)])
        said = " ".join(entry.message_ids.mapped("body"))
        self.assertIn("was no opt-out", said)
        self.assertTrue(message.needs_answer)
        self.assertEqual(len(self.activities()), 1)

    def test_taking_one_opt_out_back_leaves_the_others(self):
        first, second = self.reply("SAIR"), self.reply("Para!")
        self.assertEqual(self.blacklisted().sms_message_id, first)
        self.correct(second, "other")
        self.assertTrue(self.blacklisted(), "the first still stands")

    def test_only_who_sees_a_reply_corrects_it_and_nobody_by_the_back_door(self):
        message = self.reply()
        stranger = self.new_user("stranger", "sms_base_sr.group_sms_user")
        with self.assertRaises(AccessError):
            self.correct(message, "interested", stranger)
        names = ("reply_class", "reply_class_user_id", "answered_date", "needs_answer")
        for name in (*names, "answer_id", "assigned_by_id", "opt_out_confirmation"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                message.with_user(self.salesperson).write({name: False})

    def test_campaign_figures_follow_a_correction(self):
        run = self.new_run()
        sent = self.accepted_message(run_id=run.id)
        message = self.reply("SIM", reference=sent.reference)
        counts = run._read_reply_counts()
        names = ("interested", "opted_out", "unanswered")
        self.assertEqual([counts[name] for name in names], [1, 0, 1])
        self.correct(message, "opt_out")
        counts = run._read_reply_counts()
        self.assertEqual([counts[name] for name in names], [0, 1, 0])
        run.invalidate_recordset()
        self.assertEqual((run.interested_count, run.opt_out_count), (0, 1))
        self.assertEqual(run.summary["opted_out"], 1)
