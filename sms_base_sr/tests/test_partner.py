from datetime import datetime

from .common import SmsCase


class TestPartner(SmsCase):
    """A customer's SMS are counted where one looks at the customer."""

    def history(self, partner, *dates, **values):
        for date in dates:
            self.accepted_message(
                partner_id=partner.id, sent_date=date and datetime(*date), **values
            )

    def test_sent_and_received_are_counted_and_what_never_left_is_not(self):
        self.history(self.partner, (2026, 1, 5), (2026, 1, 7, 9), state="delivered")
        self.history(self.partner, (2026, 1, 6), state="error")
        self.history(self.partner, (2026, 1, 8), direction="incoming")
        self.history(self.partner, False, False, state="canceled")
        self.history(self.partner, False, state="draft")
        self.assertRecordValues(
            self.partner,
            [
                {
                    "sms_sent_count": 3,
                    "sms_received_count": 1,
                    "sms_count": 4,
                    "last_sms_date": datetime(2026, 1, 8),
                }
            ],
        )

    def test_the_last_date_is_the_later_of_both_directions(self):
        for incoming, outgoing in (((2026, 1, 5), (2026, 1, 6)), ((2026, 1, 9), None)):
            with self.subTest(incoming=incoming):
                self.history(self.partner, incoming, direction="incoming")
                self.history(self.partner, *filter(None, [outgoing]))
                self.env.invalidate_all()
                newest = max(filter(None, [incoming, outgoing]))
                self.assertEqual(self.partner.last_sms_date, datetime(*newest))

    def test_nobody_else_is_counted(self):
        other = self.partner.copy({"name": "Bia"})
        self.history(self.partner, (2026, 1, 5))
        self.history(other, (2026, 1, 6), (2026, 1, 7))
        both = self.partner | other
        self.assertEqual(both.mapped("sms_count"), [1, 2])

    def test_without_sms_there_is_nothing(self):
        new = self.env["res.partner"].new({"name": "Not saved yet"})
        for partner in (self.partner, new):
            with self.subTest(partner=partner):
                self.assertEqual(partner.sms_count, 0)
                self.assertFalse(partner.last_sms_date)

    def test_the_number_of_queries_does_not_grow_with_customers_or_messages(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Partner {number}"} for number in range(30)]
        )
        for partner in partners:
            self.history(partner, (2026, 1, 5), (2026, 1, 6))

        def queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(sum(records.mapped("sms_count")), 2 * len(records))
            return self.env.cr.sql_log_count - before

        queries(partners[0])
        self.assertEqual(queries(partners), queries(partners[0]))

    def test_who_has_nothing_to_do_with_sms_opens_customers_all_the_same(self):
        self.history(self.partner, (2026, 1, 5))
        stranger = self.new_user("stranger", "base.group_user")
        self.assertEqual(self.partner.with_user(stranger).sms_count, 0)

    def test_a_salesperson_counts_what_they_may_see(self):
        self.partner.user_id = False
        self.history(self.partner, (2026, 1, 5), user_id=self.manager.id)
        self.history(self.partner, (2026, 1, 6), user_id=self.salesperson.id)
        self.assertEqual(self.partner.with_user(self.salesperson).sms_count, 1)
        self.assertEqual(self.partner.with_user(self.manager).sms_count, 2)

    def test_the_button_opens_these_customers_messages(self):
        self.history(self.partner, (2026, 1, 5))
        other = self.partner.copy({"name": "Bia"})
        self.history(other, (2026, 1, 6))
        action = self.partner.action_view_sms_messages()
        self.assertEqual(action["res_model"], "sms.message")
        self.assertEqual(action["context"], {"default_partner_id": self.partner.id})
        found = self.env["sms.message"].search(action["domain"])
        self.assertEqual(found.partner_id, self.partner)
        both = (self.partner | other).action_view_sms_messages()
        self.assertEqual(both["context"], {})
        self.assertEqual(len(self.env["sms.message"].search(both["domain"])), 2)

    def test_the_form_shows_the_button_to_salespeople_only(self):
        stranger = self.new_user("stranger", "base.group_user")
        form = self.env.ref("base.view_partner_form").id
        for user, shown in ((self.salesperson, True), (stranger, False)):
            with self.subTest(user=user.login):
                partners = self.env["res.partner"].with_user(user)
                arch = partners.get_view(form, "form")["arch"]
                self.assertEqual("action_view_sms_messages" in arch, shown)
