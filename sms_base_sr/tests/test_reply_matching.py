from datetime import datetime, timedelta

from .reply_case import ReplyCase

MOMENT = datetime(2026, 1, 5, 12, 0)
# What is written, and what it is as E.164; False where it is no number.
SPELLINGS = [
    ("(11) 91234-5678", "+5511912345678"),
    ("11912345678", "+5511912345678"),
    (" 11 9 1234 5678 ", "+5511912345678"),
    ("5511912345678", "+5511912345678"),
    ("+55 (11) 91234-5678", "+5511912345678"),
    ("011912345678", "+5511912345678"),
    ("005511912345678", "+5511912345678"),
    # Mobiles as they were before the ninth digit.
    ("11 8123-4567", "+5511981234567"),
    ("551181234567", "+5511981234567"),
    ("+551181234567", "+5511981234567"),
    ("48 9000-0001", "+5548990000001"),
    # The area code 55, and the country code 55.
    ("55 99123-4567", "+5555991234567"),
    ("5555991234567", "+5555991234567"),
    ("+5555991234567", "+5555991234567"),
    ("55 3222-1111", "+555532221111"),
    ("555532221111", "+555532221111"),
    # Landlines get no ninth digit.
    ("11 3333-4444", "+551133334444"),
    ("551133334444", "+551133334444"),
    ("+551133334444", "+551133334444"),
    ("48 2345-6789", "+554823456789"),
    # Other countries.
    ("+351 912 345 678", "+351912345678"),
    ("+1 212 555 0123", "+12125550123"),
    ("+54 9 11 2345-6789", "+5491123456789"),
    # No numbers.
    ("12345678", False),
    ("27900", False),
    ("PROMO", False),
    ("", False),
    (None, False),
    (False, False),
    ("+", False),
    ("9" * 64, False),
    ("11 91234-5678 ramal", False),
]
# Pairs that share their last digits and are two customers.
STRANGERS = [
    ("+5511912345678", "+5521912345678"),
    ("+5511912345678", "+5555912345678"),
    ("+5511912345678", "12345678"),
    ("+5511912345678", "912345678"),
    ("+551133334444", "+552133334444"),
    ("+551133334444", "+5511933334444"),
    ("+12125550123", "+13105550123"),
    ("+351912345678", "+5511912345678"),
]


class TestNumbers(ReplyCase):
    """One function makes numbers comparable, in both directions."""

    def test_every_spelling_of_a_number(self):
        messages = self.env["sms.message"]
        for written, expected in SPELLINGS:
            with self.subTest(written=written):
                number = messages._normalize_phone(written, self.company)
                self.assertEqual(number, expected)
                if expected:
                    again = messages._normalize_phone(number, self.company)
                    self.assertEqual(again, expected)

    def test_a_reply_finds_the_partner_however_both_are_written(self):
        by_number = {}
        for written, number in SPELLINGS:
            if number:
                by_number.setdefault(number, []).append(written)
        for number, spellings in by_number.items():
            for kept in spellings:
                if kept.startswith("00"):
                    continue  # core reads a contact's number, and not this one
                self.partner.phone = kept
                for told in spellings:
                    with self.subTest(number=number, kept=kept, told=told):
                        message = self.reply(phone=told)
                        self.assertEqual(message.phone, number)
                        self.assertEqual(message.partner_id, self.partner)

    def test_the_same_last_digits_are_somebody_else(self):
        for kept, told in STRANGERS:
            self.partner.phone = kept
            sent = self.accepted_message(phone=kept)
            with self.subTest(kept=kept, told=told):
                message = self.reply(phone=told)
                self.assertFalse(message.partner_id)
                self.assertFalse(message.parent_id)
            sent.unlink()

    def test_a_company_without_a_country_counts_as_brazilian(self):
        self.company.country_id = False
        messages = self.env["sms.message"]
        number = messages._normalize_phone("11 91234-5678", self.company)
        self.assertEqual(number, "+5511912345678")


class TestMessageAnswered(ReplyCase):
    """Without an id, a reply answers what was texted last before it."""

    def test_a_reply_that_comes_late_answers_what_was_texted_before_it(self):
        sent = [
            self.accepted_message(sent_date=MOMENT + timedelta(days=days))
            for days in (2, 0, 4)
        ]
        cases = [
            (timedelta(hours=1), sent[1]),
            (timedelta(days=2, hours=1), sent[0]),
            (timedelta(days=3, hours=23), sent[0]),
            (timedelta(days=9), sent[2]),
            # Clocks differ a little.
            (timedelta(days=4, minutes=-5), sent[2]),
            # Nothing was texted before: a wrong date.
            (timedelta(days=-9), sent[2]),
        ]
        for after, expected in cases:
            with self.subTest(after=after):
                reply = self.reply(occurred_at=MOMENT + after)
                self.assertEqual(reply.parent_id, expected)

    def test_what_was_planned_first_may_have_left_last(self):
        first = self.accepted_message(sent_date=MOMENT + timedelta(hours=2))
        self.accepted_message(sent_date=MOMENT + timedelta(hours=1))
        reply = self.reply(occurred_at=MOMENT + timedelta(days=1))
        self.assertEqual(reply.parent_id, first)
