from datetime import date

from freezegun import freeze_time

from odoo.tools import SQL

from ..tools.inbound import ReplyItem
from .reply_case import NUMBER, STRANGER, ReplyCase


class TestReplyActivities(ReplyCase):
    """A reply that waits is an activity of today, for the person who is to answer."""

    # -- when it is due ----------------------------------------------------------------

    def test_it_is_due_on_the_day_that_it_is_where_the_salesperson_works(self):
        cases = [
            ("2026-03-10 23:30:00", "America/Sao_Paulo", date(2026, 3, 10)),
            ("2026-03-11 02:59:00", "America/Sao_Paulo", date(2026, 3, 10)),
            ("2026-03-11 03:01:00", "America/Sao_Paulo", date(2026, 3, 11)),
            ("2026-03-11 03:01:00", "America/Manaus", date(2026, 3, 10)),
            ("2026-03-11 04:30:00", "America/Rio_Branco", date(2026, 3, 10)),
            ("2026-03-10 12:00:00", "Pacific/Kiritimati", date(2026, 3, 11)),
            ("2026-03-11 02:59:00", False, date(2026, 3, 11)),
        ]
        for moment, zone, due in cases:
            with self.subTest(moment=moment, zone=zone), freeze_time(moment):
                self.salesperson.tz = zone
                self.reply()
                self.assertEqual(self.activities().date_deadline, due)
                self.activities().unlink()

    def test_a_page_of_replies_reads_all_time_zones_at_once(self):
        users = self.env["res.users"]
        for number in range(10):
            users |= self.new_user(f"zone{number}", "sms_base_sr.group_sms_user")
        messages = self.env["sms.message"]
        self.env.invalidate_all()
        users = users.browse(users.ids)
        messages._today_of(users[:1])
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            # One for the users, one for their partners, where the zone is kept.
            messages._today_of(users.browse(number) for number in users.ids)

    def test_replies_of_one_page_are_one_activity_for_each_customer(self):
        other = self.partner.copy({"phone": "+5511912345677"})
        phones = [NUMBER, other.phone, NUMBER, other.phone]
        self.tell(
            *(
                ReplyItem(reply_id=f"p-{index}", text="oi", phone=phone)
                for index, phone in enumerate(phones)
            )
        )
        self.assertEqual(len(self.activities(self.partner)), 1)
        self.assertEqual(len(self.activities(other)), 1)

    # -- done without an SMS -----------------------------------------------------------

    def mark_done(self, user=None, **values):
        """Mark the customer's activity as done, as the web client does."""
        self.activities().with_user(user or self.salesperson).action_feedback(**values)

    def test_who_phones_and_marks_it_as_done_has_dealt_with_the_reply(self):
        first, second = self.reply("um"), self.reply("dois")
        with freeze_time("2026-03-10 12:00:00"):
            self.mark_done(feedback="Phoned")
        for reply in (first, second):
            self.assertRecordValues(
                reply,
                [
                    {
                        "needs_answer": False,
                        "answered_by_id": self.salesperson.id,
                        "answer_id": False,
                        "answer_kind": "other",
                    }
                ],
            )
            self.assertEqual(str(reply.answered_date), "2026-03-10 12:00:00")
        self.assertFalse(self.activities())

    def test_each_way_of_settling_a_reply_is_told_apart(self):
        def done(reply):
            self.mark_done()

        def unneeded(reply):
            reply.with_user(self.salesperson).action_no_answer_needed()

        cases = [(self.answer, "sms"), (done, "other"), (unneeded, "none")]
        for settle, kind in cases:
            with self.subTest(kind):
                reply = self.reply()
                self.assertFalse(reply.answer_kind)
                settle(reply)
                self.assertEqual(reply.answer_kind, kind)
                self.assertEqual(bool(reply.answer_id), kind == "sms")
                self.assertFalse(reply.needs_answer)
                self.assertFalse(self.activities())

    def test_a_colleague_who_has_the_activity_may_mark_it_as_done(self):
        reply = self.reply()
        colleague = self.new_user("standin", "sms_base_sr.group_sms_user")
        self.activities().user_id = colleague
        self.mark_done(colleague)
        self.assertEqual(reply.answered_by_id, colleague)
        self.assertEqual(reply.answer_kind, "other")

    def test_what_was_answered_stays_answered(self):
        answered = self.reply()
        self.answer(answered)
        waiting = self.reply("E com juros?")
        self.mark_done()
        self.assertEqual(answered.answer_kind, "sms")
        self.assertEqual(waiting.answer_kind, "other")

    def test_another_activity_of_the_customer_says_nothing_of_the_reply(self):
        reply = self.reply()
        call = self.partner.activity_schedule("mail.mail_activity_data_call")
        call.with_user(self.env.user).action_feedback()
        self.assertTrue(reply.needs_answer)
        self.assertTrue(self.activities())

    def test_a_cancelled_activity_leaves_the_reply_in_the_list(self):
        reply = self.reply()
        self.activities().with_user(self.salesperson).unlink()
        self.assertTrue(reply.needs_answer)

    def test_the_next_reply_is_a_new_activity(self):
        self.reply()
        self.mark_done()
        self.assertTrue(self.reply("E agora?").needs_answer)
        self.assertEqual(len(self.activities()), 1)

    def test_another_company_s_reply_is_its_own_people_s(self):
        company = self.env["res.company"].create({"name": "Other"})
        reply, theirs = self.reply(), self.reply("dois")
        theirs.write({"company_id": company.id, "provider_id": False})
        self.mark_done()
        self.assertFalse(reply.needs_answer)
        self.assertTrue(theirs.needs_answer)

    def test_many_are_marked_as_done_at_once(self):
        other = self.partner.copy({"phone": STRANGER})
        replies = self.reply() | self.reply(phone=STRANGER)
        activities = self.activities() | self.activities(other)
        activities.with_user(self.salesperson).action_feedback()
        self.assertEqual(replies.mapped("answer_kind"), ["other", "other"])

    def test_what_was_planned_besides_stays_planned(self):
        reply = self.reply()
        later = self.activities().copy({"date_deadline": date(2099, 1, 1)})
        (self.activities() - later).with_user(self.salesperson).action_feedback()
        self.assertEqual(reply.answer_kind, "other")
        self.assertEqual(self.activities(), later)

    def test_a_customer_that_is_deleted_meanwhile_stops_nothing(self):
        self.reply()
        self.partner.unlink()
        self.assertFalse(self.activities())

    # -- closed by an answer -----------------------------------------------------------

    def test_an_sms_closes_all_activities_of_the_customer(self):
        self.reply()
        colleague = self.new_user("helper", "sms_base_sr.group_sms_user")
        self.activities().copy({"user_id": colleague.id})
        reply = self.reply("dois")
        self.answer(reply)
        self.assertFalse(self.activities())

    def test_an_sms_to_the_customer_answers_what_came_from_his_other_number(self):
        reply, other = self.reply(), self.reply("oi", phone=STRANGER)
        other.with_user(self.manager)._assign_contact(self.partner)
        self.answer(reply)
        self.assertEqual((reply | other).mapped("answer_kind"), ["sms", "sms"])
        self.assertFalse(self.activities())

    def test_the_activity_stays_while_another_reply_waits(self):
        first, second = self.reply("obrigado"), self.reply("Quanto fica?")
        first.with_user(self.salesperson).action_no_answer_needed()
        self.assertTrue(self.activities())
        second.with_user(self.salesperson).action_no_answer_needed()
        self.assertFalse(self.activities())

    def test_several_replies_are_taken_off_the_list_at_once(self):
        """From the list, where most have no contact and so no activity."""
        strangers = self.reply(phone=STRANGER) | self.reply("oi", phone=STRANGER)
        replies = strangers | self.reply()
        replies.with_user(self.manager).action_no_answer_needed()
        self.assertFalse(any(replies.mapped("needs_answer")))
        self.assertEqual(replies.answered_by_id, self.manager)
        self.assertFalse(self.activities())

    def test_what_waits_again_is_an_activity_again(self):
        reply = self.reply()
        self.mark_done()
        reply.with_user(self.salesperson).action_wait_again()
        self.assertTrue(reply.needs_answer)
        self.assertFalse(reply.answer_kind)
        self.assertEqual(self.activities().user_id, self.salesperson)

    # -- the list ----------------------------------------------------------------------

    def test_the_list_and_its_filter_read_an_index(self):
        messages = self.env["sms.message"]
        order = "needs_answer desc, sent_date desc, id desc"
        cases = [
            ([("direction", "=", "incoming")], order, "incoming_by_need"),
            ([("needs_answer", "=", True)], "sent_date desc", "unanswered"),
        ]
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_sort = off")
        for domain, by, index in cases:
            with self.subTest(index):
                select = messages._search(domain, order=by, limit=80).select()
                self.env.cr.execute(SQL("EXPLAIN %s", select))
                plan = "\n".join(row[0] for row in self.env.cr.fetchall())
                self.assertIn(index, plan)
