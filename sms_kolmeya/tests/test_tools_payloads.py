"""Every shape of a webhook that anybody has written down, and some beyond."""

import json
import unittest
from datetime import datetime

from odoo.addons.sms_base_sr.tools.inbound import (
    RejectionItem,
    ReplyItem,
    StatusItem,
)
from odoo.addons.sms_kolmeya.tools.payloads import NotUnderstood, parse_webhook

MOMENT = datetime(2025, 11, 16, 17, 30)
BATCHED = {
    "id": "request-1",
    "reference": "batch-1",
    "messages": [
        {"id": "x1", "reference": "m1", "status_code": 3, "status": "entregue"},
        {"id": "x2", "reference": "m2", "status_code": "4", "status": "não entregue"},
    ],
}
NESTED = {
    "reply": {
        "id": "reply-1",
        "reply": "SIM QUERO",
        "received_at": "16/11/2025 14:30:00",
        "message": {
            "id": "x1",
            "reference": "m1",
            "phone": "5511900000001",
            "content": "Ola",
        },
    }
}


def one(body):
    (item,) = parse_webhook(body)
    return item


class TestStatuses(unittest.TestCase):
    def test_batched_the_top_names_the_request(self):
        first, second = parse_webhook(BATCHED)
        self.assertIsInstance(first, StatusItem)
        self.assertEqual((first.message_id, first.reference), ("x1", "m1"))
        self.assertEqual((first.request_id, first.state), ("request-1", "delivered"))
        self.assertEqual(first.request_reference, "batch-1")
        self.assertEqual(
            (second.state, second.failure_type), ("error", "not_delivered")
        )
        self.assertEqual(second.code, "4")

    def test_flat_the_id_is_the_messages(self):
        item = one(
            {
                "id": "x1",
                "reference": "m1",
                "status": "entregue",
                "status_code": 3,
                "phone": "5511900000001",
                "data": "2025-11-16 14:30:00",
            }
        )
        self.assertEqual((item.message_id, item.request_id), ("x1", None))
        self.assertEqual((item.phone, item.occurred_at), ("+5511900000001", MOMENT))

    def test_flat_with_a_message_id_of_its_own(self):
        item = one(
            {
                "message_id": "x1",
                "status_code": 6,
                "status": "expirado",
                "updated_at": "2025-11-16T17:30:00Z",
            }
        )
        self.assertEqual((item.message_id, item.state), ("x1", "expired"))
        self.assertEqual((item.failure_type, item.occurred_at), ("expired", MOMENT))

    def test_flat_without_a_code_the_id_may_be_the_requests(self):
        item = one(
            {
                "id": "r1",
                "status": "delivered",
                "phone": "+5511900000001",
                "reference": "m1",
            }
        )
        self.assertEqual((item.request_id, item.reference), ("r1", "m1"))
        self.assertEqual(item.state, "delivered")

    def test_codes(self):
        table = {
            1: ("sent", None),
            2: ("sent", None),
            3: ("delivered", None),
            4: ("error", "not_delivered"),
            5: ("rejected", "rejected"),
            6: ("expired", "expired"),
            7: (None, None),
            0: (None, None),
            "abc": (None, None),
        }
        for code, expected in table.items():
            for spelling in (code, str(code), f" {code} "):
                with self.subTest(code=spelling):
                    item = one({"message_id": "x", "status_code": spelling})
                    self.assertEqual((item.state, item.failure_type), expected)
                    self.assertEqual(item.code, str(code))

    def test_a_code_beats_the_text(self):
        item = one({"message_id": "x", "status_code": 4, "status": "entregue"})
        self.assertEqual(item.state, "error")
        item = one({"message_id": "x", "status_code": 99, "status": "entregue"})
        self.assertIsNone(item.state)

    def test_the_text_counts_where_there_is_no_code(self):
        table = {
            "entregue": "delivered",
            "ENTREGUE": "delivered",
            "Não  Entregue": "error",
            "nao entregue": "error",
            "not_delivered": "error",
            "undelivered": "error",
            "enviado": "sent",
            "Enviada": "sent",
            "tentando enviar": "sent",
            "trying": "sent",
            "expirada": "expired",
            "expirado": "expired",
            "rejeitado no broker": "rejected",
            "Rejeitada na operadora": "rejected",
            "rejected": "rejected",
            "Válido": None,
            "outra coisa": None,
        }
        for text, state in table.items():
            for code in ({}, {"status_code": None}, {"status_code": ""}):
                with self.subTest(text=text, code=code):
                    item = one({"message_id": "x", "status": text, **code})
                    self.assertEqual(item.state, state)
                    self.assertEqual(item.text, text)

    def test_the_requests_own_status_says_nothing_of_its_messages(self):
        row = {"id": "x1", "status_code": 2}
        item = one({"id": "r", "status": "Válido", "status_code": 5, "messages": [row]})
        self.assertEqual(item.state, "sent")

    def test_messages_may_be_an_object_and_have_less_or_more_in_it(self):
        for rows in (
            {"id": 7, "status_code": 3},
            [{"id": 7, "status_code": 3, "new": [1]}, None, "?"],
            {"0": {"id": 7, "status_code": 3}},
        ):
            with self.subTest(rows=rows):
                item = one({"id": "r", "messages": rows})
                self.assertEqual((item.message_id, item.reference), ("7", None))

    def test_an_empty_batch_is_no_item(self):
        self.assertEqual(parse_webhook({"id": "r", "messages": []}), [])

    def test_a_bad_date_leaves_the_time_to_the_receipt(self):
        item = one({"message_id": "x", "status_code": 3, "updated_at": "ontem"})
        self.assertIsNone(item.occurred_at)


class TestWrappings(unittest.TestCase):
    def test_the_same_events_however_they_are_wrapped(self):
        expected = parse_webhook(BATCHED)
        text = json.dumps(BATCHED)
        for body in (
            {"payload": BATCHED},
            {"payload": text},
            {"payload": {"payload": BATCHED}},
            [BATCHED],
            {"payload": [BATCHED]},
            text,
            text.encode(),
            b"\xef\xbb\xbf" + text.encode(),
            f"payload={text}",
        ):
            with self.subTest(body=str(body)[:40]):
                self.assertEqual(parse_webhook(body), expected)

    def test_a_form_with_plain_fields(self):
        item = one(b"message_id=x1&status_code=3&status=entregue")
        self.assertEqual((item.message_id, item.state), ("x1", "delivered"))

    def test_a_list_may_mix_kinds(self):
        items = parse_webhook([BATCHED, NESTED])
        self.assertEqual([each.kind for each in items], ["status", "status", "reply"])

    def test_what_is_understood_is_not_lost_for_what_is_not(self):
        self.assertEqual(len(parse_webhook([{"hello": 1}, BATCHED, 5])), 2)

    def test_what_is_not_understood_at_all_is_an_error(self):
        deep = BATCHED
        for _level in range(50):
            deep = {"payload": deep}
        for body in (
            {},
            {"hello": "5511900000001"},
            {"id": "r"},
            {"status_code": 3},
            {"messages": ["x1", "x2"]},
            {"reply": []},
            [5],
            None,
            7,
            "",
            b"",
            "<html>a=b</html>",
            "hello",
            '{"id": "r"',
            b"\xff\xfe\x00",
            deep,
        ):
            with self.subTest(body=str(body)[:40]):
                with self.assertRaises(NotUnderstood) as caught:
                    parse_webhook(body)
                self.assertIsInstance(caught.exception, ValueError)
                self.assertNotIn("11900000001", str(caught.exception))

    def test_an_empty_list_is_no_event(self):
        self.assertEqual(parse_webhook([]), [])


class TestReplies(unittest.TestCase):
    def test_nested_the_key_reply_occurs_twice(self):
        item = one(NESTED)
        self.assertIsInstance(item, ReplyItem)
        self.assertEqual((item.reply_id, item.text), ("reply-1", "SIM QUERO"))
        self.assertEqual((item.message_id, item.reference), ("x1", "m1"))
        self.assertEqual((item.phone, item.occurred_at), ("+5511900000001", MOMENT))

    def test_other_nested_shapes_say_the_same(self):
        inner = NESTED["reply"]
        sender = {**inner["message"], "from": inner["message"]["phone"]}
        del sender["phone"]
        for body in (
            {"payload": NESTED},
            {"reply": [inner]},
            inner,
            {"reply": {**inner, "message": sender}},
        ):
            with self.subTest(body=body):
                self.assertEqual(one(body), one(NESTED))

    def test_flat_the_message_is_the_customers_text(self):
        item = one(
            {
                "phone": "5511900000001",
                "message": "SIM QUERO",
                "reference": "m1",
                "data": "2025-11-16 14:30:00",
            }
        )
        self.assertEqual((item.text, item.reference), ("SIM QUERO", "m1"))
        self.assertEqual((item.reply_id, item.occurred_at), (None, MOMENT))

    def test_flat_with_the_id_of_the_message_answered(self):
        item = one(
            {
                "id": "reply-1",
                "phone": "+5511900000001",
                "message": "SIM QUERO",
                "received_at": "2025-11-16T17:30:00Z",
                "original_message_id": "x1",
            }
        )
        self.assertEqual((item.reply_id, item.message_id), ("reply-1", "x1"))
        self.assertEqual((item.text, item.occurred_at), ("SIM QUERO", MOMENT))

    def test_any_text_is_a_reply(self):
        long = "Recebi a mensagem 😀 " * 40
        for text in ("", "👍🏽", "SAIR", long, "a\nb"):
            with self.subTest(text=text):
                nested = {"reply": {**NESTED["reply"], "reply": text}}
                self.assertEqual(one(nested).text, text)
                flat = {"phone": "5511900000001", "message": text}
                self.assertEqual(one(flat).text, text)

    def test_a_reply_out_of_the_blue_names_no_message(self):
        for message in (None, [], {}, {"phone": 11900000001}):
            with self.subTest(message=message):
                row = {"id": "a", "reply": "oi", "message": message}
                item = one({"reply": row})
                self.assertEqual((item.message_id, item.text), (None, "oi"))

    def test_without_an_id_the_same_reply_has_the_same_key(self):
        flat = {"message": "Sim  QUERO", "data": "2025-11-16 14:30:20"}
        first = one({**flat, "phone": "5511900000001"})
        again = {"message": "sim quero", "data": "16/11/2025 14:30:00"}
        self.assertEqual(first.key, one({**again, "phone": 11900000001}).key)


class TestRejections(unittest.TestCase):
    BODY = {
        "id": "request-1",
        "reference": "batch-1",
        "status": "rejected",
        "status_message": "Request rejected due to validation failure",
    }

    def test_a_whole_request_is_rejected_late(self):
        for body in (
            self.BODY,
            {"payload": self.BODY},
            {**self.BODY, "messages": []},
            {**self.BODY, "messages": None},
            {**self.BODY, "status": "Rejeitado"},
        ):
            with self.subTest(body=body):
                item = one(body)
                self.assertIsInstance(item, RejectionItem)
                self.assertEqual(item.request_id, "request-1")
                self.assertEqual(item.request_reference, "batch-1")
                self.assertIn("validation", item.text)

    def test_a_rejected_message_is_no_rejected_request(self):
        for more in (
            {"status_code": 5},
            {"phone": "5511900000001"},
            {"message_id": "x1"},
        ):
            with self.subTest(more=more):
                item = one({**self.BODY, **more})
                self.assertIsInstance(item, StatusItem)
                self.assertEqual(item.state, "rejected")
