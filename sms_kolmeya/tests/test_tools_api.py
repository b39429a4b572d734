"""What the client sends to each endpoint and makes of the answer."""

import unittest

from odoo.addons.sms_kolmeya.tests.tools_fakes import answer, api_with
from odoo.addons.sms_kolmeya.tools import kolmeya_errors as errors

OK = answer({"id": "r", "valids": []})


class TestStore(unittest.TestCase):
    def test_a_batch_is_sent_with_all_that_names_it(self):
        api, transport = api_with(OK, segment_id="109", sms_api_id=12)
        rows = [{"phone": "+5511900000001", "message": "Olá", "reference": "m1"}]
        self.assertEqual(api.send_batch(rows, "b1", "https://odoo.test/x")["id"], "r")
        self.assertEqual(transport.paths, ["/sms/store"])
        sent = {"phone": "5511900000001", "message": "Olá", "reference": "m1"}
        self.assertEqual(
            transport.bodies[0],
            {
                "messages": [sent],
                "reference": "b1",
                "webhook_url": "https://odoo.test/x",
                "tenant_segment_id": 109,
                "sms_api_id": 12,
            },
        )

    def test_what_is_not_set_is_not_sent(self):
        api, transport = api_with(OK)
        api.send_sms("11900000001", "Ola")
        row = {"phone": "11900000001", "message": "Ola"}
        self.assertEqual(transport.bodies[0], {"messages": [row]})

    def test_a_zero_is_no_api_and_no_segment(self):
        api, transport = api_with(OK, segment_id=0, sms_api_id="")
        api.send_sms("11900000001", "Ola")
        self.assertEqual(list(transport.bodies[0]), ["messages"])

    def test_one_message_carries_the_reference_twice(self):
        api, transport = api_with(OK)
        api.send_sms("11900000001", "Ola", "m1")
        self.assertEqual(transport.bodies[0]["reference"], "m1")
        self.assertEqual(transport.bodies[0]["messages"][0]["reference"], "m1")

    def test_a_code_goes_its_own_way(self):
        api, transport = api_with(OK)
        api.send_token("11900000001", "Seu codigo: 123")
        self.assertEqual(transport.paths, ["/sms/store-token"])

    def test_a_call_takes_1_to_1000_messages(self):
        api, transport = api_with(OK)
        row = {"phone": "11900000001", "message": "Ola"}
        for count in (0, 1001):
            with self.subTest(count=count), self.assertRaises(ValueError):
                api.send_batch([row] * count)
        api.send_batch([row] * 1000)
        self.assertEqual(len(transport.calls), 1)

    def test_an_answer_without_id_is_unreadable(self):
        for body in ({}, {"id": None}, {"id": ""}, {"valids": [{"id": "x"}]}, []):
            with self.subTest(body=body):
                api, _transport = api_with(answer(body))
                with self.assertRaises(errors.UnreadableAnswer):
                    api.send_sms("11900000001", "Ola")


class TestAccount(unittest.TestCase):
    def test_the_balance_is_a_number_and_its_text(self):
        api, transport = api_with(answer({"balance": "R$9.396,84"}))
        expected = {"saldo": 9396.84, "balance_str": "R$9.396,84"}
        self.assertEqual(api.get_balance(), expected)
        self.assertEqual(transport.paths, ["/sms/balance"])

    def test_an_unreadable_balance_is_unknown(self):
        for body in ({"balance": "n/d"}, {"balance": None}, {}, []):
            with self.subTest(body=body):
                api, _transport = api_with(answer(body))
                self.assertIsNone(api.get_balance()["saldo"])

    def test_the_balance_may_have_another_name_or_be_a_number(self):
        api, _transport = api_with(answer({"saldo": 12.5}))
        self.assertEqual(api.get_balance(), {"saldo": 12.5, "balance_str": "12.5"})

    def test_segments_come_wrapped_and_apis_bare(self):
        segments = [{"id": 109, "name": "CORPORATIVO"}]
        api, transport = api_with(answer({"segments": segments}))
        self.assertEqual(api.get_segments(), segments)
        api, transport = api_with(answer([{"id": 12, "name": "Kolmeya"}]))
        self.assertEqual(api.get_apis(), [{"id": 12, "name": "Kolmeya"}])
        self.assertEqual(transport.paths, ["/sms/apis"])


class TestStatus(unittest.TestCase):
    def test_a_request_is_asked_for_by_one_name(self):
        api, transport = api_with(answer({"id": "r"}))
        api.status_request(id="r")
        api.status_request(reference="b1")
        self.assertEqual(transport.bodies, [{"id": "r"}, {"reference": "b1"}])
        self.assertEqual(set(transport.paths), {"/sms/status/request"})

    def test_neither_or_both_names_are_a_mistake(self):
        api, transport = api_with(answer({}))
        for names in ({}, {"id": "r", "reference": "b1"}):
            with self.subTest(names=names), self.assertRaises(ValueError):
                api.status_request(**names)
        self.assertFalse(transport.calls)

    def test_a_message_is_asked_for_by_id(self):
        api, transport = api_with(answer({"id": "x", "status_code": 3}))
        self.assertEqual(api.status_message("x")["status_code"], 3)
        self.assertEqual(transport.bodies, [{"id": "x"}])


def page(number, last, *rows, **more):
    body = {"current_page": number, "last_page": last, "data": list(rows), **more}
    return answer(body)


class TestReplies(unittest.TestCase):
    def test_the_period_is_always_said_and_within_what_is_kept(self):
        api, transport = api_with(page(1, 1))
        for asked, sent in ((24, 24), (0, 1), (500, 168)):
            with self.subTest(asked=asked):
                api.get_replies(asked)
                self.assertEqual(transport.bodies[-1], {"period": sent, "page": 1})

    def test_pages_are_posted_for_and_their_addresses_not_followed(self):
        other = "http://gateway.test/elsewhere?page=2"
        api, transport = api_with(
            page(1, 3, {"id": "a"}, {"id": "b"}, next_page_url=other),
            page(2, 3, {"id": "c"}),
            page(3, 3, {"id": "d"}),
        )
        self.assertEqual([row["id"] for row in api.iter_replies(48)], list("abcd"))
        self.assertEqual([body["page"] for body in transport.bodies], [1, 2, 3])
        self.assertEqual(set(transport.paths), {"/sms/replys"})

    def test_an_endless_answer_ends(self):
        api, transport = api_with(page(1, 9, {"id": "a"}))
        self.assertEqual(len(list(api.iter_replies())), 2)
        self.assertEqual(len(transport.calls), 2)

    def test_a_page_without_rows_is_the_last(self):
        for body in ({}, {"data": None, "last_page": 9}, [], {"data": {}}):
            with self.subTest(body=body):
                api, transport = api_with(answer(body))
                self.assertEqual(list(api.iter_replies()), [])
                self.assertEqual(len(transport.calls), 1)


class TestBlacklist(unittest.TestCase):
    def test_numbers_go_as_objects_and_the_answer_is_empty(self):
        for method, path, status in (
            ("blacklist_store", "/blacklist/store", 201),
            ("blacklist_destroy", "/blacklist/destroy", 204),
        ):
            with self.subTest(method=method):
                api, transport = api_with(answer(None, status))
                self.assertIsNone(getattr(api, method)(["+5511900000001"]))
                self.assertEqual(transport.paths, [path])
                phones = [{"phone": "5511900000001"}]
                self.assertEqual(transport.bodies, [{"phones": phones}])

    def test_more_than_a_thousand_go_in_several_calls(self):
        api, transport = api_with(answer(None, 201))
        api.blacklist_store(f"55119{number:08d}" for number in range(2001))
        sizes = [len(body["phones"]) for body in transport.bodies]
        self.assertEqual(sizes, [1000, 1000, 1])

    def test_a_page_in_place_of_the_empty_answer_proves_nothing(self):
        page = answer("<html>Maintenance</html>", 200, "text/html")
        for method in ("blacklist_store", "blacklist_destroy"):
            api, _transport = api_with(page)
            with (
                self.subTest(method=method),
                self.assertRaises(errors.UnreadableAnswer),
            ):
                getattr(api, method)(["+5511900000001"])

    def test_an_answer_in_json_is_one_too(self):
        api, _transport = api_with(answer({"status": "ok"}, 200))
        self.assertIsNone(api.blacklist_store(["+5511900000001"]))

    def test_no_number_is_no_call(self):
        api, transport = api_with(answer(None, 201))
        api.blacklist_store([])
        self.assertFalse(transport.calls)


class TestWebhookTest(unittest.TestCase):
    def test_the_gateway_is_asked_to_call_an_address(self):
        api, transport = api_with(answer({}))
        api.test_webhook("https://odoo.test/x")
        self.assertEqual(transport.paths, ["/sms/webhook"])
        self.assertEqual(transport.bodies, [{"webhook_url": "https://odoo.test/x"}])
