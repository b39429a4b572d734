from .link_case import LinkCase


class TestPrivacy(LinkCase):
    """Clicks are told to who asks, and counted when nobody knows whose they were."""

    def test_clicks_are_in_the_report_and_stay_counted(self):
        run = self.linked_run()
        run.action_release()
        self.run_jobs("_enqueue_batches", "_send_batch")
        message = self.messages(run)[0]
        self.click(message)
        persons = self.env["sms.person"]
        person = persons._find(self.company, [message.phone], self.env["res.partner"])
        found = {place.model: rows for place, rows in persons._rows_of(person)}
        self.assertEqual(len(found["link.tracker.click"]), 1)
        self.env["sms.erasure"]._begin(person, "", False)
        self.env.invalidate_all()
        self.summary(run)
        counted = self.env["sms.run.click"].search([("run_id", "=", run.id)])
        self.assertEqual((counted.clicked, counted.clicks), (1, 1))
