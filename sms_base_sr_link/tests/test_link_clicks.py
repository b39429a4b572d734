from .link_case import LinkCase


class TestClicks(LinkCase):
    """A click is a row of its own; the counters' job adds them up."""

    def test_a_click_says_which_link_and_who(self):
        run = self.linked_run()
        message = self.messages(run)[1]
        self.click(message)
        click = self.clicks(run)
        self.assertEqual(click.link_id, self.trackers(run))
        self.assertEqual(click.campaign_id, self.trackers(run).campaign_id)
        self.assertEqual(click.sms_message_id, message)
        self.assertFalse(click.ip)

    def test_cores_own_figure_follows_with_the_counters(self):
        run = self.linked_run()
        self.click(*self.messages(run)[:2])
        tracker = self.trackers(run)
        self.assertEqual(tracker.count, 0)
        self.summary(run)
        self.assertEqual(tracker.count, 2)
        tracker.link_click_ids.invalidate_recordset()
        self.env.add_to_compute(tracker._fields["count"], tracker)
        self.assertEqual(tracker.count, 2, "as core counts")

    def test_who_comes_back_is_one_customer(self):
        run = self.linked_run()
        first, second, _third = self.messages(run)
        self.click(first, first, second)
        counters = self.env["sms.run.click"]
        self.summary(run)
        found = counters.search([("run_id", "=", run.id)])
        self.assertEqual((found.clicked, found.clicks), (2, 3))
        self.click(first)
        self.summary(run)
        found = counters.search([("run_id", "=", run.id)])
        self.assertEqual((found.clicked, found.clicks), (2, 4))

    def test_a_click_changes_no_row_that_others_share(self):
        run = self.linked_run()
        [(code, _key)] = self.links_in(self.messages(run)[0])
        tracker = self.env["link.tracker"]._sms_of_code(code)
        self.env.flush_all()
        query = "SELECT xmin::text FROM {} WHERE id = %s"
        watched = [("link_tracker", tracker.id), ("sms_run", run.id)]
        watched.append(("sms_message", self.messages(run)[0].id))

        def versions():
            for table, number in watched:
                self.env.cr.execute(query.format(table), [number])
                yield self.env.cr.fetchone()

        self.env.cr.execute("SAVEPOINT click")
        before = list(versions())
        tracker._sms_click(self.messages(run)[0].id)
        self.env.flush_all()
        self.assertEqual(list(versions()), before)

    def test_the_click_of_nobodys_link_is_not_noted(self):
        run = self.linked_run()
        for number in (0, 2**31 - 1):
            self.trackers(run)._sms_click(number)
        self.assertFalse(self.clicks(run))

    def test_a_deleted_message_takes_no_click_with_it(self):
        run = self.linked_run()
        message = self.messages(run)[0]
        self.click(message)
        click = self.clicks(run)
        message.unlink()
        self.env.invalidate_all()
        self.assertTrue(click.exists())
        self.assertFalse(click.sms_message_id)
        self.assertEqual(click.sms_run_id, run)

    def test_another_companys_clicks_are_nobodys(self):
        run = self.linked_run()
        self.click(self.messages(run)[0])
        mine = self.clicks(run).with_user(self.manager)
        self.assertTrue(mine.search([("id", "in", mine.ids)]))
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.cr.execute(
            "UPDATE sms_run SET company_id = %s WHERE id = %s", [elsewhere.id, run.id]
        )
        self.env.invalidate_all()
        self.assertFalse(mine.search([("id", "in", mine.ids)]))
