from .native_case import NativeCase
from .test_query_counts import CountingCursor


class TestNativeCosts(NativeCase):
    """Handing over and following cost the same for ten SMS and for a thousand."""

    def counting(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        # Whether his name is read depends on what was read before.
        self.env.user.mapped("login")
        cr = self.env.cr
        counting = CountingCursor(cr._obj)
        cr._obj = counting
        try:
            work()
            self.env.flush_all()
        finally:
            cr._obj = counting.cursor
        return len(counting.statements)

    def rows(self, count):
        values = [
            {"number": f"+55119{n:08d}", "body": f"Olá {n}"}
            for n in range(80_000_000, 80_000_000 + count)
        ]
        return self.env["sms.sms"].create(values)

    def hand_over(self, count):
        rows = self.rows(count)
        contents = {sms.uuid: (sms.number, sms.body) for sms in rows}
        native = self.env["sms.native"]
        return self.counting(lambda: native._hand_over(contents))

    def test_handing_over_a_thousand_takes_as_many_queries_as_ten(self):
        self.hand_over(1)
        self.assertEqual(self.hand_over(10), self.hand_over(1000))

    def follow(self, count):
        rows = self.rows(count)
        rows.send()
        self.run_jobs("_send_batch")
        batches = (
            rows.env["sms.message"]
            .search([("native_uuid", "in", rows.mapped("uuid"))])
            .batch_id
        )
        return self.counting(batches._mirror_statuses)

    def test_following_costs_the_same_for_many(self):
        self.follow(1)
        self.assertEqual(self.follow(30), self.follow(400))
