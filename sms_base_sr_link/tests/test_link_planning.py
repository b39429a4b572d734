from odoo.addons.sms_base_sr.tests.test_query_counts import TestQueryCounts
from odoo.addons.sms_base_sr.tools import segments
from odoo.addons.sms_base_sr.tools.outcomes import NotAttempted

from .link_case import HOST, TARGET, TEXT, LinkCase


class TestLinkPlanning(LinkCase):
    """Each recipient has a link of their own, and no row for it."""

    def test_each_text_holds_a_link_that_names_its_message(self):
        run = self.linked_run(5)
        [tracker] = self.trackers(run)
        for message in self.messages(run):
            [(code, key)] = self.links_in(message)
            self.assertEqual(code, tracker.code)
            number = self.env["link.tracker"]._sms_read_key(code, key)
            self.assertEqual(number, message.id)
            self.assertNotIn(TARGET, message.body)
            self.assertTrue(message.body.startswith(f"Ola Ana: {HOST}/r/{code}/"))

    def test_there_is_one_tracker_however_many_recipients(self):
        before = self.env["link.tracker"].search_count([])
        codes = self.env["link.tracker.code"].search_count([])
        self.linked_run(50)
        self.assertEqual(self.env["link.tracker"].search_count([]), before + 1)
        self.assertEqual(self.env["link.tracker.code"].search_count([]), codes + 1)
        self.assertFalse(self.env["link.tracker.click"].search([]))

    def test_the_tracker_says_campaign_and_medium(self):
        [tracker] = self.trackers(self.linked_run(name="Black Friday"))
        self.assertEqual(tracker.url, TARGET)
        self.assertEqual(tracker.campaign_id.name, "Black Friday")
        self.assertEqual(tracker.medium_id.name, "SMS")
        self.assertIn("utm_campaign=Black+Friday", tracker.redirected_url)

    def test_planned_again_it_is_the_same_tracker(self):
        first = self.linked_run()
        first.action_cancel()
        values = {"text": TEXT, "count_clicks": True, "res_id": first.res_id}
        again = self.new_run(**values)
        again.action_plan()
        self.run_jobs("_plan")
        self.assertEqual(self.trackers(first), self.trackers(again))

    def test_another_campaign_of_the_same_name_has_its_own(self):
        self.assertNotEqual(
            self.trackers(self.linked_run()), self.trackers(self.linked_run())
        )

    def test_segments_and_price_are_those_of_the_text_that_is_sent(self):
        # 120 characters and a link: with the address in it the text would be one SMS.
        run = self.linked_run(2, text="x" * 110 + " " + TARGET)
        for message in self.messages(run):
            measured = segments.measure(message.body)
            self.assertEqual(message.sms_count, measured.segments)
            self.assertEqual(message.char_count, measured.characters)
        lengths = {len(m.body) for m in self.messages(run)}
        self.assertEqual(len(lengths), 1)
        self.assertEqual(
            run.planned_segments, sum(self.messages(run).mapped("sms_count"))
        )

    def test_two_addresses_are_two_links(self):
        run = self.linked_run(2, text=f"{TARGET} e {TARGET}/2")
        self.assertEqual(len(self.trackers(run)), 2)
        for message in self.messages(run):
            codes = {code for code, _key in self.links_in(message)}
            self.assertEqual(len(codes), 2)

    def test_an_address_with_a_variable_in_it_stays(self):
        self.campaign.names |= {"cpf"}
        run = self.linked_run(1, text=f"{TARGET}?l={{{{ limit }}}}")
        self.assertEqual(self.messages(run).body, f"{TARGET}?l=1.234,56")
        self.assertFalse(run.short_links)
        self.assertIn("holds no address", run._read_review()["links"]["problem"])

    def test_without_the_switch_nothing_changes(self):
        run = self.planned_run(1, text=TEXT)
        self.assertEqual(self.messages(run).body, f"Ola Ana: {TARGET}")
        self.assertFalse(run.short_links)
        self.assertIs(run._read_review()["links"], False)

    def test_the_second_text_has_its_links_too(self):
        run = self.linked_run(40, text_b="Oi {{ name }} " + TARGET)
        for message in self.messages(run):
            self.assertEqual(len(self.links_in(message)), 1)
        self.assertEqual(len(self.trackers(run)), 1)

    def test_who_is_left_out_is_stored_all_the_same(self):
        self.campaign.add(False, raw_phone="12")
        run = self.linked_run(2)
        self.assertEqual(run.excluded_counts, {"invalid_number": 1})
        self.assertEqual(len(self.messages(run)), 3)

    def test_a_retry_keeps_the_link(self):
        run = self.linked_run(2)
        run.action_release()
        self.run_jobs("_enqueue_batches")
        batch = run.batch_ids
        self.gateway.answers = [NotAttempted("connection", "refused")] * 20
        batch.tries = 100
        self.run_batch(batch)
        self.summary(run)
        run.action_try_again()
        self.run_jobs("_retry_batches")
        for retry in self.messages(run).filtered("retry_of_id"):
            self.assertEqual(retry.body, retry.retry_of_id.body)

    # -- what the manager is told ------------------------------------------------------

    def test_the_review_says_what_a_link_costs(self):
        [link] = self.linked_run()._read_review()["links"]["links"]
        self.assertEqual(link["url"], TARGET)
        self.assertTrue(link["short"].startswith(f"{HOST}/r/"))
        self.assertEqual(link["length"], len(link["short"]))
        self.assertEqual(link["more"], len(link["short"]) - len(TARGET))

    def test_it_warns_of_an_address_that_nobody_reaches(self):
        cases = [
            ("https://s.example.com.br", ""),
            ("s.example.com.br", ""),
            ("http://s.example.com.br", "https"),
            ("http://localhost:8069", "nobody"),
            ("127.0.0.1", "nobody"),
        ]
        for host, expected in cases:
            self.company.sms_link_host = host
            problem = self.linked_run()._read_review()["links"]["problem"]
            with self.subTest(host=host):
                if expected:
                    self.assertIn(expected, problem)
                else:
                    self.assertEqual(problem, "")

    def test_without_a_setting_it_is_the_address_of_the_webhooks(self):
        self.company.sms_link_host = False
        self.provider.webhook_base_url = "https://odoo.example.com.br/"
        run = self.linked_run()
        [link] = run.short_links.values()
        self.assertTrue(link["prefix"].startswith("https://odoo.example.com.br/r/"))


class TestLinkQueries(TestQueryCounts, LinkCase):
    """Links cost a statement a page, not one a contact."""

    def new_run(self, **values):
        values = {"text": TEXT, "count_clicks": True, **values}
        run = super().new_run(**values)
        if values.get("state") == "planning":
            run.short_links = run._make_short_links()
        return run

    def test_a_page_with_links_costs_one_statement_more(self):
        self.planning(1)
        linked = self.planning(300)
        self.patch(type(self.env["sms.run"]), "_make_short_links", lambda run: {})
        self.assertEqual(linked, self.planning(300) + 1)
