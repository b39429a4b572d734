from .campaign_case import CampaignCase


class TestMessageSearch(CampaignCase):
    """Finding a number: however it is typed, and by the index where that can be."""

    def setUp(self):
        super().setUp()
        messages = self.env["sms.message"]
        self.ana, self.bia = messages.create(
            [
                {"phone": "+5511912345678", "body": "Oi"},
                {"phone": "+5521987654321", "body": "Oi"},
            ]
        )

    def found(self, typed, operator="ilike"):
        both = (self.ana | self.bia).ids
        domain = [("id", "in", both), ("typed_phone", operator, typed)]
        return self.env["sms.message"].search(domain)

    def test_a_number_is_found_as_people_type_it(self):
        forms = ("+5511912345678", "(11) 91234-5678", "11912345678", "91234-5678")
        parts = ("5678", "1234-56", "1191234")
        for typed in (*forms, *parts):
            with self.subTest(typed):
                self.assertEqual(self.found(typed), self.ana)
        self.assertEqual(self.found(["5678", "98765-4321"], "in"), self.ana | self.bia)

    def test_other_numbers_are_not_found(self):
        for typed in ("11 91234-5679", "91234-5679", "999999", "Ana"):
            with self.subTest(typed):
                self.assertFalse(self.found(typed))

    def test_a_whole_number_is_looked_up_and_not_searched_for(self):
        for typed in ("(11) 91234-5678", "91234-5678"):
            with self.subTest(typed):
                domain = self.env["sms.message"]._domain_of_phone(typed)
                self.assertNotIn("ilike", str(domain))

    def test_the_search_bars_use_it(self):
        for view in ("sms_message_view_search", "sms_message_view_search_replies"):
            arch = self.env.ref(f"sms_base_sr.{view}").arch
            with self.subTest(view):
                self.assertIn('name="typed_phone"', arch)
