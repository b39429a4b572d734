"""References: unique, ordered, well-formed."""

import threading
import time
import unittest
import uuid

from odoo.addons.sms_base_sr.tools.uuid7 import new_reference, new_references


class TestReferences(unittest.TestCase):
    def test_a_reference_is_a_version_7_uuid_of_36_characters(self):
        for reference in [new_reference(), *new_references(3)]:
            with self.subTest(reference=reference):
                self.assertEqual(len(reference), 36)
                self.assertEqual(str(uuid.UUID(reference)), reference)
                self.assertEqual(uuid.UUID(reference).version, 7)

    def test_fifty_thousand_references_are_all_different_and_in_order(self):
        references = new_references(50000)
        self.assertEqual(len(set(references)), 50000)
        self.assertEqual(references, sorted(references))

    def test_single_references_are_in_order_too(self):
        references = [new_reference() for _ in range(1000)]
        self.assertEqual(references, sorted(set(references)))

    def test_threads_never_get_the_same_one(self):
        found = []
        threads = [
            threading.Thread(target=lambda: found.extend(new_references(2000)))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(set(found)), 16000)

    def test_no_references_are_no_error(self):
        self.assertEqual(new_references(0), [])

    def test_all_bits_but_time_version_and_variant_are_random(self):
        numbers = [uuid.UUID(reference).int for reference in new_references(200)]
        changing = (1 << 74) - 1
        seen_one = seen_zero = 0
        for number in numbers:
            self.assertEqual(number >> 76 & 0xF, 7)
            self.assertEqual(number >> 62 & 0b11, 0b10)
            bits = (number >> 64 & 0xFFF) << 62 | number & (1 << 62) - 1
            seen_one |= bits
            seen_zero |= ~bits & changing
        self.assertEqual((seen_one, seen_zero), (changing, changing))

    def test_they_begin_with_the_time(self):
        [reference] = new_references(1)
        moment = (uuid.UUID(reference).int >> 80) / 1000
        self.assertLess(abs(moment - time.time()), 3600)
