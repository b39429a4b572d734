"""Which message an entry of the answer speaks of, however little it says."""

import unittest

from odoo.addons.sms_kolmeya.tests.tools_fakes import answer, batch, gateway_with

A, B, C = "+5511900000001", "+5511900000002", "+5511900000003"


def results(phones, **arrays):
    """{reference: (state, id, failure type)} of an answer to these phones."""
    gateway, _transport = gateway_with(answer({"id": "r", **arrays}))
    outcome = gateway.send_batch(batch(*phones))
    return {
        each.reference: (each.state, each.provider_message_id, each.failure_type)
        for each in outcome.results
    }


SENT = ("sent", "x", None)
DOUBLE = ("canceled", None, "gateway_duplicate")


class TestValids(unittest.TestCase):
    def test_by_reference_whatever_the_phone_looks_like(self):
        for phone in (11900000001, 5511900000001, "5511900000001", "(11) 9", None):
            with self.subTest(phone=phone):
                row = {"id": "x", "phone": phone, "reference": "m0"}
                self.assertEqual(results([A, B], valids=[row]), {"m0": SENT})

    def test_by_phone_where_the_reference_is_not_echoed(self):
        for phone in (11900000002, 5511900000002, "5511900000002", "11 90000-0002"):
            with self.subTest(phone=phone):
                row = {"id": "x", "phone": phone, "reference": None}
                self.assertEqual(results([A, B], valids=[row]), {"m1": SENT})

    def test_by_phone_without_its_ninth_digit(self):
        row = {"id": "x", "phone": 1100000002}
        self.assertEqual(results([A, B], valids=[row]), {"m1": SENT})

    def test_the_ninth_digit_is_not_guessed_where_two_could_be_meant(self):
        phones = ["+5511900000002", "+551100000002"]
        row = {"id": "x", "phone": 1100000002}
        self.assertEqual(results(phones, valids=[row]), {"m1": SENT})
        row = {"id": "x", "phone": 1170000002}
        self.assertEqual(results(phones, valids=[row]), {})

    def test_a_message_that_is_named_nowhere_stays_open(self):
        row = {"id": "x", "reference": "m0"}
        self.assertEqual(set(results([A, B, C], valids=[row])), {"m0"})

    def test_an_id_may_be_a_number_or_missing(self):
        rows = [{"id": 7, "reference": "m0"}, {"reference": "m1"}]
        found = results([A, B], valids=rows)
        self.assertEqual([each[1] for each in found.values()], ["7", None])

    def test_area_code_55_is_matched(self):
        row = {"id": "x", "phone": 55900000001}
        self.assertEqual(results(["+5555900000001"], valids=[row]), {"m0": SENT})

    def test_a_single_object_and_an_object_of_numbers_are_lists_too(self):
        row = {"id": "x", "reference": "m0"}
        for rows in (row, {"0": row}, [row]):
            with self.subTest(rows=rows):
                self.assertEqual(results([A], valids=rows), {"m0": SENT})

    def test_arrays_may_be_missing_null_or_empty_maps(self):
        for value in (None, [], {}, ""):
            with self.subTest(value=value):
                names = ("valids", "invalids", "duplicates", "blacklist", "not_disturb")
                self.assertEqual(results([A], **dict.fromkeys(names, value)), {})

    def test_unknown_keys_and_rows_are_passed_over(self):
        row = {"id": "x", "reference": "m0", "new": {"deep": 1}}
        found = results([A], valids=[row, None, 5, "?", []], fresh=[1])
        self.assertEqual(found, {"m0": SENT})


class TestRefusals(unittest.TestCase):
    def test_each_array_has_its_reason(self):
        table = {
            "invalids": ("rejected", None, "gateway_invalid"),
            "blacklist": ("canceled", None, "gateway_blacklist"),
            "not_disturb": ("canceled", None, "gateway_do_not_disturb"),
            "duplicates": DOUBLE,
        }
        for array, expected in table.items():
            for rows in (
                [{"phone": 11900000002}],
                {"phone": 11900000002},
                [{"phone": "5511900000002"}],
                [11900000002],
                [{"phone": 1, "reference": "m1"}],
            ):
                with self.subTest(array=array, rows=rows):
                    self.assertEqual(results([A, B], **{array: rows}), {"m1": expected})

    def _detail(self, row):
        gateway, _transport = gateway_with(answer({"id": "r", "invalids": [row]}))
        return gateway.send_batch(batch(A)).results[0].detail

    def test_why_a_number_is_invalid_is_kept(self):
        table = [
            ({"error": "Número inválido", "message": "Ola"}, "Número inválido"),
            ({"reason": "Número inválido"}, "Número inválido"),
            ({"message": "Número inválido"}, "Número inválido"),
            ({"error": "5511900000001 inválido"}, "<number> inválido"),
            ({}, None),
        ]
        for row, expected in table:
            with self.subTest(row=row):
                self.assertEqual(self._detail({"reference": "m0", **row}), expected)

    def test_an_invalid_number_is_known_by_reference_only(self):
        row = {"phone": 123, "reference": "m1", "error": "x"}
        self.assertEqual(set(results([A, B], invalids=[row])), {"m1"})


class TestOneNumberTwice(unittest.TestCase):
    def test_of_valid_and_duplicate_the_first_is_valid(self):
        double = [{"phone": 11900000001}]
        for reference in ("m0", None):
            with self.subTest(reference=reference):
                valid = {"id": "x", "phone": 11900000001, "reference": reference}
                found = results([A, A], valids=[valid], duplicates=double)
                self.assertEqual(found, {"m0": SENT, "m1": DOUBLE})

    def test_the_reference_says_which_one_was_taken(self):
        valid = {"id": "x", "phone": 11900000001, "reference": "m1"}
        found = results([A, A], valids=[valid], duplicates=[{"phone": 11900000001}])
        self.assertEqual(found, {"m0": DOUBLE, "m1": SENT})

    def test_three_times_and_named_once(self):
        valid = {"id": "x", "phone": 11900000001, "reference": "m0"}
        double = {"phone": 11900000001}
        found = results([A, A, A], valids=[valid], duplicates=double)
        self.assertEqual(found, {"m0": SENT, "m1": DOUBLE, "m2": DOUBLE})

    def test_what_was_accepted_is_never_told_to_be_refused(self):
        valid = {"id": "x", "reference": "m0"}
        for array in ("invalids", "blacklist", "not_disturb", "duplicates"):
            with self.subTest(array=array):
                refusal = {array: [{"phone": 11900000001, "reference": "m0"}]}
                self.assertEqual(results([A], valids=[valid], **refusal), {"m0": SENT})

    def test_two_valid_entries_go_to_two_messages(self):
        rows = [{"id": "x", "phone": 11900000001}, {"id": "y", "phone": 11900000001}]
        found = results([A, A], valids=rows)
        self.assertEqual([each[1] for each in found.values()], ["x", "y"])
