from .common import TOKEN, KolmeyaCase, KolmeyaHttpCase

NUMBER = "+5511912345678"


class TestAccounts(KolmeyaCase):
    """Two cost centres of one account are two providers, and siblings."""

    def sibling(self, **values):
        values = {"kolmeya_segment_id": 9, "sequence": 20, **values}
        other = self.provider.copy(values)
        other.kolmeya_api_token = values.get("kolmeya_api_token", TOKEN)
        return other

    def test_address_and_token_name_the_account(self):
        cases = [
            ({}, True),
            ({"kolmeya_api_token": f"Bearer {TOKEN}"}, True),
            ({"kolmeya_base_url": f"{self.sim.url}/"}, True),
            ({"kolmeya_api_token": "made-up-token-0002"}, False),
            ({"kolmeya_base_url": f"{self.sim.url}/v2"}, False),
            ({"kolmeya_api_token": False}, False),
            ({"provider_type": "log"}, False),
            ({"company_id": self.env["res.company"].create({"name": "B"}).id}, False),
        ]
        for values, same in cases:
            with self.subTest(values=values):
                other = self.sibling(**values)
                self.assertEqual(other in self.provider._siblings(), same)

    def test_the_token_is_not_in_what_is_compared(self):
        self.assertNotIn(TOKEN, self.provider._account_fingerprint())
        self.provider.sudo().kolmeya_api_token_sealed = "of-another-key"
        self.assertFalse(self.provider._account_fingerprint())


class TestFetchedOnce(KolmeyaHttpCase):
    """The gateway's list of replies is the account's; each is stored once."""

    def setUp(self):
        super().setUp()
        self.second = self.provider.copy({"kolmeya_segment_id": 9, "sequence": 20})
        self.second.kolmeya_api_token = TOKEN
        (self.provider | self.second).webhook_base_url = self.base_url()

    def fetch(self):
        self.env.flush_all()
        with self.env.registry.cursor() as cr:
            self.env(cr=cr)["sms.provider"]._fetch_replies_all()
        self.env.invalidate_all()
        self.run_jobs("_apply_pending", "_apply_replies")

    def incoming(self):
        return self.env["sms.message"].search([("direction", "=", "incoming")])

    def test_by_poll_and_by_webhook_it_is_one_reply_of_who_sent(self):
        first, self.provider = self.provider, self.second
        batch = self.send_to(NUMBER)
        self.provider = first
        message = batch.message_ids
        for ways in ((self.fetch, self.deliver), (self.deliver, self.fetch)):
            with self.subTest(first=ways[0].__name__):
                self.incoming().unlink()
                self.sim.reply(NUMBER, "Quanto fica?")
                for way in (*ways, *ways):
                    way()
                self.assertEqual(len(self.incoming()), 1)
                self.assertEqual(self.incoming().provider_id, self.second)
                self.assertEqual(self.incoming().parent_id, message)
