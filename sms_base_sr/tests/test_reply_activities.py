from datetime import date

from freezegun import freeze_time

from ..tools.inbound import ReplyItem
from .reply_case import NUMBER, ReplyCase


class TestReplyActivities(ReplyCase):
    """A reply that waits is an activity of today, for the person who is to answer."""

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
