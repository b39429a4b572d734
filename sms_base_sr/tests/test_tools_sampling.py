from unittest import TestCase

from odoo.addons.sms_base_sr.tools import sampling


class TestSampling(TestCase):
    """What a sample says is never more exact than it is."""

    def test_all_that_were_looked_at_count_as_they_are(self):
        self.assertEqual(sampling.Share(7, 7, True).of(3), 3)

    def test_of_a_sample_two_digits_count(self):
        share = sampling.Share(500, 12345, False)
        for count, told in ((0, 0), (1, 25), (250, 6200), (500, 12000)):
            with self.subTest(count):
                self.assertEqual(share.of(count), told)

    def test_an_empty_sample_says_nothing(self):
        self.assertEqual(sampling.Share(0, 900, False).of(0), 0)
