"""How long a campaign takes: a table with answers worked out by hand."""

import unittest

from odoo.addons.sms_base_sr.tools.duration import expected_seconds

# calls, allowed in a period, seconds of a period, seconds of a call, calls at once
TABLE = [
    ((0, 500, 60, 2, 2), 0),
    ((-1, 500, 60, 2, 2), 0),
    ((1, 500, 60, 2, 2), 2),
    ((2, 500, 60, 2, 2), 2),
    ((3, 500, 60, 2, 2), 4),
    ((1000, 500, 60, 2, 2), 1000),  # the gateway's speed counts
    ((10, 10, 60, 1, 1), 10),
    ((11, 10, 60, 1, 1), 61),  # one more than a period allows
    ((20, 10, 60, 1, 1), 70),
    ((21, 10, 60, 1, 1), 121),
    ((5, 1, 60, 2, 2), 242),
    ((3, 0, 60, 1, 0), 121),  # nonsense counts as one
]


class TestDuration(unittest.TestCase):
    def test_each_campaign_of_the_table_takes_its_time(self):
        for arguments, seconds in TABLE:
            with self.subTest(arguments=arguments):
                self.assertEqual(expected_seconds(*arguments), seconds)

    def test_more_calls_never_take_less(self):
        times = [expected_seconds(n, 7, 60, 1.5, 2) for n in range(60)]
        self.assertEqual(times, sorted(times))
